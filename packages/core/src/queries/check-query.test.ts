import { describe, expect, it } from 'vitest';
import type { RecipientQuery } from './index.ts';
import { ANNA, and, checkSalon, or, rule, salonSource } from './salon.test-kit.ts';

const source = salonSource([ANNA]);
const check = (query: unknown) => checkSalon(source, query);
const aarhus = { field: 'city', operator: '=', value: 'Aarhus' };

function refusal(query: unknown): { path: string; message: string; code: string } {
  try {
    check(query);
  } catch (error) {
    return error as never;
  }
  throw new Error('It was not refused.');
}

describe('a query that is none', () => {
  it.each([
    [undefined, 'to.where'],
    [null, 'to.where'],
    ['city = Aarhus', 'to.where'],
    [7, 'to.where'],
    [[aarhus], 'to.where'],
    [aarhus, 'to.where.combinator'],
    [new Map([['rules', []]]), 'to.where.combinator'],
    [{ combinator: 'and' }, 'to.where.rules'],
    [{ combinator: 'and', rules: 'all' }, 'to.where.rules'],
    [{ combinator: 'and', rules: { length: 1, 0: aarhus } }, 'to.where.rules'],
    [{ combinator: 'xor', rules: [] }, 'to.where.combinator'],
    [{ combinator: ['and'], rules: [] }, 'to.where.combinator'],
    [{ combinator: 'toString', rules: [] }, 'to.where.combinator'],
    [{ combinator: 'and', not: 'yes', rules: [] }, 'to.where.not'],
    [{ combinator: 'and', muted: 1, rules: [] }, 'to.where.muted'],
    [{ combinator: 'and', rules: [null] }, 'to.where.rules[0]'],
    [{ combinator: 'and', rules: [aarhus, [aarhus]] }, 'to.where.rules[1]'],
    [{ combinator: 'and', rules: new Array(3) }, 'to.where.rules[0]'],
    [{ combinator: 'and', rules: [{ combinator: 'and', rules: [aarhus, 1] }] }, 'to.where.rules[0].rules[1]'],
    [{ combinator: 'and', rules: [{}] }, 'to.where.rules[0].field'],
    [{ combinator: 'and', rules: [{ field: 'city' }] }, 'to.where.rules[0].operator'],
    [Object.create({ combinator: 'and', rules: [] }), 'to.where.combinator'],
    [JSON.parse('{"__proto__":{"combinator":"and","rules":[]}}'), 'to.where.combinator'],
  ])('%j is refused with its place', (query, path) => {
    expect(refusal(query)).toMatchObject({ code: 'invalid_query', path, name: 'InputError' });
  });

  it.each([[aarhus], [{ city: 'Aarhus' }], [{ rules: [aarhus] }]])('%j: says what one is', (query) => {
    expect(refusal(query).message).toContain(
      'to.where.combinator: must be "and" or "or". A query is a group: { combinator, rules }.',
    );
  });

  it('says what to do about combinators that stand between the rules', () => {
    const query = { rules: [aarhus, 'or', aarhus] };
    expect(refusal(query)).toMatchObject({
      path: 'to.where',
      message: expect.stringContaining('convertFromIC'),
    });
  });

  it('says so where reading it fails', () => {
    const cause = new Error('no');
    const trap = {
      combinator: 'and',
      get rules(): unknown {
        throw cause;
      },
    };
    expect(refusal(trap)).toMatchObject({ code: 'invalid_query', path: 'to.where', cause });
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(refusal({ combinator: 'and', rules: [proxy] })).toMatchObject({ code: 'invalid_query' });
  });
});

describe('a rule that does not fit', () => {
  it.each([
    ['ctiy', 'Did you mean "city"?'],
    ['reservation.dato', 'Did you mean "reservation.date"?'],
    ['email.state', 'Did you mean "email.status"?'],
    ['reservation', ''],
    ['date', ''],
    ['constructor', ''],
    ['__proto__', ''],
    ['reservation.__proto__', ''],
    ['~', ''],
    ["city'; DROP TABLE customers --", ''],
    ['x'.repeat(1_000_000), ''],
  ])('says that there is no field %.40s', (field, advice) => {
    const error = refusal(rule(field, '=', 'x'));
    expect(error).toMatchObject({ code: 'invalid_query', path: 'to.where.rules[0].field' });
    expect(error.message).toContain(advice);
    expect(error.message.length).toBeLessThan(500);
  });

  it.each([
    ['city', 'equals', 'there is no operator "equals"'],
    ['city', '~', 'there is no operator'],
    ['city', 'toString', 'there is no operator'],
    ['city', 'doesNotContains', 'Did you mean "doesNotContain"?'],
    ['visits', 'contains', '"contains" cannot be asked of "visits" (a number)'],
    ['vip', '<', 'cannot be asked'],
    ['vip', 'in', 'cannot be asked'],
    ['born', 'beginsWith', 'cannot be asked'],
    ['seen', 'endsWith', 'cannot be asked'],
    ['email.status', 'null', 'cannot be asked'],
    ['email.status', '<', 'cannot be asked'],
  ])('says that %s cannot be asked by %s', (field, operator, words) => {
    const error = refusal(rule(field, operator, 'x'));
    expect(error).toMatchObject({ code: 'invalid_query', path: 'to.where.rules[0].operator' });
    expect(error.message).toContain(words);
  });

  it.each([
    [{ ...aarhus, valueSource: 'field', value: 'name' }, 'to.where.rules[0].valueSource'],
    [{ ...aarhus, match: { mode: 'all' } }, 'to.where.rules[0].match'],
    [{ ...aarhus, lhs: { op: 'lower', args: [] } }, 'to.where.rules[0].lhs'],
  ])('refuses what no source answers: %j', (part, path) => {
    expect(refusal({ combinator: 'and', rules: [part] })).toMatchObject({ code: 'invalid_query', path });
  });
});

describe('what a user interface adds', () => {
  it('changes nothing', () => {
    const plain = and(aarhus);
    const adorned = {
      id: 'g',
      path: [],
      disabled: true,
      meta: { color: 'red' },
      valueEditorType: 'text',
      combinator: 'and',
      not: null,
      rules: [
        { ...aarhus, id: 'r', path: [0], disabled: true, valueSource: 'value', muted: false, match: null },
      ],
    };
    expect(check(adorned)).toEqual(check(plain));
  });

  it('is left out where it is muted, even if it is wrong', () => {
    const muted = [
      { field: 'nowhere', operator: '?', muted: true },
      { combinator: 'and', muted: true, rules: [{ field: 'nowhere', operator: '?' }] },
    ];
    expect(check({ combinator: 'or', rules: [aarhus, ...muted] })).toEqual(check(and(aarhus)));
    expect(check({ combinator: 'and', muted: true, rules: [aarhus] })).toEqual(check(and()));
  });
});

describe('a large query', () => {
  const nested = (levels: number): RecipientQuery =>
    levels === 1
      ? and(aarhus)
      : { combinator: levels % 2 ? 'and' : 'or', rules: [aarhus, nested(levels - 1)] };

  it('is asked 64 levels deep, and refused beyond', () => {
    expect(() => check(nested(50))).not.toThrow();
    expect(() => check(nested(64))).not.toThrow();
    const error = refusal(nested(65));
    expect(error.code).toBe('invalid_query');
    expect(error.path).toBe(`to.where${'.rules[1]'.repeat(64)}`);
    expect(() => check(nested(5000))).toThrow(expect.objectContaining({ code: 'invalid_query' }));
  });

  it('that holds itself is refused', () => {
    const rules: unknown[] = [];
    const query = { combinator: 'and', rules };
    rules.push(query, query);
    expect(refusal(query).code).toBe('invalid_query');
  });

  it('has 10,000 rules and no more', () => {
    const rules = Array.from({ length: 10_000 }, () => aarhus);
    expect(() => check({ combinator: 'or', rules })).not.toThrow();
    expect(refusal({ combinator: 'or', rules: [...rules, aarhus] })).toMatchObject({
      code: 'invalid_query',
      path: 'to.where',
    });
    const shared = { combinator: 'and', rules: rules.slice(0, 500) };
    const many = Array.from({ length: 100 }, () => shared);
    expect(refusal({ combinator: 'or', rules: many })).toMatchObject({ path: 'to.where' });
  });

  it('is refused where health and other questions alternate in very many places', () => {
    const pair = and(aarhus, { field: 'email.status', operator: '=', value: 'ok' });
    const alternating = (places: number) => or(...Array.from({ length: places }, () => pair));
    expect(() => check(alternating(100))).not.toThrow();
    expect(refusal(alternating(101))).toMatchObject({ code: 'invalid_query', path: 'to.where' });
  });
});
