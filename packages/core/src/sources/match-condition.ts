import type { Bound, Condition, FieldTest, FieldType } from '../ports/index.ts';
import { compareTexts } from './compare-texts.ts';
import { fieldValue } from './field-value.ts';

/** How a condition reads a row. */
export interface RowReader<Row> {
  id(row: Row): string | undefined;
  /** A field's type, and its value as the row holds it. */
  field(name: string): { readonly type: FieldType; read(row: Row): unknown };
  /** The related rows, and how they are read. */
  relation(name: string): { rows(row: Row): readonly object[]; readonly reader: RowReader<object> };
}

/** Says of any row whether it fulfils the condition, which has been checked. */
export function matchCondition<Row>(condition: Condition, reader: RowReader<Row>): (row: Row) => boolean {
  switch (condition.kind) {
    case 'all': {
      const parts = condition.of.map((part) => matchCondition(part, reader));
      return (row) => parts.every((matches) => matches(row));
    }
    case 'any': {
      const parts = condition.of.map((part) => matchCondition(part, reader));
      return (row) => parts.some((matches) => matches(row));
    }
    case 'not': {
      const matches = matchCondition(condition.of, reader);
      return (row) => !matches(row);
    }
    case 'related': {
      const { rows, reader: related } = reader.relation(condition.relation);
      const matches = matchCondition(condition.where, related);
      return (row) => rows(row).some(matches);
    }
    case 'ids': {
      const ids = new Set(condition.ids);
      return (row) => ids.has(reader.id(row) ?? '');
    }
    case 'test': {
      const { type, read } = reader.field(condition.field);
      if (condition.test.is === 'null') return (row) => (read(row) ?? null) === null;
      const matches = matchTest(condition.test);
      return (row) => {
        const value = fieldValue(type, read(row));
        return value !== undefined && matches(value);
      };
    }
  }
}

type Value = string | number | boolean;

function matchTest(test: Exclude<FieldTest, { is: 'null' }>): (value: Value) => boolean {
  switch (test.is) {
    case 'one_of': {
      const values = new Set(test.values);
      return (value) => values.has(value);
    }
    case 'within': {
      const { from, to } = test;
      return (value) =>
        (from === null || isBeyond(value, from, 1)) && (to === null || isBeyond(value, to, -1));
    }
    case 'contains':
      return (value) => String(value).includes(test.text);
    case 'begins_with':
      return (value) => String(value).startsWith(test.text);
    case 'ends_with':
      return (value) => String(value).endsWith(test.text);
  }
}

/** Whether a value stands on the given side of the bound: above it for 1, below it for -1. */
function isBeyond(value: Value, bound: Bound, side: 1 | -1): boolean {
  const order = side * compareValues(value, bound.value);
  return order > 0 || (bound.inclusive && order === 0);
}

function compareValues(a: Value, b: Value): number {
  return typeof a === 'string' && typeof b === 'string' ? compareTexts(a, b) : Number(a) - Number(b);
}
