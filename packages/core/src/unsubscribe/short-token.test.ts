import fc from 'fast-check';
import { expect, it } from 'vitest';
import { memoryContext } from '../memory-store.test-kit.ts';
import { EXAMPLE_SHORT_TOKEN, makeShortToken, readShortToken, SHORT_TOKEN_LENGTH } from './short-token.ts';
import { readUnsubscribeToken } from './unsubscribe-token.ts';

const { keyring } = await memoryContext().open();
const { keyring: others } = await memoryContext().open();
const ID = '019ac000-0000-7000-8000-000000000001';

it('names a message in as many letters as every other, all of which cost one place in a text message', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uuid(), async (id) => {
      const token = await makeShortToken(keyring, id);
      expect(token).toMatch(/^[A-Za-z0-9_-]{32}$/);
      expect(await readShortToken(keyring, token)).toBe(id);
    }),
  );
  expect(EXAMPLE_SHORT_TOKEN).toMatch(/^[A-Za-z0-9_-]*$/);
  expect(EXAMPLE_SHORT_TOKEN).toHaveLength(SHORT_TOKEN_LENGTH);
});

it('is worth nothing with one character changed, left out or added', async () => {
  const token = await makeShortToken(keyring, ID);
  const character = fc.constantFrom(...'ABCXYZabcxyz0189-_=.%/ \n');
  await fc.assert(
    fc.asyncProperty(fc.nat(token.length - 1), character, async (index, other) => {
      const [before, after] = [token.slice(0, index), token.slice(index + 1)];
      for (const forged of [before + other + after, before + after, before + other + token.slice(index)]) {
        if (forged !== token) expect(await readShortToken(keyring, forged)).toBeNull();
      }
    }),
  );
});

it('of another instance, or of an email, is none', async () => {
  const token = await makeShortToken(others, ID);
  expect(await readShortToken(keyring, token)).toBeNull();
  expect(await readUnsubscribeToken(keyring, await makeShortToken(keyring, ID))).toBeNull();
});

it('is made of the id of a message and of nothing else', async () => {
  for (const id of ['', 'x', `${ID}00`])
    await expect(makeShortToken(keyring, id)).rejects.toThrow(RangeError);
});
