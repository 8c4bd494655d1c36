import { describe, expect, it } from 'vitest';
import { addresses, emailTo, MINUTE, openSalon, passing, sendAll } from './salon.test-kit.ts';
import { timedAdapter } from './timed-adapter.test-kit.ts';

const HOUR = 60 * MINUTE;

/** A salon whose emails leave by the platform's account, sixty a minute. */
async function limitedSalon(perMinute = 60) {
  const server = timedAdapter('server');
  const test = await openSalon({ adapters: [server], limits: { server: { perMinute } } });
  return { ...test, test, server };
}

/** A salon whose emails leave by an account of its own. */
async function ownServerSalon(limits: { readonly perHour?: number } | undefined) {
  const server = timedAdapter('server');
  const test = await openSalon({ adapters: [server] });
  const { posthorn } = test;
  const own = { key: 'own', adapter: 'server', settings: {} };
  await posthorn.accounts.save({ ...own, limits });
  await posthorn.identities.save({
    key: 'salon',
    channel: 'email',
    address: 'hej@salonsol.dk',
    account: 'own',
  });
  return { ...test, test, server, own };
}

describe('an account with a limit of 60 a minute', () => {
  it('sends everything, never more than 60 in any minute, and not much slower than it may', async () => {
    const { test, server, clock, settled, advance, posthorn } = await limitedSalon();
    const begunAt = clock.now();
    await sendAll(test, addresses(200));
    await settled();
    expect(server.handedOver).toHaveLength(60);
    await advance(4 * MINUTE);
    expect(server.handedOver).toHaveLength(200);
    expect(server.most(MINUTE)).toBe(60);
    expect(Math.max(...server.times) - begunAt).toBeLessThan(3 * MINUTE + 10_000);
    expect((await posthorn.messages.list({ status: 'accepted', limit: 500 })).items).toHaveLength(200);
  });

  it('counts attempts: one that is refused and tried again uses two', async () => {
    const { test, server, advance } = await limitedSalon(10);
    for (const address of addresses(30)) server.answer(address, 'unreachable', 'unreachable');
    await sendAll(test, addresses(30));
    await advance(HOUR);
    expect([server.handedOver.length, server.sent.length]).toEqual([90, 30]);
    expect(server.most(MINUTE)).toBe(10);
  });

  it('spends no attempt on what has to wait, and it can be canceled meanwhile', async () => {
    const { test, server, settled, advance, posthorn } = await limitedSalon(5);
    const messages = await sendAll(test, addresses(8));
    await settled();
    const { items: waiting } = await posthorn.messages.list({ status: 'queued' });
    expect(waiting.map(({ attempts }) => attempts)).toEqual([0, 0, 0]);
    const [first] = waiting;
    expect(await posthorn.messages.cancel(first?.id ?? '')).toBe('canceled');
    await advance(2 * MINUTE);
    expect(server.handedOver).toHaveLength(messages.length - 1);
  });

  it('keeps nobody else waiting', async () => {
    const { test, settled, sent, posthorn } = await limitedSalon(5);
    await posthorn.identities.save({
      key: 'other',
      channel: 'email',
      address: 'b@x.dk',
      account: 'test-email',
    });
    await sendAll(test, addresses(400));
    await posthorn.send({ ...emailTo('berta@example.dk'), identity: 'other' });
    await settled();
    expect(sent).toHaveLength(1);
  });

  it('has a drain end when only its limit keeps messages waiting', async () => {
    const { test, server, posthorn } = await limitedSalon(5);
    await sendAll(test, addresses(8));
    expect(await passing(test, 25, posthorn.drain({ maxMs: 10_000 }))).toEqual({ finished: true });
    expect(server.handedOver).toHaveLength(5);
  });

  it('does not keep a caller who waits for the answer', async () => {
    const { test, settled, posthorn } = await limitedSalon(5);
    await sendAll(test, addresses(5));
    await settled();
    const message = await passing(test, 25, posthorn.send({ ...emailTo('anna@x.dk'), wait: 'accepted' }));
    expect(message).toMatchObject({ status: 'queued', attempts: 0 });
  });

  it('keeps the limit for all tenants together', async () => {
    const { settled, advance, server, posthorn } = await limitedSalon(10);
    for (const name of ['luna', 'sol']) {
      const tenant = posthorn.tenant(name);
      await tenant.identities.save({ key: 'salon', channel: 'email', address: 'a@b.dk', account: 'server' });
      await tenant.send({ ...emailTo(''), to: addresses(20).map((email) => ({ email })) });
    }
    await settled();
    expect(server.handedOver).toHaveLength(10);
    await advance(5 * MINUTE);
    expect([server.handedOver.length, server.most(MINUTE)]).toEqual([40, 10]);
  });
});

describe('while messages wait for a limit of a company’s own account', () => {
  it('a limit that is raised lets more leave at once', async () => {
    const { test, server, own, settled, advance, posthorn } = await ownServerSalon({ perHour: 10 });
    await sendAll(test, addresses(30));
    await settled();
    expect(server.handedOver).toHaveLength(10);
    await posthorn.accounts.save({ ...own, limits: { perHour: 25 } });
    await advance(2_000);
    expect(server.handedOver).toHaveLength(25);
    await advance(30 * MINUTE);
    expect(server.handedOver).toHaveLength(25);
    await advance(31 * MINUTE);
    expect([server.handedOver.length, server.most(HOUR)]).toEqual([30, 25]);
  });

  it('a limit that is taken away lets all leave at once', async () => {
    const { test, server, own, settled, advance, posthorn } = await ownServerSalon({ perHour: 10 });
    await sendAll(test, addresses(30));
    await settled();
    await posthorn.accounts.save(own);
    await advance(2_000);
    expect(server.handedOver).toHaveLength(30);
  });

  it('a limit that is lowered holds from now on', async () => {
    const { test, server, own, settled, advance, posthorn } = await ownServerSalon({ perHour: 10 });
    await sendAll(test, addresses(30));
    await settled();
    await posthorn.accounts.save({ ...own, limits: { perHour: 4 } });
    await advance(62 * MINUTE);
    expect(server.handedOver).toHaveLength(14);
    expect(server.most(HOUR)).toBe(10);
  });

  it('a pause holds beyond the time at which there is room again, and its end does not lift the limit', async () => {
    const { test, server, settled, advance, posthorn } = await ownServerSalon({ perHour: 10 });
    await sendAll(test, addresses(30));
    await settled();
    await posthorn.accounts.pause('own');
    await advance(3 * HOUR);
    expect(server.handedOver).toHaveLength(10);
    await posthorn.accounts.resume('own');
    await advance(2_000);
    expect(server.handedOver).toHaveLength(20);
    await advance(2 * HOUR);
    expect([server.handedOver.length, server.most(HOUR)]).toEqual([30, 10]);
  });

  it('a pause and its end within the time open nothing earlier', async () => {
    const { test, server, settled, advance, posthorn } = await ownServerSalon({ perHour: 10 });
    await sendAll(test, addresses(30));
    await settled();
    await posthorn.accounts.pause('own');
    await posthorn.accounts.resume('own');
    await advance(30 * MINUTE);
    expect(server.handedOver).toHaveLength(10);
  });

  it('the account cannot be removed', async () => {
    const { test, settled, posthorn } = await ownServerSalon({ perHour: 10 });
    await sendAll(test, addresses(30));
    await settled();
    await posthorn.identities.save({ key: 'b', channel: 'email', address: 'b@x.dk', default: true });
    await posthorn.identities.save({ key: 'salon', channel: 'email', address: 'hej@salonsol.dk' });
    await expect(posthorn.accounts.remove('own')).rejects.toMatchObject({ code: 'account_in_use' });
  });
});

it('an account that is removed and saved anew, without its limits, sends at once', async () => {
  const { test, server, own, settled, posthorn } = await ownServerSalon({ perHour: 10 });
  await sendAll(test, addresses(10));
  await settled();
  await posthorn.identities.save({ key: 'salon', channel: 'email', address: 'hej@salonsol.dk' });
  await posthorn.accounts.remove('own');
  await posthorn.accounts.save(own);
  await posthorn.identities.save({
    key: 'salon',
    channel: 'email',
    address: 'hej@salonsol.dk',
    account: 'own',
  });
  await sendAll(test, addresses(5));
  await settled();
  expect(server.handedOver).toHaveLength(15);
});
