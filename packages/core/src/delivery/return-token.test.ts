import { createHmac, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Keyring } from '../secrets/index.ts';
import { makeReturnToken, readReturnToken } from './return-token.ts';

const ringOf = (secret: string): Keyring => ({
  hmac: async (name, data) => createHmac('sha256', `${secret}/${name}`).update(data).digest(),
  seal: (plain) => plain,
  open: (sealed) => sealed,
});
const keyring = ringOf('ours');

const anyAddress = fc.record({
  messageId: fc.uuid(),
  attempt: fc.integer({ min: 1, max: 0xffff }),
});

describe('a return token', () => {
  it('names its message and attempt, in any letter case', async () => {
    await fc.assert(
      fc.asyncProperty(anyAddress, async (address) => {
        const token = await makeReturnToken(keyring, address);
        expect(token).toMatch(/^[a-z0-9]{1,56}$/);
        expect(await readReturnToken(keyring, token)).toEqual(address);
        expect(await readReturnToken(keyring, token.toUpperCase())).toEqual(address);
      }),
    );
  });

  it('is worth nothing with one character changed', async () => {
    const other = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789-=+');
    await fc.assert(
      fc.asyncProperty(anyAddress, fc.nat(54), other, async (address, index, character) => {
        const token = await makeReturnToken(keyring, address);
        fc.pre(token[index] !== character);
        const forged = token.slice(0, index) + character + token.slice(index + 1);
        expect(await readReturnToken(keyring, forged)).toBeNull();
      }),
    );
  });

  it('of other keys, of any other text and of no text at all names nothing', async () => {
    const token = await makeReturnToken(ringOf('theirs'), { messageId: randomUUID(), attempt: 1 });
    expect(await readReturnToken(keyring, token)).toBeNull();
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 60 }), async (text) => {
        expect(await readReturnToken(keyring, text)).toBeNull();
      }),
    );
  });
});
