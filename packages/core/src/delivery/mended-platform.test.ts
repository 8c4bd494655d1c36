import { recordingAdapter } from '@posthorn/testing';
import { describe, expect, it } from 'vitest';
import type { AnyAdapter, Verification } from '../ports/index.ts';
import { emailTo, MINUTE, openSalon, passing, until } from './salon.test-kit.ts';

type Verify = (signal: AbortSignal) => Promise<Verification>;

const works: Verify = async () => ({ ok: true, message: 'It works.', steps: [] });
const refuses: Verify = async () => ({ ok: false, message: 'Wrong password.', steps: [] });
/** Not even an abort has it answer. */
const hangs: Verify = () => new Promise(() => undefined);

/** A salon with a message that waits, as the platform's account was paused for its credentials; nobody works its queue. */
async function pausedSalon() {
  const logged: string[] = [];
  const note = (message: string): void => {
    logged.push(message);
  };
  const email = recordingAdapter({ channel: 'email', key: 'mail' });
  const server = { verify: works, verified: 0 };
  const adapter: AnyAdapter = {
    ...email,
    open: () => ({
      ...email.open({}, { clock: test.clock, log }),
      verify: ({ signal }: { readonly signal: AbortSignal }) => {
        server.verified += 1;
        return server.verify(signal);
      },
    }),
  };
  const log = { debug: note, info: note, warn: note, error: note };
  const test = await openSalon({ adapters: [adapter], log });
  const { posthorn } = test;
  const events: string[] = [];
  posthorn.on('account.paused', ({ tenant, reason }) => events.push(`paused ${tenant} ${reason}`));
  posthorn.on('account.resumed', ({ tenant, account }) => events.push(`resumed ${tenant} ${account}`));
  email.answer('anna@example.dk', 'credentials');
  await posthorn.send({ ...emailTo('anna@example.dk'), wait: 'accepted' });
  expect(events.splice(0)).toEqual(['paused $platform credentials']);
  expect(server.verified).toBe(0);
  logged.splice(0);
  return { test, posthorn, email, server, events, logged };
}

describe("a platform's account that was paused for its credentials", () => {
  it('goes on when a worker is started and its settings work', async () => {
    const { posthorn, email, events, logged } = await pausedSalon();
    await posthorn.start();
    await until(() => email.sent.length === 1);
    expect(events).toEqual(['resumed $platform mail']);
    expect(await posthorn.accounts.get('mail')).toMatchObject({ paused: null });
    expect(logged).toEqual([]);
  });

  it('goes on in a drain, which waits for the trial', async () => {
    const { test, posthorn, email, events } = await pausedSalon();
    expect(await passing(test, 25, posthorn.drain({ maxMs: MINUTE }))).toEqual({ finished: true });
    expect(email.sent).toHaveLength(1);
    expect(events).toEqual(['resumed $platform mail']);
  });

  it('stays paused where they do not, and the log says so; it is tried once', async () => {
    const { test, posthorn, server, events, logged } = await pausedSalon();
    server.verify = refuses;
    await posthorn.start();
    await until(() => logged.length > 0);
    await posthorn.start();
    await test.advance(MINUTE);
    expect(await posthorn.accounts.get('mail')).toMatchObject({ paused: { reason: 'credentials' } });
    expect([events, server.verified, logged.length]).toEqual([[], 1, 1]);
  });

  it('stays paused where the trial throws: the worker works all the same', async () => {
    const { test, posthorn, server, logged } = await pausedSalon();
    server.verify = () => {
      throw new Error('No such server.');
    };
    await posthorn.start();
    await until(() => logged.length > 0);
    await posthorn.identities.save({ key: 'b', channel: 'email', address: 'b@x.dk', account: 'test-email' });
    await posthorn.send({ ...emailTo('bo@example.dk'), identity: 'b' });
    await test.settled();
    expect(test.sent).toHaveLength(1);
    expect(await posthorn.accounts.get('mail')).toMatchObject({ paused: { reason: 'credentials' } });
  });

  it('is not tried where a person paused it', async () => {
    const { test, posthorn, server } = await pausedSalon();
    await posthorn.accounts.pause('mail');
    await posthorn.start();
    await test.advance(MINUTE);
    expect(server.verified).toBe(0);
    expect(await posthorn.accounts.get('mail')).toMatchObject({ paused: { reason: 'by_hand' } });
  });

  it('stays paused where a person pauses it while it is tried', async () => {
    const { test, posthorn, server, events } = await pausedSalon();
    server.verify = async (signal) => {
      await posthorn.accounts.pause('mail');
      return works(signal);
    };
    expect(await passing(test, 25, posthorn.drain({ maxMs: MINUTE }))).toEqual({ finished: true });
    expect(events).toEqual(['paused $platform by_hand']);
  });

  it('holds up neither the start nor the stop, nor a drain beyond its time', async () => {
    const { test, posthorn, server, logged } = await pausedSalon();
    server.verify = hangs;
    const begunAt = test.clock.now();
    const drain = passing(test, 100, posthorn.drain({ maxMs: 1_000 }));
    expect(await drain).toEqual({ finished: true });
    await posthorn.start();
    await until(() => server.verified === 2);
    await passing(test, 100, posthorn.close());
    expect(test.clock.now() - begunAt).toBeLessThan(MINUTE);
    expect(logged).toEqual([]);
  });
});
