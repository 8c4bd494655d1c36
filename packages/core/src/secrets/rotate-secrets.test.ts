import { expect, it } from 'vitest';
import { emptyRows, type MemoryRows, memoryContext, SECRET_KEYS } from '../memory-store.test-kit.ts';
import { accountBinding, rotateSecrets } from './index.ts';

const K2 = 'YW5vdGhlciBvbmUsIGFsc28gZm9yIHRlc3RzIG9ubHk=';
const NEW_KEYS = { current: 'k2', keys: { ...SECRET_KEYS.keys, k2: K2 } };
const ONLY_NEW = { current: 'k2', keys: { k2: K2 } };

async function withAccounts(rows: MemoryRows, count: number) {
  const context = memoryContext({ rows });
  const { store } = await context.open();
  for (let index = 0; index < count; index++) {
    const key = `server-${index}`;
    await store.accounts.save({
      tenant: 'salon',
      key,
      adapter: 'smtp',
      channel: 'email',
      label: null,
      settings: {},
      sealedSecrets: context.vault.seal(`password-${index}`, accountBinding('salon', key)),
      pause: null,
      limits: null,
      createdAt: 1,
      updatedAt: 1,
    });
  }
  return context;
}

it('moves everything to the current key, so that the old one can go', async () => {
  const rows = emptyRows();
  const before = await withAccounts(rows, 250);
  const { keyring } = await before.open();
  const proof = await keyring.hmac('address', 'anna@example.dk');
  const waiting = keyring.seal('4711', 'slots:one');

  expect(await rotateSecrets(memoryContext({ rows, secrets: NEW_KEYS }))).toEqual({ accounts: 250, keys: 6 });

  const after = memoryContext({ rows, secrets: ONLY_NEW });
  expect(await (await after.open()).keyring.hmac('address', 'anna@example.dk')).toEqual(proof);
  expect((await after.open()).keyring.open(waiting, 'slots:one')).toBe('4711');
  for (const { key, sealedSecrets } of rows.accounts.values()) {
    expect(after.vault.open(sealedSecrets ?? '', accountBinding('salon', key))).toMatch(/^password-/);
  }
});

it('changes nothing the second time', async () => {
  const rows = emptyRows();
  await withAccounts(rows, 3);
  const context = memoryContext({ rows, secrets: NEW_KEYS });
  await rotateSecrets(context);
  const sealed = [...rows.accounts.values()].map(({ sealedSecrets }) => sealedSecrets);
  expect(await rotateSecrets(context)).toEqual({ accounts: 0, keys: 0 });
  expect([...rows.accounts.values()].map(({ sealedSecrets }) => sealedSecrets)).toEqual(sealed);
});

it('leaves an account that is saved meanwhile as it was saved', async () => {
  const rows = emptyRows();
  await withAccounts(rows, 1);
  const context = memoryContext({ rows, secrets: NEW_KEYS });
  const { store } = await context.open();
  const [record] = rows.accounts.values();
  if (record === undefined) throw new Error('no account');
  const saved = context.vault.seal('new password', accountBinding('salon', record.key));
  const read = store.accounts.sealedWithout;
  store.accounts.sealedWithout = async (keyId, limit) => {
    const page = await read(keyId, limit);
    await store.accounts.save({ ...record, sealedSecrets: saved });
    return page;
  };

  expect(await rotateSecrets(context)).toMatchObject({ accounts: 0 });
  expect([...rows.accounts.values()][0]?.sealedSecrets).toBe(saved);
});

it('names the account whose secrets do not open', async () => {
  const rows = emptyRows();
  await withAccounts(rows, 1);
  await expect(rotateSecrets(memoryContext({ rows, secrets: ONLY_NEW }))).rejects.toMatchObject({
    code: 'secret_unreadable',
    message: expect.stringContaining('server-0'),
  });
});
