import type { Condition } from '../ports/index.ts';
import { type SqlQuery, type SqlRecipientsOptions, sqlRecipients } from './index.ts';

// Three people, and questions as large as Posthorn lets through.

const EIGHT = Date.UTC(2026, 10, 27, 8);

/** SQL that every database reads; `moment` is the type of a moment's column. */
export const largeTables = (moment: string) => `
  create table people (id integer primary key, city text, at ${moment});
  insert into people values (2, null, null), (9, 'Odense', '2026-11-27T08:00:00Z'), (17, 'Aarhus', '2027-01-01T08:00:00Z');`;

export function largeSource(dialect: SqlRecipientsOptions['dialect'], query: SqlQuery) {
  return sqlRecipients({
    dialect,
    label: 'People',
    from: 'people p',
    id: 'p.id',
    fields: {
      city: { column: 'p.city', type: 'text', label: 'City' },
      at: { column: 'p.at', type: 'datetime', label: 'At' },
    },
    relations: {
      other: {
        label: 'Others',
        from: 'people o',
        on: 'o.id <> p.id',
        fields: { city: { column: 'o.city', type: 'text', label: 'City' } },
      },
    },
    query,
  });
}

const many = <T>(length: number, make: (index: number) => T): T[] =>
  Array.from({ length }, (_, index) => make(index));
const not = (of: Condition): Condition => ({ kind: 'not', of });
const any = (...of: Condition[]): Condition => ({ kind: 'any', of });
const all = (...of: Condition[]): Condition => ({ kind: 'all', of });
const city = (...values: string[]): Condition => ({
  kind: 'test',
  field: 'city',
  test: { is: 'one_of', values },
});
const other = (name: string): Condition => ({ kind: 'related', relation: 'other', where: city(name) });
const at = (ms: number): Condition => ({
  kind: 'test',
  field: 'at',
  test: { is: 'within', from: { value: ms, inclusive: true }, to: { value: ms + 1, inclusive: false } },
});

const cities = many(9_999, (index) => city(`City ${index}`));

export const LARGE_QUESTIONS: readonly (readonly [name: string, where: Condition, ids: readonly string[]])[] =
  [
    ['10,000 rules, one of which must hold', any(...cities, city('Odense')), ['9']],
    ['10,000 rules, all of which must hold', all(...cities.map(not), city('Odense')), ['9']],
    ['10,000 moments', any(...many(9_999, (index) => at(index)), at(EIGHT)), ['9']],
    ['1,000 related rows', any(...many(999, (index) => other(`City ${index}`)), other('Aarhus')), ['2', '9']],
    ['10,000 values in one rule', city(...many(10_000, (index) => `City ${index}`), 'Aarhus'), ['17']],
    ['10,000 ids', { kind: 'ids', ids: [...many(10_000, (index) => `${index}x`), '9'] }, ['9']],
    ['64 levels of 150 rules each', nested(64), ['9']],
  ];

function nested(levels: number): Condition {
  if (levels === 0) return city('Odense');
  const rules = many(150, (index) => city(`${levels} ${index}`));
  return levels % 2 === 0 ? any(...rules, nested(levels - 1)) : all(...rules.map(not), nested(levels - 1));
}
