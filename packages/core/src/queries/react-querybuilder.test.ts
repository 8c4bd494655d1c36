import { DatabaseSync } from 'node:sqlite';
import {
  type Field,
  formatQuery,
  type RuleGroupType,
  type RuleType,
  toArray,
} from '@react-querybuilder/core';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { RecipientQuery, RecipientRule } from './index.ts';
import { listFields } from './list-fields.ts';
import { listValues } from './list-values.ts';
import { ANNA, type Customer, salon, salonSource } from './salon.test-kit.ts';

describe('react-querybuilder', () => {
  it('makes queries that are taken as they are, and takes the fields as they are listed', () => {
    expectTypeOf<RuleGroupType>().toExtend<RecipientQuery>();
    expectTypeOf<RuleType>().toExtend<RecipientRule>();
    const fields: Field[] = listFields(salonSource([ANNA]), 'da');
    expect(fields.length).toBeGreaterThan(0);
  });

  it('reads texts with commas the same way', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', ',', '\\', ' ', 'å'), { maxLength: 20 })
      .map((all) => all.join(''));
    fc.assert(
      fc.property(text, (list) => {
        const read = toArray(list);
        fc.pre(read.length > 0);
        expect(listValues(list, 'value').map(({ value }) => value)).toEqual(read);
      }),
    );
  });

  // Its SQL knows no relations, escapes no wildcards and is undecided about missing values: the rest is compared.
  it('says the same in its SQL', async () => {
    const database = new DatabaseSync(':memory:');
    database.exec(
      'PRAGMA case_sensitive_like = ON; CREATE TABLE people (id TEXT, city TEXT, visits REAL, born TEXT)',
    );
    const people: Customer[] = [];
    for (const city of ['Aarhus', 'aarhus', 'Odense', "O'Hara", '']) {
      for (const visits of [0, 2, 10]) {
        const born = `2026-11-2${visits % 7}`;
        people.push({ ...ANNA, id: `p${String(people.length).padStart(2, '0')}`, city, visits, born });
        database
          .prepare('INSERT INTO people VALUES (?, ?, ?, ?)')
          .run(people.at(-1)?.id ?? '', city, visits, born);
      }
    }
    const { find } = await salon(people);
    const fields = [
      { name: 'city', label: 'By' },
      { name: 'visits', label: 'Besøg', inputType: 'number' },
      { name: 'born', label: 'Fødselsdag' },
    ];
    await fc.assert(
      fc.asyncProperty(query, async (made) => {
        const asked: RuleGroupType = JSON.parse(JSON.stringify(made));
        const options = { format: 'parameterized', fields, parseNumbers: 'native' } as const;
        const { sql, params } = formatQuery(asked, options);
        const rows = database
          .prepare(`SELECT id FROM people WHERE ${sql} ORDER BY id`)
          .all(...(params as string[]));
        expect(await find(asked)).toEqual(rows.map(({ id }) => id));
      }),
      { numRuns: 300 },
    );
    database.close();
  });
});

const DAYS = ['2026-11-20', '2026-11-22', '2026-11-23'];
const COMPARED = ['=', '!=', '<', '<=', '>', '>=', 'in', 'notIn', 'between', 'notBetween', 'null', 'notNull'];
const SEARCHED = [
  'contains',
  'beginsWith',
  'endsWith',
  'doesNotContain',
  'doesNotBeginWith',
  'doesNotEndWith',
];

function rulesOf(field: string, values: readonly string[]): fc.Arbitrary<RuleType> {
  const value = fc.constantFrom(...values);
  const operator = fc.constantFrom(...COMPARED);
  return fc.record({ operator, value, other: value }).map((rule) => {
    const takesTwo = ['in', 'notIn', 'between', 'notBetween'].includes(rule.operator);
    // Which end comes first says nothing to us; its own formats differ there.
    const ends = [rule.value, rule.other].sort((a, b) => values.indexOf(a) - values.indexOf(b));
    return { field, operator: rule.operator, value: takesTwo ? ends.join(',') : rule.value };
  });
}

const rule = fc.oneof(
  rulesOf('city', ['Aarhus', 'B', "O'Hara", 'Odense']),
  rulesOf('visits', ['0', '1', '2', '10']),
  rulesOf('born', DAYS),
  fc.record({
    field: fc.constant('city'),
    operator: fc.constantFrom(...SEARCHED),
    value: fc.constantFrom('a', 'A', 'rhus', "'", 'se'),
  }),
);

const { query } = fc.letrec<{ query: RuleGroupType; part: RuleGroupType | RuleType }>((tie) => ({
  query: fc.record({
    combinator: fc.constantFrom('and', 'or'),
    not: fc.boolean(),
    rules: fc.array(tie('part'), { minLength: 1, maxLength: 3 }),
  }),
  part: fc.oneof({ depthSize: 'small' }, rule, tie('query')),
}));
