import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../errors.ts';
import { createVault } from './vault.ts';

const K1 = 'Zm9yIHRlc3RzIG9ubHksIG5ldmVyIGluIGEgc2hvcCE=';
const K2 = 'YW5vdGhlciBvbmUsIGFsc28gZm9yIHRlc3RzIG9ubHk=';

const vault = createVault({ current: 'k1', keys: { k1: K1 } });

function errorOf(run: () => unknown): ConfigurationError {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
  }
  throw new Error('expected a ConfigurationError');
}

describe('a sealed secret', () => {
  it('opens again where it was sealed for, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (plain, binding) => {
        expect(vault.open(vault.seal(plain, binding), binding)).toBe(plain);
      }),
    );
  });

  it('never looks the same twice', () => {
    expect(vault.seal('password', 'a')).not.toBe(vault.seal('password', 'a'));
  });

  it('does not open in another place', () => {
    const sealed = vault.seal('password', 'account:salon/own');
    const error = errorOf(() => vault.open(sealed, 'account:other/own'));
    expect(error.code).toBe('secret_unreadable');
    expect(error.message).toContain('"k1"');
  });

  it('does not open once any character of it was changed', () => {
    const sealed = vault.seal('password', 'place');
    for (let index = 0; index < sealed.length; index++) {
      for (const replacement of sealed[index] === 'A' ? ['B', '.'] : ['A', '.']) {
        const changed = sealed.slice(0, index) + replacement + sealed.slice(index + 1);
        // The last character of a base64url group may carry bits that mean nothing.
        if (Buffer.from(changed, 'base64url').equals(Buffer.from(sealed, 'base64url'))) continue;
        if (decoded(changed) === decoded(sealed)) continue;
        expect(errorOf(() => vault.open(changed, 'place')).code).toBe('secret_unreadable');
      }
    }
  });

  it('names a key that is gone, and opens with an older one that is still there', () => {
    const sealed = vault.seal('password', 'place');
    const rotated = createVault({ current: 'k2', keys: { k1: K1, k2: K2 } });
    expect(rotated.open(sealed, 'place')).toBe('password');
    expect(rotated.keyIdOf(rotated.seal('password', 'place'))).toBe('k2');

    const withoutOld = createVault({ current: 'k2', keys: { k2: K2 } });
    const error = errorOf(() => withoutOld.open(sealed, 'place'));
    expect(error.code).toBe('secret_unreadable');
    expect(error.message).toContain('"k1"');
    expect(error.message).not.toContain(sealed);
  });

  it('does not open with another text under the same id', () => {
    const sealed = vault.seal('password', 'place');
    const other = createVault({ current: 'k1', keys: { k1: K2 } });
    expect(errorOf(() => other.open(sealed, 'place')).code).toBe('secret_unreadable');
  });

  it('may name a key like a member of every object', () => {
    const odd = createVault({ current: '__proto__', keys: JSON.parse(`{"__proto__":"${K1}"}`) });
    expect(odd.open(odd.seal('password', 'place'), 'place')).toBe('password');
    const sealed = odd.seal('password', 'place').replace('__proto__', 'constructor');
    expect(errorOf(() => vault.open(sealed, 'place')).code).toBe('secret_unreadable');
  });
});

describe('the keys', () => {
  it.each([
    ['absent', { current: 'k1', keys: { k1: undefined } }],
    ['blank', { current: 'k1', keys: { k1: ' '.repeat(40) } }],
    ['of 31 characters', { current: 'k1', keys: { k1: K1.slice(0, 31) } }],
    ['under another id than the current one', { current: 'k2', keys: { k1: K1 } }],
    ['under an id that is inherited', { current: 'toString', keys: { k1: K1 } }],
    ['under an id with a dot', { current: 'k.1', keys: { 'k.1': K1 } }],
    ['a weak one beside a good one', { current: 'k1', keys: { k1: K1, old: 'short' } }],
  ])('are refused when %s, with the command that makes one', (_, keys) => {
    const error = errorOf(() => createVault(keys));
    expect(error.code).toBe('secrets_missing');
    expect(error.message).toContain('node -e');
    for (const text of Object.values(keys.keys)) if (text) expect(error.message).not.toContain(text);
  });

  it('are refused when they are no object at all', () => {
    for (const keys of [undefined, null, 'text', {}, { keys: 'text' }]) {
      expect(errorOf(() => createVault(keys as never)).code).toBe('secrets_missing');
    }
  });

  it('make one with the command of the error', () => {
    const text = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64');
    expect(createVault({ current: 'k1', keys: { k1: text } }).currentKeyId).toBe('k1');
    const hex = '3f0c8a5d7e6b1429f0e1d2c3b4a5968778695a4b3c2d1e0f9182736455463728';
    expect(createVault({ current: 'k1', keys: { k1: hex, former: undefined } }).currentKeyId).toBe('k1');
  });

  it('show nowhere, however the vault is printed', () => {
    const shown = [
      inspect(vault, { depth: 9, showHidden: true }),
      JSON.stringify(vault),
      String(vault),
      Object.values(vault).map(String).join(),
    ].join();
    expect(shown).not.toContain(K1);
    expect(shown).not.toContain(Buffer.from(K1, 'base64').toString());
  });
});

function decoded(sealed: string): string {
  const [version, id, ...parts] = sealed.split('.');
  return JSON.stringify([version, id, parts.map((part) => Buffer.from(part, 'base64url').toString('hex'))]);
}
