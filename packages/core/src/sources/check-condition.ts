import { didYouMean, quoted } from '../did-you-mean.ts';
import { InputError } from '../errors.ts';
import type {
  Bound,
  Condition,
  FieldTest,
  FieldType,
  SourceField,
  SourceFields,
  SourceRelation,
} from '../ports/index.ts';

/** What a source lets people ask. */
export interface Askable {
  readonly fields: SourceFields;
  readonly relations: Readonly<Record<string, SourceRelation>>;
}

/**
 * Checks that a condition asks only what the source declares, with values that fit. Queries are checked before they
 * become conditions; this is the wall behind it, so that what reaches a row or a statement is known.
 *
 * @throws InputError `invalid_query`
 */
export function checkCondition(condition: Condition, { fields, relations }: Askable): void {
  eachTest(condition, (leaf) => {
    if (leaf.kind === 'test') checkTest(leaf.test, own(fields, leaf.field, 'field'));
    if (leaf.kind !== 'related') return;
    const relation = own(relations, leaf.relation, 'relation');
    eachTest(leaf.where, (inner) => {
      if (inner.kind !== 'test') throw invalid('A related row can only be asked about its fields.');
      checkTest(inner.test, own(relation.fields, inner.field, 'field'));
    });
  });
}

type Leaf = Extract<Condition, { kind: 'test' | 'ids' | 'related' }>;

function eachTest(condition: Condition, check: (leaf: Leaf) => void): void {
  switch (condition.kind) {
    case 'all':
    case 'any':
      for (const part of condition.of) eachTest(part, check);
      break;
    case 'not':
      eachTest(condition.of, check);
      break;
    case 'related':
    case 'ids':
    case 'test':
      check(condition);
      break;
    default:
      throw invalid('It holds a condition of an unknown kind.');
  }
}

function checkTest(test: FieldTest, field: SourceField): void {
  const fits = FITS[field.type];
  const values = valuesOf(test, field.type);
  if (values?.every(fits)) return;
  throw invalid(`\`${test.is}\` of ${quoted(field.label)} does not fit a field of type ${field.type}.`);
}

/** What a test compares with; undefined where fields of the type cannot be asked it. */
function valuesOf(test: FieldTest, type: FieldType): readonly unknown[] | undefined {
  if (test.is === 'null') return [];
  if (test.is === 'one_of') return type === 'date' || type === 'datetime' ? undefined : test.values;
  if (test.is === 'within') return type === 'boolean' ? undefined : boundsOf(test.from, test.to);
  return type === 'text' ? [test.text] : undefined;
}

function boundsOf(...ends: readonly (Bound | null)[]): readonly unknown[] {
  return ends.flatMap((end) => (end === null ? [] : [end.value]));
}

/** What a Date can hold. */
const MAX_MS = 8.64e15;

const FITS: Readonly<Record<FieldType, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string' && isStorable(value),
  number: Number.isFinite,
  boolean: (value) => typeof value === 'boolean',
  date: isDay,
  datetime: (value) => Number.isInteger(value) && Math.abs(Number(value)) <= MAX_MS,
};

/** A day of the calendar, as every database reads it. */
function isDay(value: unknown): boolean {
  if (typeof value !== 'string' || !/^(?!0000)\d{4}-\d\d-\d\d$/.test(value)) return false;
  const date = new Date(value);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}

/** Databases know no half characters, and some no NUL. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

function own<T>(named: Readonly<Record<string, T>>, name: string, what: string): T {
  const found = Object.hasOwn(named, name) ? named[name] : undefined;
  if (found !== undefined) return found;
  throw invalid(`The source has no ${what} ${quoted(String(name))}.`, didYouMean(name, Object.keys(named)));
}

function invalid(problem: string, advice?: string): InputError {
  return new InputError('invalid_query', problem, { advice });
}
