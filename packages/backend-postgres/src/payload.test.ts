import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MAX_NEWS_BYTES, parsePayload, payloadsOf } from './payload.ts';

const from = '0190163d-8694-739b-aea5-966c26f8ad91';
const line = fc.string({ unit: 'binary', maxLength: 400 }).map((text) =>
  JSON.stringify(text)
    .padEnd((text.length * 97) % 7_000, 'æ')
    .slice(0, 3_900),
);

it('everything told arrives in its order, in payloads that Postgres takes, and the bell rings once', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 40 }), fc.boolean(), (news, rung) => {
      const payloads = payloadsOf({ from, rung, news });
      const told = payloads.map(parsePayload);
      expect(payloads.every((payload) => Buffer.byteLength(payload) < 8_000)).toBe(true);
      expect(new Set(payloads).size).toBe(payloads.length);
      expect(told.flatMap((one) => one.news)).toEqual(news);
      expect(told.every((one) => one.from === from)).toBe(true);
      expect(told.filter((one) => one.rung)).toHaveLength(rung ? 1 : 0);
    }),
  );
});

it('the longest news fits beside its head', () => {
  const payloads = payloadsOf({ from, rung: true, news: Array(1_500).fill('x'.repeat(MAX_NEWS_BYTES)) });
  expect(Math.max(...payloads.map((payload) => Buffer.byteLength(payload)))).toBeLessThan(8_000);
});

it('whatever else is heard is taken for a ring', () => {
  for (const payload of ['', 'hello', 'two words']) {
    expect(parsePayload(payload)).toMatchObject({ rung: true, news: [] });
  }
});
