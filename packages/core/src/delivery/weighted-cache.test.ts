import fc from 'fast-check';
import { expect, it } from 'vitest';
import { WeightedCache } from './weighted-cache.ts';

it('keeps what was used last, and never more than it may weigh', () => {
  const cache = new WeightedCache<string>(10);
  cache.set('a', 'A', 4);
  cache.set('b', 'B', 4);
  expect(cache.get('a')).toBe('A');
  cache.set('c', 'C', 4);
  expect(['a', 'b', 'c'].map((key) => cache.get(key))).toEqual(['A', undefined, 'C']);
});

it('does not throw everything out for one that is too heavy', () => {
  const cache = new WeightedCache<string>(10);
  cache.set('a', 'A', 4);
  cache.set('b', 'B', 11);
  expect([cache.get('a'), cache.get('b')]).toEqual(['A', undefined]);
});

it('answers the last value of a key or nothing, and the kept weigh no more than the limit', () => {
  const writes = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat(), fc.nat(12)));
  fc.assert(
    fc.property(writes, (steps) => {
      const cache = new WeightedCache<number>(20);
      const last = new Map<string, { value: number; weight: number }>();
      for (const [key, value, weight] of steps) {
        cache.set(key, value, weight);
        last.set(key, { value, weight });
        let kept = 0;
        for (const [known, written] of last) {
          const found = cache.get(known);
          if (found === undefined) continue;
          expect(found).toBe(written.value);
          kept += written.weight;
        }
        expect(kept).toBeLessThanOrEqual(20);
        expect(cache.get(key)).toBe(value);
      }
    }),
  );
});
