import { didYouMean, quoted } from '../did-you-mean.ts';
import type { Condition, FieldType } from '../ports/index.ts';
import { type AddressKind, HEALTH_FIELDS, HEALTH_STATUSES } from './address-health.ts';
import { askPlainField, inOrder, type Plain } from './ask-plain-field.ts';
import { askTimeField, spansInOrder } from './ask-time-field.ts';
import type { FieldPlace } from './field-place.ts';
import { oppositeOf } from './join-parts.ts';
import { type GivenValue, listValues } from './list-values.ts';
import { OPERATORS, type Operator, operatorsOf, type Question } from './operator.ts';
import { queryError } from './query-error.ts';
import { type Given, own, ownText, refuseSegment } from './query-input.ts';
import type { HealthNode, RuleNode, Said } from './query-node.ts';
import { readBoolean, readNumber, readText } from './read-plain-value.ts';
import { readDay, readMoment, type Today } from './read-span.ts';
import type { RecipientOperator } from './recipient-query.ts';
import { othersThan } from './split-health.ts';

/** What rules are checked against. */
export interface Checking extends Today {
  /** Key of the source. */
  readonly source: string;
  readonly places: ReadonlyMap<string, FieldPlace>;
}

/** A rule, and the relation it asks about. */
export type CheckedRule =
  | { readonly relation: string | null; readonly rule: RuleNode }
  | { readonly relation: null; readonly rule: HealthNode };

/** @throws InputError `invalid_query` where the rule does not fit the fields. */
export function checkRule(checking: Checking, given: Given, path: string): CheckedRule {
  refuseSegment(given, path);
  refuseOtherSides(given, path);
  const called = ownText(given, 'field', path);
  const operator = ownText(given, 'operator', path);
  const value = own(given, 'value');
  const address = HEALTH_FIELDS.get(called);
  if (address !== undefined) {
    const name = checkOperator(operator, called, 'health', path);
    return { relation: null, rule: checkHealth(address, name, value, `${path}.value`) };
  }
  const place = checking.places.get(called);
  if (place === undefined) {
    const known = [...checking.places.keys(), ...HEALTH_FIELDS.keys()];
    throw queryError(
      `${path}.field`,
      `the source ${quoted(checking.source)} has no field ${quoted(called)}`,
      didYouMean(called, known),
    );
  }
  const name = checkOperator(operator, called, place.field.type, path);
  const answer = checkField(checking, place, OPERATORS[name], value, `${path}.value`);
  return { relation: place.relation, rule: { kind: 'rule', field: place.field, operator: name, ...answer } };
}

/** What react-querybuilder can say and a source cannot answer; not to see it would change whom it means. */
function refuseOtherSides(given: Given, path: string): void {
  const source = own(given, 'valueSource') ?? 'value';
  if (source !== 'value') {
    const advice = 'Compare the field with a value, or declare a field that holds the comparison.';
    throw queryError(
      `${path}.valueSource`,
      'must be "value": fields are not compared with each other',
      advice,
    );
  }
  for (const name of ['match', 'lhs']) {
    if ((own(given, name) ?? null) !== null) throw queryError(`${path}.${name}`, 'is not understood');
  }
}

function checkOperator(
  operator: string,
  field: string,
  type: FieldType | 'health',
  path: string,
): RecipientOperator {
  const fitting = operatorsOf(type);
  const known = fitting.find((name) => name === operator);
  if (known !== undefined) return known;
  const problem = Object.hasOwn(OPERATORS, operator)
    ? `${quoted(operator)} cannot be asked of ${quoted(field)} (${NAMES[type]})`
    : `there is no operator ${quoted(operator)}`;
  throw queryError(`${path}.operator`, problem, didYouMean(operator, fitting));
}

const NAMES: Readonly<Record<FieldType | 'health', string>> = {
  text: 'a text',
  number: 'a number',
  boolean: 'true or false',
  date: 'a day',
  datetime: 'a moment',
  health: 'the health of an address',
};

function checkHealth(
  address: AddressKind,
  operator: RecipientOperator,
  value: unknown,
  path: string,
): HealthNode {
  const { asks, negated } = OPERATORS[operator];
  const said = valuesFor(asks, value, path).map((one) => {
    const status = HEALTH_STATUSES.find((known) => known === one.value);
    if (status !== undefined) return status;
    const advice = didYouMean(typeof one.value === 'string' ? one.value : '', HEALTH_STATUSES);
    throw queryError(one.path, 'is no state of an address', advice);
  });
  return { kind: 'health', address, operator, said, statuses: negated ? othersThan(said) : said };
}

function checkField(
  checking: Checking,
  place: FieldPlace,
  operator: Operator,
  value: unknown,
  path: string,
): { readonly said: readonly Said[]; readonly condition: Condition } {
  const { said, condition } = askField(checking, place, operator.asks, value, path);
  return { said, condition: operator.negated ? oppositeOf(condition) : condition };
}

function askField(
  today: Today,
  { name, field: { type } }: FieldPlace,
  asks: Question,
  value: unknown,
  path: string,
): { readonly said: readonly Said[]; readonly condition: Condition } {
  if (asks === 'null') return { said: [], condition: { kind: 'test', field: name, test: { is: 'null' } } };
  const values = valuesFor(asks, value, path);
  if (type === 'date' || type === 'datetime') {
    const read = type === 'date' ? readDay : readMoment;
    const spans = values.map((one) => read(one.value, today, one.path));
    const ordered = asks === 'between' ? spansInOrder(spans) : spans;
    return { said: ordered.map(({ said }) => said), condition: askTimeField(asks, name, ordered) };
  }
  const plain = values.map((one) => readPlain(type, one));
  if (isSearch(asks) && plain[0] === '') throw queryError(path, 'is empty, and nothing is in every text');
  const ordered = asks === 'between' ? inOrder(plain) : plain;
  return { said: ordered, condition: { kind: 'test', field: name, test: askPlainField(asks, ordered) } };
}

/** As many as the question takes. */
function valuesFor(asks: Question, value: unknown, path: string): readonly GivenValue[] {
  if (asks !== 'one_of' && asks !== 'between') {
    if (value !== undefined && value !== null) return [{ value, path }];
    throw queryError(path, 'is missing', 'Ask with "null" or "notNull" whether there is a value.');
  }
  const values = listValues(value, path);
  if (asks === 'between' && values.length !== 2) throw queryError(path, 'must be two values');
  return values;
}

function readPlain(type: 'text' | 'number' | 'boolean', { value, path }: GivenValue): Plain {
  if (type === 'text') return readText(value, path);
  return type === 'number' ? readNumber(value, path) : readBoolean(value, path);
}

function isSearch(asks: Question): boolean {
  return asks === 'contains' || asks === 'begins_with' || asks === 'ends_with';
}
