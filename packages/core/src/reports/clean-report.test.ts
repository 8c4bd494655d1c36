import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, Report } from '../ports/index.ts';
import { cleanReport } from './clean-report.ts';

const report = (parts: Partial<Report>): Report => ({
  type: 'bounced',
  token: null,
  providerId: null,
  address: null,
  occurredAt: 1,
  failure: null,
  list: null,
  detail: {},
  ...parts,
});

describe('a report that is kept', () => {
  it('is what came, where that is ordinary', () => {
    const ordinary = report({
      providerId: 'sg-1',
      address: 'søren@example.dk',
      failure: { category: 'spam', fault: 'content', reply: { code: 550, text: 'Nej tak – æøå' } },
      list: '17',
      detail: {
        provider: 'click',
        url: 'https://salonsol.dk/?a=1',
        position: { index: 2 },
        tags: ['a', null],
      },
    });
    expect(cleanReport(ordinary)).toEqual(ordinary);
  });

  it('has neither control characters nor halves of characters', () => {
    const clean = cleanReport(
      report({
        address: 'anna\u0000@example.dk',
        list: 'a\r\nb',
        failure: { category: 'other', fault: 'nobody', reply: { text: 'no\u001b[31m such\nuser' } },
        detail: { 'na\u0007me': 'x\ud800y', deep: [{ text: 'a\u202eb' }] },
      }),
    );
    expect(JSON.stringify(clean)).not.toMatch(/\\u|\\[bfnrt]|[\p{Cc}\p{Cf}\p{Cs}]/u);
    expect(clean.detail).toEqual({ 'na me': 'x y', deep: [{ text: 'a b' }] });
  });

  it('is a few kilobytes at most, whatever comes, and keeps the provider’s word for it', () => {
    const big = Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`field${n}`, 'x'.repeat(10_000)]));
    const clean = cleanReport(
      report({
        providerId: 'p'.repeat(10_000),
        list: 'l'.repeat(10_000),
        detail: { provider: 'open', ...big },
      }),
    );
    expect(JSON.stringify(clean).length).toBeLessThan(5_000);
    expect(clean).toMatchObject({ providerId: null, detail: { provider: 'open', tooLong: true } });
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        const detail = { value: value as Json };
        expect(JSON.stringify(cleanReport(report({ detail })).detail).length).toBeLessThanOrEqual(4_000);
      }),
    );
  });

  it('takes names of prototypes for what they are', () => {
    const detail = JSON.parse('{ "__proto__": { "polluted": true }, "constructor": "x" }');
    const clean = cleanReport(report({ detail })).detail;
    expect(Object.keys(clean)).toEqual(['__proto__', 'constructor']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});
