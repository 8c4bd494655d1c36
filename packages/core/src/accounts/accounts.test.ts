import { describe, expect, it } from 'vitest';
import { scopeOf } from '../memory-store.test-kit.ts';
import { accountsOf, OWN, SETTINGS } from './fake-adapter.test-kit.ts';
import { createAccounts } from './index.ts';

describe('pausing by hand', () => {
  it('stays through a save, until it is resumed', async () => {
    const { accounts } = accountsOf('sol');
    await accounts.save(OWN);
    expect(await accounts.pause('own-server', { message: 'Moving house.' })).toMatchObject({
      paused: { reason: 'by_hand', message: 'Moving house.' },
    });
    expect(await accounts.save(OWN)).toMatchObject({ paused: { reason: 'by_hand' } });
    expect(await accounts.resume('own-server')).toMatchObject({ paused: null });
  });

  it('of an account that is not there is an error that names those that are', async () => {
    const { accounts } = accountsOf('sol');
    await accounts.save(OWN);
    for (const call of [
      accounts.pause('own-servr'),
      accounts.resume('own-servr'),
      accounts.verify('own-servr'),
    ]) {
      await expect(call).rejects.toMatchObject({
        code: 'unknown_account',
        message: expect.stringContaining('"own-server"'),
      });
    }
  });
});

describe('the platform’s account', () => {
  it('is seen by every tenant without its settings, and worked on by none', async () => {
    const { accounts } = accountsOf('sol');
    expect(await accounts.list()).toEqual([
      expect.objectContaining({ key: 'mail', platform: true, settings: {}, hasSecrets: [], paused: null }),
    ]);
    for (const call of [accounts.pause('mail'), accounts.resume('mail'), accounts.verify('mail')]) {
      await expect(call).rejects.toMatchObject({ code: 'account_key_reserved' });
    }
    await expect(accounts.remove('mail')).rejects.toMatchObject({ code: 'account_key_reserved' });
  });

  it('is paused for all by the host', async () => {
    const { context, accounts } = accountsOf('sol');
    const host = createAccounts(context, scopeOf('default'));
    expect(await host.verify('mail')).toMatchObject({ ok: true });
    expect(await host.pause('mail')).toMatchObject({ platform: true, paused: { reason: 'by_hand' } });
    expect(await accounts.get('mail')).toMatchObject({ paused: { reason: 'by_hand' } });
    expect(await host.resume('mail')).toMatchObject({ paused: null });
  });
});

describe('verifying', () => {
  it('tells in words what is wrong', async () => {
    const { accounts } = accountsOf('sol');
    await accounts.save({ ...OWN, settings: { ...SETTINGS, password: 'wrong' } });
    expect(await accounts.verify('own-server')).toMatchObject({ ok: false, message: 'Wrong password.' });
  });

  it('does not wait for ever, and can be given up', async () => {
    const { accounts, context, adapter } = accountsOf('sol');
    await accounts.save({ ...OWN, settings: { ...SETTINGS, host: 'silent.example' } });
    const waiting = accounts.verify('own-server');
    await opened(adapter.opened, 1);
    context.clock.advance(60_000);
    expect(await waiting).toMatchObject({ ok: false, message: 'The server said nothing.' });

    const controller = new AbortController();
    const given = accounts.verify('own-server', { signal: controller.signal });
    await opened(adapter.opened, 2);
    controller.abort(new Error('changed my mind'));
    await expect(given).rejects.toThrow('changed my mind');
    expect(adapter.opened.every(({ closed }) => closed === 1)).toBe(true);
  });
});

it('removes an account, but not one that an identity names', async () => {
  const { accounts, context } = accountsOf('sol');
  await accounts.save(OWN);
  const { store } = await context.open();
  const identity = {
    tenant: 'sol',
    channel: 'email',
    key: 'salon',
    name: null,
    address: 'a@b.dk',
    replyTo: null,
  } as const;
  const marks = { account: 'own-server', isDefault: true, isContact: true, createdAt: 1, updatedAt: 1 };
  await store.identities.save({ ...identity, ...marks });
  await expect(accounts.remove('own-server')).rejects.toMatchObject({
    code: 'account_in_use',
    message: expect.stringContaining('identity'),
  });
  await store.identities.remove('sol', 'email', 'salon');
  expect(await accounts.remove('own-server')).toBe(true);
  expect(await accounts.remove('own-server')).toBe(false);
  expect(await accounts.get('own-server')).toBeNull();
});

it('is another tenant’s business only', async () => {
  const { accounts, context } = accountsOf('sol');
  await accounts.save(OWN);
  const luna = createAccounts(context, scopeOf('luna'));
  expect(await luna.get('own-server')).toBeNull();
  expect(await luna.list()).toHaveLength(1);
  expect(await luna.remove('own-server')).toBe(false);
  await expect(luna.pause('own-server')).rejects.toMatchObject({ code: 'unknown_account' });
  expect(await accounts.get('own-server')).toMatchObject({ paused: null });
});

it('a key that is no text is an input error', async () => {
  const { accounts } = accountsOf('sol');
  for (const key of [undefined, null, 7, {}, ['own-server'], 'x'.repeat(1_000_000)]) {
    await expect(accounts.get(key as never)).rejects.toMatchObject({ code: 'invalid_input', path: 'key' });
    await expect(accounts.remove(key as never)).rejects.toMatchObject({ code: 'invalid_input', path: 'key' });
    await expect(accounts.pause(key as never)).rejects.toMatchObject({ code: 'invalid_input', path: 'key' });
  }
});

/** Until so many transports were opened. */
async function opened(transports: readonly unknown[], count: number): Promise<void> {
  while (transports.length < count) await Promise.resolve();
}
