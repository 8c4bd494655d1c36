import { expect, it } from 'vitest';
import { emptyRows, memoryContext } from '../memory-store.test-kit.ts';
import { openKeyring } from './index.ts';

it('gives two processes that begin at the same moment the same key', async () => {
  const rows = emptyRows();
  const [one, other] = [memoryContext({ rows }), memoryContext({ rows })];
  const proofs = await Promise.all(
    [one, other, one, other].map(async (context) => (await context.open()).keyring.hmac('address', 'anna')),
  );
  expect(new Set(proofs.map((proof) => proof.toString('hex'))).size).toBe(1);
});

it('keeps the purposes apart, and the keys sealed', async () => {
  const context = memoryContext();
  const { keyring } = await context.open();
  expect(await keyring.hmac('address', 'x')).not.toEqual(await keyring.hmac('cursor', 'x'));
  for (const sealed of context.rows.keyring.values()) expect(context.vault.keyIdOf(sealed)).toBe('k1');
});

it('seals for every process, whatever key the host has now, and for one place only', async () => {
  const rows = emptyRows();
  const [one, other] = [memoryContext({ rows }), memoryContext({ rows })];
  const sealed = (await one.open()).keyring.seal('4711', 'slots:one');
  const { keyring } = await other.open();
  expect(keyring.open(sealed, 'slots:one')).toBe('4711');
  expect(() => keyring.open(sealed, 'slots:two')).toThrow(
    expect.objectContaining({ code: 'secret_unreadable' }),
  );
  expect(one.vault.keyIdOf(sealed)).not.toBe(one.vault.currentKeyId);
});

it('needs no lock on the database where the keys are there already', async () => {
  const context = memoryContext();
  const { keyring, store } = await context.open();
  const again = await openKeyring(context.vault, {
    ...store.keyring,
    getOrAdd: () => Promise.reject(new Error('locked')),
  });
  expect(await again.hmac('cursor', 'x')).toEqual(await keyring.hmac('cursor', 'x'));
});
