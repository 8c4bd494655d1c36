import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { emptyRows, memoryContext, scopeOf } from '../memory-store.test-kit.ts';
import { accountsOf, adaptersOf, fakeAdapter, OWN, SETTINGS } from './fake-adapter.test-kit.ts';
import { createAccounts, pauseAccount } from './index.ts';

describe('saving an account', () => {
  it('answers it without its secrets, and names which are set', async () => {
    const { accounts, context } = accountsOf('sol');
    const saved = await accounts.save({ ...OWN, label: 'Our server' });
    expect(saved).toMatchObject({
      key: 'own-server',
      channel: 'email',
      label: 'Our server',
      settings: { host: 'smtp.example.dk', port: 587, username: 'hello' },
      hasSecrets: ['password'],
      paused: null,
      platform: false,
    });
    expect(await accounts.get('own-server')).toEqual(saved);
    expect(await accounts.list()).toContainEqual(saved);
    const everything = inspect([saved, await accounts.list(), context.rows.accounts, context.vault], {
      depth: 9,
    });
    expect(everything).not.toContain('open sesame');
  });

  it('names everything that is wrong with the settings, in the adapter’s words', async () => {
    const { accounts, context } = accountsOf('sol');
    await expect(accounts.save({ ...OWN, settings: { host: '', port: 0, extra: 1 } })).rejects.toMatchObject({
      name: 'InputError',
      code: 'invalid_input',
      path: 'settings.host',
      issues: expect.arrayContaining([
        { path: 'settings.username', message: 'Give the user name of the mail server.' },
        { path: 'settings.password', message: 'Give the password of the mail server.' },
        { path: 'settings', message: 'has no field "extra"' },
      ]),
    });
    expect(context.rows.accounts.size).toBe(0);
  });

  it.each([
    [{ ...OWN, adapter: 'mial' }, 'unknown_adapter', 'adapter'],
    [{ ...OWN, adapter: '__proto__' }, 'unknown_adapter', 'adapter'],
    [{ ...OWN, key: 'mail' }, 'account_key_reserved', 'key'],
    [{ ...OWN, key: 'texts' }, 'account_key_reserved', 'key'],
    [{ ...OWN, key: 'a key\r\n' }, 'invalid_input', 'key'],
    [{ ...OWN, key: '' }, 'invalid_input', 'key'],
    [{ ...OWN, settings: undefined }, 'invalid_input', 'settings'],
    [{ ...OWN, settings: [SETTINGS] }, 'invalid_input', 'settings'],
    [{ ...OWN, label: 'x'.repeat(201) }, 'invalid_input', 'label'],
    [null, 'invalid_input', undefined],
  ])('refuses %j: %s', async (input, code, path) => {
    await expect(accountsOf('sol').accounts.save(input as never)).rejects.toMatchObject({
      code,
      path: path ?? '',
    });
  });

  it('suggests the adapter that was meant', async () => {
    await expect(accountsOf('sol').accounts.save({ ...OWN, adapter: 'mial' })).rejects.toThrow(
      'Did you mean "mail"?',
    );
  });

  it('keeps when it was made, and tells when it was changed', async () => {
    const { accounts, context } = accountsOf('sol');
    const first = await accounts.save(OWN);
    context.clock.advance(1000);
    const second = await accounts.save({ ...OWN, label: 'Renamed' });
    expect(second.createdAt).toEqual(first.createdAt);
    expect(Number(second.updatedAt) - Number(first.updatedAt)).toBe(1000);
  });
});

describe('saving an account again', () => {
  const { password: _, ...withoutPassword } = SETTINGS;

  it('keeps a secret that is left out', async () => {
    const { accounts } = accountsOf('sol');
    await accounts.save({ ...OWN, settings: { ...SETTINGS, signingKey: 'private' } });
    const saved = await accounts.save({
      ...OWN,
      settings: { ...withoutPassword, username: 'new', password: undefined },
    });
    expect(saved).toMatchObject({ settings: { username: 'new' }, hasSecrets: ['password', 'signingKey'] });
    expect(await accounts.verify('own-server')).toMatchObject({ ok: true });
  });

  it('takes a secret away that is given as null, and refuses where it is needed', async () => {
    const { accounts } = accountsOf('sol');
    await accounts.save({ ...OWN, settings: { ...SETTINGS, signingKey: 'private' } });
    const saved = await accounts.save({ ...OWN, settings: { ...withoutPassword, signingKey: null } });
    expect(saved.hasSecrets).toEqual(['password']);
    await expect(accounts.save({ ...OWN, settings: { ...SETTINGS, password: null } })).rejects.toMatchObject({
      path: 'settings.password',
    });
  });

  it('does not send a kept secret to another server', async () => {
    const { accounts } = accountsOf('sol');
    await accounts.save(OWN);
    const elsewhere = { ...OWN, settings: { ...withoutPassword, host: 'thief.example' } };
    await expect(accounts.save(elsewhere)).rejects.toMatchObject({
      code: 'invalid_input',
      path: 'settings.password',
    });
    const adapter = { ...OWN, adapter: 'other-mail', settings: withoutPassword };
    await expect(accounts.save(adapter)).rejects.toMatchObject({
      code: 'invalid_input',
      path: 'settings.password',
    });
    expect(
      await accounts.save({ ...elsewhere, settings: { ...elsewhere.settings, password: 'new' } }),
    ).toMatchObject({
      settings: { host: 'thief.example' },
    });
  });

  it('refuses an adapter of another channel', async () => {
    const { accounts } = accountsOf('sol');
    await accounts.save(OWN);
    await expect(accounts.save({ ...OWN, adapter: 'texts' })).rejects.toMatchObject({
      code: 'account_in_use',
    });
  });

  it('asks for the secrets anew where their key is gone, and shows the account all the same', async () => {
    const rows = emptyRows();
    const adapters = adaptersOf(fakeAdapter());
    await createAccounts(memoryContext({ rows, adapters }), scopeOf('sol')).save(OWN);
    const k2 = 'YW5vdGhlciBvbmUsIGFsc28gZm9yIHRlc3RzIG9ubHk=';
    const context = memoryContext({ rows, adapters, secrets: { current: 'k2', keys: { k2 } } });
    const accounts = createAccounts(context, scopeOf('sol'));
    expect(await accounts.get('own-server')).toMatchObject({ hasSecrets: [] });
    await expect(accounts.verify('own-server')).rejects.toMatchObject({ code: 'secret_unreadable' });
    await expect(accounts.save({ ...OWN, settings: withoutPassword })).rejects.toMatchObject({
      path: 'settings.password',
    });
    expect(await accounts.save(OWN)).toMatchObject({ hasSecrets: ['password'] });
  });
});

describe('an account that was paused for its credentials', () => {
  async function paused(tenant = 'sol') {
    const { accounts, context, adapter } = accountsOf(tenant);
    await accounts.save({ ...OWN, settings: { ...SETTINGS, password: 'wrong' } });
    const events: string[] = [];
    context.live.on('account.paused', ({ account, reason }) => events.push(`paused ${account} ${reason}`));
    context.live.on('account.resumed', ({ account }) => events.push(`resumed ${account}`));
    const account = { tenant, key: 'own-server', adapter: 'mail', channel: 'email' } as const;
    const pause = { reason: 'credentials', message: 'Wrong password.', at: context.clock.now() } as const;
    expect(await pauseAccount(context, account, pause)).toBe(true);
    expect(await pauseAccount(context, account, pause)).toBe(false);
    return { accounts, context, adapter, events, account, pause };
  }

  it('tells of it once, and goes on once saved settings work', async () => {
    const { accounts, events } = await paused();
    expect(await accounts.save(OWN)).toMatchObject({ paused: null });
    expect(await accounts.get('own-server')).toMatchObject({ paused: null });
    expect(events).toEqual(['paused own-server credentials', 'resumed own-server']);
  });

  it('stays paused where they do not', async () => {
    const { accounts, events } = await paused();
    const settings = { ...SETTINGS, password: 'also wrong' };
    expect(await accounts.save({ ...OWN, settings })).toMatchObject({ paused: { reason: 'credentials' } });
    expect(events).toEqual(['paused own-server credentials']);
  });

  it('is not paused again by what failed with its former settings', async () => {
    const { accounts, context, account, pause, events } = await paused();
    const openedAt = context.clock.now();
    context.clock.advance(10);
    await accounts.save(OWN);
    expect(await pauseAccount(context, account, pause, openedAt)).toBe(false);
    expect(await accounts.get('own-server')).toMatchObject({ paused: null });
    expect(events).toHaveLength(2);
  });

  it('stays paused where a person pauses it while its new settings are tried', async () => {
    const { accounts, adapter, events } = await paused();
    let pausing: Promise<unknown> | undefined;
    const open = adapter.open.bind(adapter);
    adapter.open = (...given) => {
      pausing ??= accounts.pause('own-server', { message: 'Closed for the summer.' });
      return open(...given);
    };
    await accounts.save(OWN);
    await pausing;
    expect(await accounts.get('own-server')).toMatchObject({
      paused: { reason: 'by_hand', message: 'Closed for the summer.' },
    });
    expect(events).toEqual(['paused own-server credentials', 'paused own-server by_hand']);
  });

  it('leaves no connection open after the trial', async () => {
    const { accounts, adapter } = await paused();
    await accounts.save(OWN);
    expect(adapter.opened.every(({ closed }) => closed === 1)).toBe(true);
  });
});

it('a pause by hand is not undone by settings that were being saved', async () => {
  const { accounts } = accountsOf('sol');
  await accounts.save(OWN);
  await Promise.all([accounts.pause('own-server'), accounts.save({ ...OWN, label: 'Ours' })]);
  expect(await accounts.get('own-server')).toMatchObject({ label: 'Ours', paused: { reason: 'by_hand' } });
});
