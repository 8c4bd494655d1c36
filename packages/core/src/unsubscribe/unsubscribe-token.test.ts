import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyRows, memoryContext } from '../memory-store.test-kit.ts';
import { rotateSecrets } from '../secrets/index.ts';
import { makeUnsubscribeToken, readUnsubscribeToken, type Subscription } from './unsubscribe-token.ts';

const K2 = 'another key that is long enough as well, 9876543210';
const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 });
const tenant = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 128 });
const anySubscription: fc.Arbitrary<Subscription> = fc.record({
  tenant,
  channel: fc.constantFrom('email', 'sms', 'internal'),
  addressKey: hex,
  messageId: fc.uuid(),
});
const subscription: Subscription = {
  tenant: 'salon-sol',
  channel: 'email',
  addressKey: '0123456789abcdef'.repeat(4),
  messageId: '019ac000-0000-7000-8000-000000000001',
};
const ring = async () => (await memoryContext().open()).keyring;

describe('a token to unsubscribe', () => {
  it('says who unsubscribes from whom, in letters that any link may hold', async () => {
    const keyring = await ring();
    await fc.assert(
      fc.asyncProperty(anySubscription, async (given) => {
        const token = await makeUnsubscribeToken(keyring, given);
        expect(token).toMatch(/^[A-Za-z0-9_-]+$/);
        expect(await readUnsubscribeToken(keyring, token)).toEqual(given);
      }),
    );
  });

  it('works for the longest id a tenant may have', async () => {
    const keyring = await ring();
    const given = { ...subscription, tenant: '👋'.repeat(128) };
    const token = await makeUnsubscribeToken(keyring, given);
    expect(token.length).toBeLessThanOrEqual(770);
    expect(await readUnsubscribeToken(keyring, token)).toEqual(given);
  });

  it('is worth nothing with one character changed, left out or added', async () => {
    const keyring = await ring();
    const token = await makeUnsubscribeToken(keyring, subscription);
    const character = fc.constantFrom(...'ABCXYZabcxyz0189-_=.%/ \n');
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length - 1), character, async (index, other) => {
        const [before, after] = [token.slice(0, index), token.slice(index + 1)];
        const changed = [before + after, `${before}${other}${token[index]}${after}`];
        if (token[index] !== other) changed.push(before + other + after);
        for (const text of changed) expect(await readUnsubscribeToken(keyring, text)).toBeNull();
      }),
      { numRuns: 500 },
    );
  });

  it('of one tenant, address or message is none of another', async () => {
    const keyring = await ring();
    const bytes = Buffer.from(await makeUnsubscribeToken(keyring, subscription), 'base64url');
    for (const given of [
      { ...subscription, tenant: 'salon-maane' },
      { ...subscription, channel: 'sms' as const },
      { ...subscription, addressKey: 'f'.repeat(64) },
      { ...subscription, messageId: '019ac000-0000-7000-8000-000000000002' },
    ]) {
      const other = Buffer.from(await makeUnsubscribeToken(keyring, given), 'base64url');
      const crossed = Buffer.concat([bytes.subarray(0, 16), other.subarray(16)]).toString('base64url');
      expect(await readUnsubscribeToken(keyring, crossed)).toBeNull();
    }
  });

  it('of another host is worth nothing, nor is any other text', async () => {
    const keyring = await ring();
    const foreign = await makeUnsubscribeToken(await ring(), subscription);
    expect(await readUnsubscribeToken(keyring, foreign)).toBeNull();
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.base64String({ minLength: 88 })), async (text) => {
        expect(await readUnsubscribeToken(keyring, text)).toBeNull();
      }),
    );
  });

  it('works on when the secrets are rotated and the old one is gone', async () => {
    const rows = emptyRows();
    const before = memoryContext({ rows });
    const token = await makeUnsubscribeToken((await before.open()).keyring, subscription);
    const both = { current: 'k2', keys: { k1: 'Q2hlZXNlIGFuZCB3aW5lIG9uIGEgcmFpbnkgZGF5IQ==', k2: K2 } };
    await rotateSecrets(memoryContext({ rows, secrets: both }));
    const after = memoryContext({ rows, secrets: { current: 'k2', keys: { k2: K2 } } });
    expect(await readUnsubscribeToken((await after.open()).keyring, token)).toEqual(subscription);
  });

  it.each<[string, Partial<Subscription>]>([
    ['a message without a proper id', { messageId: 'message-1' }],
    ['an address that is no key', { addressKey: 'anna@example.dk' }],
  ])('is not made for %s', async (_case, wrong) => {
    await expect(makeUnsubscribeToken(await ring(), { ...subscription, ...wrong })).rejects.toThrow(
      RangeError,
    );
  });
});
