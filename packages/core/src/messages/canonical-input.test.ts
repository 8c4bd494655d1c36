import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashInput } from './canonical-input.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('the hash of a call', () => {
  it.each([
    ['the order of keys', { a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }],
    ['values that are not given', { a: 1, b: undefined }, { a: 1 }],
    ['which object holds a time', { at: new Date(5) }, { at: new Date(5) }],
    ['which buffer holds the bytes', { file: bytes('x') }, { file: Buffer.from('x') }],
    ['the sign of zero', { n: -0 }, { n: 0 }],
  ])('does not depend on %s', (_, one, other) => {
    expect(hashInput(one)).toBe(hashInput(other));
  });

  it.each([
    ['a date and its text', { at: new Date(0) }, { at: new Date(0).toISOString() }],
    ['a number and its text', { n: 1 }, { n: '1' }],
    ['bytes and their text', { file: bytes('x') }, { file: 'x' }],
    ['null and nothing', { a: null }, {}],
    ['where a list begins', { a: [1, [2]] }, { a: [[1], 2] }],
    ['what is a key and what a value', { a: 'b', c: 'd' }, { a: 'bc', d: '' }],
    ['two numbers and one', { a: [1, 2] }, { a: [12] }],
  ])('tells apart %s', (_, one, other) => {
    expect(hashInput(one)).not.toBe(hashInput(other));
  });

  it('is the same for any copy, and another one for any other JSON', () => {
    const json = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(json, (value) => {
        expect(hashInput(structuredClone(value))).toBe(hashInput(value));
      }),
    );
    const plain = (value: unknown) => JSON.stringify(value, (_, field) => sorted(field));
    fc.assert(
      fc.property(json, json, (one, other) => {
        expect(hashInput(one) === hashInput(other)).toBe(plain(one) === plain(other));
      }),
    );
  });

  it('keeps a key called __proto__ apart from none', () => {
    expect(hashInput(JSON.parse('{"__proto__": 1}'))).not.toBe(hashInput({}));
  });

  it('reads an object that stands in many places once', () => {
    let shared: unknown = { field: 'city' };
    for (let level = 0; level < 50; level++) shared = { rules: [shared, shared] };
    const copy = JSON.parse('{"rules":[{"field":"city"},{"field":"city"}]}');
    expect(hashInput({ shared })).toMatch(/^[0-9a-f]{64}$/);
    const twice = { field: 'city' };
    expect(hashInput({ rules: [twice, twice] })).toBe(hashInput(copy));
  });

  it('cannot be had of what shows no values (a cycle, a function, a Map): an error with the path', () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    for (const data of [cycle, { f: () => 1 }, { m: new Map([['a', 1]]) }, { p: Promise.resolve(1) }]) {
      expect(() => hashInput({ data })).toThrow(
        expect.objectContaining({ code: 'invalid_input', path: expect.stringMatching(/^data\./) }),
      );
    }
  });
});

function sorted(value: unknown): unknown {
  if (typeof value === 'number') return value === 0 ? 0 : value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  // As pairs: an object would put keys that look like numbers first.
  return { pairs: entries.flat() };
}
