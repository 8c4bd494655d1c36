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

it('needs no lock on the database where the keys are there already', async () => {
  const context = memoryContext();
  const { keyring, store } = await context.open();
  const again = await openKeyring(context.vault, {
    ...store.keyring,
    getOrAdd: () => Promise.reject(new Error('locked')),
  });
  expect(await again.hmac('cursor', 'x')).toEqual(await keyring.hmac('cursor', 'x'));
});
