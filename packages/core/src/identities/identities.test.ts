import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createAccounts } from '../accounts/index.ts';
import { memoryContext, scopeOf } from '../memory-store.test-kit.ts';
import type { AnyAdapter } from '../ports/index.ts';
import { createIdentities, type IdentityInput, resolveIdentity } from './index.ts';

const mail: AnyAdapter = {
  key: 'mail',
  channel: 'email',
  settings: z.strictObject({ host: z.string() }),
  secrets: [],
  platform: { host: 'platform.example' },
  open() {
    throw new Error('nothing is sent here');
  },
};

const SALON: IdentityInput = {
  key: 'salon',
  channel: 'email',
  name: 'Salon Sol',
  address: 'hello@example.dk',
};
const NEWS: IdentityInput = { key: 'news', channel: 'email', address: 'news@example.dk' };
const TEXTS: IdentityInput = { key: 'texts', channel: 'sms', address: 'SALON SOL' };

function setUp() {
  const context = memoryContext({ adapters: new Map([['mail', mail]]) });
  return { context, identities: createIdentities(context, scopeOf('sol')) };
}

const marksOf = async ({ identities }: Pick<ReturnType<typeof setUp>, 'identities'>) => ({
  default: (await identities.default('email'))?.key,
  contact: (await identities.contact())?.address,
});

describe('the default sender and the contact address', () => {
  it('are the first identity, until another one is saved as such', async () => {
    const { identities } = setUp();
    expect(await identities.contact()).toBeNull();
    expect(await identities.default('email')).toBeNull();
    expect(await identities.save(SALON)).toMatchObject({ default: true, contact: true });
    expect(await identities.save(NEWS)).toMatchObject({ default: false, contact: false });
    expect(await identities.contact()).toEqual({ name: 'Salon Sol', address: 'hello@example.dk' });

    await identities.save({ ...NEWS, default: true });
    expect(await marksOf({ identities })).toEqual({ default: 'news', contact: 'hello@example.dk' });
    await identities.save({ ...NEWS, contact: true });
    expect(await marksOf({ identities })).toEqual({ default: 'news', contact: 'news@example.dk' });
  });

  it('stay where they are when an identity is saved without a word about them', async () => {
    const { identities } = setUp();
    await identities.save(SALON);
    await identities.save(NEWS);
    expect(await identities.save({ ...SALON, name: 'Renamed' })).toMatchObject({
      default: true,
      contact: true,
    });
    expect(await identities.save({ ...NEWS, name: 'News' })).toMatchObject({
      default: false,
      contact: false,
    });
  });

  it('cannot be nobody’s', async () => {
    const { identities } = setUp();
    await identities.save(SALON);
    await identities.save(NEWS);
    await expect(identities.save({ ...SALON, default: false })).rejects.toMatchObject({
      code: 'default_required',
      path: 'default',
      advice: 'Save another identity with `default: true` first.',
    });
    await expect(identities.save({ ...SALON, contact: false })).rejects.toMatchObject({ path: 'contact' });
    await expect(identities.remove('email', 'salon')).rejects.toMatchObject({ code: 'default_required' });
    expect(await identities.remove('email', 'news')).toBe(true);
    expect(await identities.remove('email', 'salon')).toBe(true);
    expect(await identities.remove('email', 'salon')).toBe(false);
    expect(await identities.contact()).toBeNull();
  });

  it('are each tenant’s own', async () => {
    const { context, identities } = setUp();
    await identities.save(SALON);
    const luna = createIdentities(context, scopeOf('luna'));
    expect(await luna.contact()).toBeNull();
    expect(await luna.get('email', 'salon')).toBeNull();
    expect(await luna.list()).toEqual([]);
    expect(await luna.remove('email', 'salon')).toBe(false);
    expect(await identities.get('email', 'salon')).toMatchObject({ default: true });
  });
});

describe('what an identity says', () => {
  it('is checked, field by field', async () => {
    const { identities } = setUp();
    const wrong: readonly (readonly [object, string, string])[] = [
      [{ address: 'not an address' }, 'invalid_address', 'address'],
      [{ address: 'a@b.dk\r\nBcc: c@d.dk' }, 'invalid_address', 'address'],
      [{ address: ['a@b.dk'] }, 'invalid_input', 'address'],
      [{ replyTo: 'Anna <a@b.dk>' }, 'invalid_address', 'replyTo'],
      [{ name: 'Salon\r\nBcc: all@example.dk' }, 'header_injection', 'name'],
      [{ name: 'Salon\u2028' }, 'header_injection', 'name'],
      [{ name: 'x'.repeat(1_000_000) }, 'invalid_input', 'name'],
      [{ account: 'nowhere' }, 'unknown_account', 'account'],
      [{ channel: 'sms', address: '+4512345678', account: 'mail' }, 'unknown_account', 'account'],
      [{ channel: 'sms', address: '+4512345678', replyTo: 'a@b.dk' }, 'invalid_input', 'replyTo'],
      [{ channel: 'sms', address: '+4512345678', contact: true }, 'invalid_input', 'contact'],
      [{ channel: 'fax' }, 'invalid_input', 'channel'],
      [{ key: '../salon' }, 'invalid_input', 'key'],
      [{ defualt: true }, 'invalid_input', ''],
    ];
    for (const [fields, code, path] of wrong) {
      await expect(identities.save({ ...SALON, ...fields } as never)).rejects.toMatchObject({ code, path });
    }
    expect(await identities.list()).toEqual([]);
  });

  it.each([
    ['+45 12 34 56 78', '+4512345678'],
    ['SALON SOL', 'SALON SOL'],
    ['4ever', '4ever'],
    ['ABCDEFGHIJK', 'ABCDEFGHIJK'],
  ])('for texts may come from %s', async (address, stored) => {
    expect(await setUp().identities.save({ ...TEXTS, address })).toMatchObject({
      address: stored,
      contact: false,
    });
  });

  it.each(['ABCDEFGHIJKL', '12345678', '', ' SALON', 'SALON!', 'SALÓN', 'a\nb'])(
    'for texts may not come from %j',
    async (address) => {
      await expect(setUp().identities.save({ ...TEXTS, address })).rejects.toMatchObject({
        code: 'invalid_address',
        path: 'address',
      });
    },
  );

  it('may name the platform’s account or the tenant’s own', async () => {
    const { context, identities } = setUp();
    await createAccounts(context, scopeOf('sol')).save({
      key: 'own',
      adapter: 'mail',
      settings: { host: 'x' },
    });
    expect(await identities.save({ ...SALON, account: 'own' })).toMatchObject({ account: 'own' });
    expect(await identities.save({ ...SALON, account: 'mail' })).toMatchObject({ account: 'mail' });
    await expect(identities.save({ ...SALON, account: 'onw' })).rejects.toThrow('Did you mean "own"?');
    const luna = createIdentities(context, scopeOf('luna'));
    await expect(luna.save({ ...SALON, account: 'own' })).rejects.toMatchObject({ code: 'unknown_account' });
  });
});

it('lists by channel', async () => {
  const { identities } = setUp();
  for (const input of [TEXTS, SALON, NEWS]) await identities.save(input);
  expect((await identities.list()).map(({ key }) => key)).toEqual(['news', 'salon', 'texts']);
  expect((await identities.list({ channel: 'sms' })).map(({ key }) => key)).toEqual(['texts']);
  await expect(identities.list({ channel: 'fax' as never })).rejects.toMatchObject({ code: 'invalid_input' });
});

it('a send finds its sender, or says what to do', async () => {
  const { context, identities } = setUp();
  const opened = await context.open();
  const sender = (key: string | null, tenant = 'sol') =>
    resolveIdentity(context, opened, scopeOf(tenant), 'email', key);
  await expect(sender(null)).rejects.toMatchObject({ code: 'no_sender', name: 'ConfigurationError' });
  await identities.save(SALON);
  await identities.save(NEWS);
  expect(await sender(null)).toMatchObject({ key: 'salon' });
  expect(await sender('news')).toMatchObject({ address: 'news@example.dk' });
  await expect(sender('nwes')).rejects.toMatchObject({
    code: 'unknown_identity',
    message: expect.stringContaining('Did you mean "news"?'),
  });
  await expect(sender('news', 'luna')).rejects.toMatchObject({ code: 'unknown_identity' });
});

describe('of a tenant that has saved no sender for text messages', () => {
  const texts = (from: string | null): AnyAdapter => ({
    ...mail,
    key: 'texts',
    channel: 'sms',
    defaultSender: () => from,
  });
  const senderBy = async (adapter: AnyAdapter) => {
    const context = memoryContext({ adapters: new Map([[adapter.key, adapter]]) });
    const opened = await context.open();
    return resolveIdentity(context, opened, scopeOf('sol'), 'sms', null);
  };

  it('the sender is the one in the settings of the platform’s account', async () => {
    expect(await senderBy(texts('SALON'))).toMatchObject({ key: null, address: 'SALON', account: null });
  });

  it('there is none where the settings name nobody, or only companies bring accounts', async () => {
    const own = { ...texts('SALON'), platform: undefined };
    for (const adapter of [texts(null), own]) {
      await expect(senderBy(adapter)).rejects.toMatchObject({ code: 'no_sender' });
    }
  });
});
