import { expect, it } from 'vitest';
import { PLATFORM_TENANT } from '../context.ts';
import { memoryContext, scopeOf } from '../memory-store.test-kit.ts';
import { adaptersOf, fakeAdapter } from './fake-adapter.test-kit.ts';
import { checkAdapters, createAccounts, createTransports, resolveAccount } from './index.ts';

const SETTINGS = { host: 'smtp.example.dk', username: 'hello', password: 'open sesame' };
const OWN = { key: 'own-server', adapter: 'mail', settings: SETTINGS };

function setUp() {
  const adapter = fakeAdapter('mail', SETTINGS);
  const context = memoryContext({
    adapters: adaptersOf(fakeAdapter('first'), adapter, fakeAdapter('last', SETTINGS)),
  });
  return {
    adapter,
    context,
    accounts: createAccounts(context, scopeOf('sol')),
    transports: createTransports(context),
  };
}

it('is opened once for all who use it, with its secrets', async () => {
  const { adapter, accounts, transports } = setUp();
  await accounts.save(OWN);
  await Promise.all([transports.open('sol', 'own-server'), transports.open('sol', 'own-server')]);
  await transports.open(PLATFORM_TENANT, 'mail');
  await transports.open(PLATFORM_TENANT, 'mail');
  expect(adapter.opened.map(({ settings }) => settings)).toEqual([
    { ...SETTINGS, port: 587 },
    { ...SETTINGS, port: 587 },
  ]);
});

it('is opened anew once the settings changed, even within one millisecond, and not for a pause', async () => {
  const { adapter, accounts, transports } = setUp();
  await accounts.save(OWN);
  await transports.open('sol', 'own-server');
  await accounts.pause('own-server');
  await transports.open('sol', 'own-server');
  expect(adapter.opened).toHaveLength(1);
  await accounts.save({ ...OWN, settings: { ...SETTINGS, password: 'new' } });
  await transports.open('sol', 'own-server');
  expect(adapter.opened.at(-1)?.settings.password).toBe('new');
  expect(adapter.opened).toHaveLength(2);
});

it('the former one is closed when the last who used it gave it back, once', async () => {
  const { adapter, accounts, transports } = setUp();
  await accounts.save(OWN);
  const one = await transports.open('sol', 'own-server');
  const other = await transports.open('sol', 'own-server');
  await accounts.save({ ...OWN, settings: { ...SETTINGS, password: 'new' } });
  await one.close();
  await one.close();
  const fresh = await transports.open('sol', 'own-server');
  expect(adapter.opened[0]?.closed).toBe(0);
  await other.close();
  expect(adapter.opened[0]?.closed).toBe(1);
  await fresh.close();
  expect(adapter.opened[1]?.closed).toBe(0);
});

it('closes those in use when they are given back, and opens none afterwards', async () => {
  const { adapter, accounts, transports } = setUp();
  await accounts.save(OWN);
  const own = await transports.open('sol', 'own-server');
  const platform = await transports.open(PLATFORM_TENANT, 'mail');
  await platform.close();
  await transports.closeAll();
  expect(adapter.opened.map(({ closed }) => closed)).toEqual([0, 1]);
  await own.close();
  expect(adapter.opened.map(({ closed }) => closed)).toEqual([1, 1]);
  for (const tenant of ['sol', PLATFORM_TENANT]) {
    const key = tenant === 'sol' ? 'own-server' : 'mail';
    await expect(transports.open(tenant, key)).rejects.toMatchObject({ code: 'closed' });
  }
});

it('says what is missing', async () => {
  const { context, accounts, transports } = setUp();
  await accounts.save(OWN);
  await expect(transports.open('sol', 'own-servr')).rejects.toMatchObject({ code: 'unknown_account' });
  await expect(transports.open(PLATFORM_TENANT, 'gone')).rejects.toMatchObject({ code: 'unknown_adapter' });
  const without = { ...context, adapters: adaptersOf(fakeAdapter('first')) };
  await expect(createTransports(without).open('sol', 'own-server')).rejects.toMatchObject({
    name: 'ConfigurationError',
    code: 'unknown_adapter',
  });
});

it('without a key is the first account of the channel that the platform brings', async () => {
  const { context, accounts } = setUp();
  const opened = await context.open();
  expect(await resolveAccount(context, opened, 'sol', null, 'email')).toEqual({
    tenant: PLATFORM_TENANT,
    key: 'mail',
    adapter: 'mail',
    channel: 'email',
    paused: null,
    limits: null,
  });
  expect(await resolveAccount(context, opened, 'sol', 'last', 'email')).toMatchObject({ key: 'last' });
  await accounts.save(OWN);
  await accounts.pause('own-server');
  expect(await resolveAccount(context, opened, 'sol', 'own-server', 'email')).toMatchObject({
    tenant: 'sol',
    paused: { reason: 'by_hand' },
  });
  await expect(resolveAccount(context, opened, 'sol', null, 'sms')).rejects.toMatchObject({
    code: 'no_account',
  });
  for (const [key, channel] of [
    ['own-server', 'sms'],
    ['mail', 'sms'],
    ['first', 'email'],
  ] as const) {
    await expect(resolveAccount(context, opened, 'sol', key, channel)).rejects.toMatchObject({
      code: 'unknown_account',
    });
  }
  await expect(resolveAccount(context, opened, 'luna', 'own-server', 'email')).rejects.toMatchObject({
    code: 'unknown_account',
  });
});

it('adapters are checked before anything is opened', () => {
  expect([...checkAdapters([fakeAdapter('a'), fakeAdapter('b', SETTINGS)]).keys()]).toEqual(['a', 'b']);
  const wrong = fakeAdapter('mail', { host: 'x' });
  expect(() => checkAdapters([wrong])).toThrow(
    expect.objectContaining({
      name: 'ConfigurationError',
      code: 'invalid_input',
      path: 'adapters.mail.username',
    }),
  );
  expect(() => checkAdapters([fakeAdapter('a'), fakeAdapter('a')])).toThrow('given twice');
  for (const none of [undefined, null, () => fakeAdapter(), {}, { key: '$platform' }]) {
    expect(() => checkAdapters([none as never])).toThrow(expect.objectContaining({ path: 'adapters[0]' }));
  }
});
