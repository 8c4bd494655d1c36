import { describe, expect, it } from 'vitest';
import { StoreError } from '../errors.ts';
import { heldAdapter } from './held-adapter.test-kit.ts';
import {
  addresses,
  answerAll,
  emailTo,
  MINUTE,
  NOT_SENT,
  openSalon,
  sendAll,
  until,
} from './salon.test-kit.ts';

describe('a message sent in the process of its worker', () => {
  it('leaves at once: nothing waits for a clock', async () => {
    const { posthorn, sent } = await openSalon();
    await posthorn.start();
    await posthorn.send(emailTo('anna@example.dk'));
    await until(() => sent.length === 1);
  });

  it('is tried again at its time, and counted', async () => {
    const { posthorn, email, settled, advance, sent } = await openSalon();
    email.answer('anna@example.dk', 'deferred', 'deferred');
    const { id } = await posthorn.send(emailTo('anna@example.dk'));
    await settled();
    await advance(14_000);
    expect(email.handedOver).toHaveLength(1);
    await advance(10 * MINUTE);
    expect(sent.map(({ attempt }) => attempt)).toEqual([3]);
    expect(await posthorn.messages.get(id)).toMatchObject({ status: 'accepted', attempts: 3 });
  });

  it('is never tried again where it may have arrived', async () => {
    const { posthorn, email, settled, advance } = await openSalon();
    email.answer('anna@example.dk', 'unknown');
    const { id } = await posthorn.send(emailTo('anna@example.dk'));
    await settled();
    await advance(10 * 24 * 60 * MINUTE);
    expect(await posthorn.messages.get(id)).toMatchObject({ status: 'unknown', attempts: 1 });
    expect(email.handedOver).toHaveLength(1);
  });

  it('is not tried again where it was canceled while it was being handed over', async () => {
    const held = heldAdapter();
    const test = await openSalon({ adapters: [held] });
    await test.posthorn.start();
    const { id } = await test.posthorn.send(emailTo('anna@example.dk'));
    await until(() => held.waiting.length === 1);
    expect(await test.posthorn.messages.cancel(id)).toBe('too_late');
    held.answer('anna@example.dk', NOT_SENT);
    await test.settled();
    await test.advance(60 * MINUTE);
    expect(await test.posthorn.messages.get(id)).toMatchObject({ status: 'canceled', attempts: 1 });
    expect(held.batches).toEqual([1]);
  });
});

describe('an account', () => {
  it('has never more in doubt than its window, and batches as large as it takes', async () => {
    const held = heldAdapter({ window: 5, maxBatch: 3 });
    const test = await openSalon({ adapters: [held] });
    await test.posthorn.start();
    await sendAll(test, addresses(12));
    await until(() => held.waiting.length === 5);
    const { items } = await test.posthorn.messages.list({ limit: 100 });
    expect(items.filter(({ status }) => status === 'sending')).toHaveLength(5);
    await answerAll(held);
    await test.settled();
    expect(held.most()).toBe(5);
    expect(Math.max(...held.batches)).toBeLessThanOrEqual(3);
    expect((await test.posthorn.messages.list({ status: 'accepted', limit: 100 })).items).toHaveLength(12);
  });

  it('is refilled by many at a time, though they come back one by one: each time is a commit', async () => {
    const held = heldAdapter({ window: 40, maxBatch: 40 });
    const test = await openSalon({ adapters: [held] });
    await test.posthorn.start();
    await sendAll(test, addresses(120));
    await answerAll(held);
    await test.settled();
    expect(held.batches.reduce((sum, size) => sum + size)).toBe(120);
    // The first 40, then 30 and more at a time; on a machine that is very busy a moment passes in between.
    expect(held.batches.length).toBeLessThan(20);
  });

  it('writes down in a moment what came back, though the others hang', async () => {
    const held = heldAdapter({ window: 40, maxBatch: 40 });
    const test = await openSalon({ adapters: [held] });
    await test.posthorn.start();
    await sendAll(test, addresses(40));
    await until(() => held.waiting.length === 40);
    held.answer();
    await until(async () => (await test.posthorn.messages.list({ status: 'accepted' })).items.length === 1);
    expect(held.waiting).toHaveLength(39);
    await answerAll(held);
  });

  it('with wrong credentials is paused, once; its messages stay queued with no attempt spent, and go on', async () => {
    const { posthorn, email, settled, advance, sent } = await openSalon();
    const pauses: string[] = [];
    posthorn.on('account.paused', ({ reason, message }) => pauses.push(`${reason}: ${message}`));
    for (const address of addresses(30)) email.answer(address, 'credentials');
    await posthorn.send({ ...emailTo(''), to: addresses(30).map((address) => ({ email: address })) });
    await settled();
    await advance(60 * MINUTE);
    expect(pauses).toEqual([
      'credentials: The credentials were refused: 535 5.7.8 Wrong user name or password.',
    ]);
    expect(email.handedOver.length, 'no more than were on their way').toBeLessThanOrEqual(10);
    const { items: waiting } = await posthorn.messages.list({ status: 'queued', limit: 100 });
    expect(waiting.map(({ attempts }) => attempts)).toEqual(Array.from({ length: 30 }, () => 0));
    email.acceptAll();
    await posthorn.accounts.resume('test-email');
    await settled();
    expect(sent).toHaveLength(30);
    expect(new Set(sent.map(({ attempt }) => attempt))).toEqual(new Set([1]));
  });

  it('that is mended sends on, though something of before still hangs', async () => {
    const held = heldAdapter();
    const test = await openSalon({ adapters: [held] });
    await test.posthorn.start();
    const pauses: string[] = [];
    test.posthorn.on('account.paused', ({ account }) => pauses.push(account));
    await sendAll(test, addresses(2));
    await until(() => held.waiting.length === 2);
    held.answer('anna0@example.dk', {
      status: 'refused',
      retryable: true,
      failure: { category: 'credentials', fault: 'sender', phase: 'auth', reply: { text: 'Wrong.' } },
    });
    await until(() => pauses.length === 1);
    await test.posthorn.accounts.resume('held');
    await test.posthorn.send(emailTo('berta@example.dk'));
    await until(() => held.waiting.includes('berta@example.dk'));
    await answerAll(held);
    await test.settled();
    expect((await test.posthorn.messages.list({ status: 'accepted' })).items).toHaveLength(3);
  });

  it('that hangs holds up nobody else', async () => {
    const dead = heldAdapter({}, NOT_SENT, 'dead');
    const test = await openSalon({ adapters: [dead] });
    await test.posthorn.identities.save({
      key: 'other',
      channel: 'email',
      address: 'b@x.dk',
      account: 'test-email',
    });
    await test.posthorn.start();
    await Promise.all(addresses(200).map((address) => test.posthorn.send(emailTo(address))));
    await until(() => dead.waiting.length === 5);
    await test.posthorn.send({ ...emailTo('berta@example.dk'), identity: 'other' });
    await until(() => test.sent.length === 1);
  });

  it('that cannot be read while the store does not answer is tried again in a second', async () => {
    const account = heldAdapter();
    let isAnswering = false;
    const adapter: typeof account = {
      ...account,
      open(settings, runtime) {
        if (!isAnswering) throw new StoreError('store_busy', 'The database does not answer.');
        return account.open(settings, runtime);
      },
    };
    const test = await openSalon({ adapters: [adapter] });
    const { id } = await test.posthorn.send(emailTo('anna@example.dk'));
    await test.settled();
    isAnswering = true;
    test.clock.advance(2_000);
    await answerAll(account);
    await test.settled();
    expect(await test.posthorn.messages.get(id)).toMatchObject({ status: 'accepted', attempts: 1 });
  });

  it('that cannot be opened keeps its messages waiting', async () => {
    const broken = heldAdapter();
    let isBroken = true;
    const adapter: typeof broken = {
      ...broken,
      open(settings, runtime) {
        if (isBroken) throw new Error('no such settings');
        return broken.open(settings, runtime);
      },
    };
    const test = await openSalon({ adapters: [adapter] });
    const { id } = await test.posthorn.send(emailTo('anna@example.dk'));
    await test.settled();
    expect(await test.posthorn.messages.get(id)).toMatchObject({ status: 'queued', attempts: 0 });
    isBroken = false;
    test.clock.advance(MINUTE);
    await answerAll(broken);
    await test.settled();
    expect(await test.posthorn.messages.get(id)).toMatchObject({ status: 'accepted', attempts: 1 });
  });
});
