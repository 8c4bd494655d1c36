import { describe, expect, it } from 'vitest';
import { copyInput } from './copy-input.ts';

describe('the copy of what a call was given', () => {
  it('stays as it was when the host changes its own', () => {
    const given = { to: [{ id: '17' }], at: new Date(5), file: new Uint8Array([1]), none: undefined };
    const copy = copyInput(given);
    given.to.push({ id: '18' });
    given.at.setTime(6);
    given.file[0] = 2;
    expect({ ...copy }).toEqual({
      to: [{ id: '17' }],
      at: new Date(5),
      file: new Uint8Array([1]),
      none: undefined,
    });
  });

  it("leaves objects of the host's own classes as they are", () => {
    class Money {
      readonly #amount = 5;
      toJSON() {
        return this.#amount;
      }
    }
    const price = new Money();
    expect(copyInput({ price }).price).toBe(price);
  });

  it('ends with what contains itself, and with what has no bottom', () => {
    const cycle: Record<string, unknown> = {};
    cycle.one = cycle;
    cycle.other = cycle;
    const copy = copyInput(cycle);
    expect(copy.one).toBe(copy);
    expect(copyInput(JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)))).toHaveLength(1);
  });

  it('keeps a key called __proto__ a key', () => {
    const copy = copyInput(JSON.parse('{"__proto__": {"polluted": 1}}'));
    expect(Object.keys(copy)).toEqual(['__proto__']);
    expect(copy.polluted).toBeUndefined();
  });

  it('that cannot be read is refused, with the place', () => {
    const getter = {
      get email() {
        throw new Error('trap');
      },
    };
    const proxy = new Proxy({}, { getPrototypeOf: () => expect.unreachable() });
    for (const trap of [getter, proxy, [getter]]) {
      expect(() => copyInput(trap, 'to')).toThrow(
        expect.objectContaining({ code: 'invalid_input', path: 'to', advice: expect.any(String) }),
      );
    }
  });
});
