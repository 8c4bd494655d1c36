import type { HealthStatus } from './address-health.ts';
import type { RecipientQuery, RecipientRule } from './index.ts';
import type { Customer, Reservation } from './salon.test-kit.ts';
import { ZONE } from './salon.test-kit.ts';

// What a query means, said once more and without any of the code under test: by looking at the query as it was given and
// at one customer.

/** Whether the query is true of the customer. */
export function holds(query: RecipientQuery, customer: Customer): boolean {
  const rules = query.rules.filter(({ muted }) => muted !== true);
  const own = rules.filter((part) => 'rules' in part || !part.field.startsWith('reservation.'));
  const related = rules.filter(
    (part): part is RecipientRule => 'field' in part && part.field.startsWith('reservation.'),
  );
  const answers = own.map((part) => ('rules' in part ? holds(part, customer) : asks(part, customer)));
  const every = query.combinator === 'and';
  if (related.length > 0) {
    const oneRow = (row: Reservation) =>
      every ? related.every((part) => asksRow(part, row)) : related.some((part) => asksRow(part, row));
    answers.push(customer.reservations.some(oneRow));
  }
  const answer = answers.length === 0 || (every ? answers.every(Boolean) : answers.some(Boolean));
  return query.not === true ? !answer : answer;
}

function asks(rule: RecipientRule, customer: Customer): boolean {
  if (rule.field === 'email.status') return compare(rule, customer.email ?? 'ok');
  if (rule.field === 'phone.status') return compare(rule, customer.phone ?? 'ok');
  const value = customer[rule.field as keyof Customer] as string | number | boolean | null;
  if (rule.field === 'seen' && value !== null) return compareTime(rule, Number(value));
  return compare(rule, value);
}

function asksRow(rule: RecipientRule, row: Reservation): boolean {
  return compare(rule, row[rule.field.slice('reservation.'.length) as keyof Reservation]);
}

const OPPOSITES: Readonly<Record<string, string>> = {
  '!=': '=',
  notIn: 'in',
  notBetween: 'between',
  doesNotContain: 'contains',
  doesNotBeginWith: 'beginsWith',
  doesNotEndWith: 'endsWith',
  notNull: 'null',
};

type Value = string | number | boolean | HealthStatus | null;

function compare(rule: RecipientRule, value: Value): boolean {
  const opposite = OPPOSITES[rule.operator];
  if (opposite !== undefined) return !compare({ ...rule, operator: opposite }, value);
  if (rule.operator === 'null') return value === null;
  if (value === null) return false;
  const given = rule.value as never;
  const list = rule.value as (string | number | boolean)[];
  switch (rule.operator) {
    case '=':
      return value === given;
    case 'in':
      return list.includes(value);
    case '<':
      return order(value, given) < 0;
    case '<=':
      return order(value, given) <= 0;
    case '>':
      return order(value, given) > 0;
    case '>=':
      return order(value, given) >= 0;
    case 'between': {
      const [low, high] = [...list].sort(order);
      return order(value, low ?? 0) >= 0 && order(value, high ?? 0) <= 0;
    }
    case 'contains':
      return String(value).split(given).length > 1;
    case 'beginsWith':
      return String(value).indexOf(given) === 0;
    default:
      return String(value).slice(-String(given).length) === given;
  }
}

/** Texts letter by letter, and each by its number. */
function order(a: string | number | boolean, b: string | number | boolean): number {
  if (typeof a !== 'string' || typeof b !== 'string') return Number(a) - Number(b);
  const [left, right] = [[...a], [...b]];
  for (const [index, letter] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const difference = (letter.codePointAt(0) ?? 0) - (other.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** A day as value: what a calendar on the salon's wall shows at that moment decides. */
function compareTime(rule: RecipientRule, seen: number): boolean {
  const shown = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, dateStyle: 'short' }).format(seen);
  return compare(rule, shown);
}
