import type { FieldType } from '../ports/index.ts';
import type { HealthStatus } from './address-health.ts';
import type { RecipientOperator } from './recipient-query.ts';

/** What a query is told with, as data: each text in English and Danish. */
export type Words = readonly [en: string, da: string];

/** What is said of a field, after its name, in a clause that begins with `whose` or `hvor`. `{value}` may be a list; `{from}` and `{to}` are the ends of a range. */
type Phrases = Readonly<Record<RecipientOperator, Words>>;

const PLAIN: Phrases = {
  '=': ['is {value}', 'er {value}'],
  '!=': ['is not {value}', 'ikke er {value}'],
  in: ['is {value}', 'er {value}'],
  notIn: ['is not {value}', 'ikke er {value}'],
  contains: ['contains {value}', 'indeholder {value}'],
  doesNotContain: ['does not contain {value}', 'ikke indeholder {value}'],
  beginsWith: ['begins with {value}', 'begynder med {value}'],
  doesNotBeginWith: ['does not begin with {value}', 'ikke begynder med {value}'],
  endsWith: ['ends with {value}', 'slutter med {value}'],
  doesNotEndWith: ['does not end with {value}', 'ikke slutter med {value}'],
  '<': ['is below {value}', 'er under {value}'],
  '<=': ['is at most {value}', 'er højst {value}'],
  '>': ['is above {value}', 'er over {value}'],
  '>=': ['is at least {value}', 'er mindst {value}'],
  between: ['is between {from} and {to}', 'er mellem {from} og {to}'],
  notBetween: ['is not between {from} and {to}', 'ikke er mellem {from} og {to}'],
  null: ['has no value', 'ikke er udfyldt'],
  notNull: ['has a value', 'er udfyldt'],
};

const TEXT: Phrases = {
  ...PLAIN,
  '<': ['comes before {value}', 'kommer før {value}'],
  '<=': ['is or comes before {value}', 'er eller kommer før {value}'],
  '>': ['comes after {value}', 'kommer efter {value}'],
  '>=': ['is or comes after {value}', 'er eller kommer efter {value}'],
};

const TIME: Phrases = {
  ...PLAIN,
  '<': ['is before {value}', 'er før {value}'],
  '<=': ['is no later than {value}', 'er senest {value}'],
  '>': ['is after {value}', 'er efter {value}'],
  '>=': ['is no earlier than {value}', 'er tidligst {value}'],
  between: ['is from {from} to {to}', 'er fra {from} til {to}'],
  notBetween: ['is not from {from} to {to}', 'ikke er fra {from} til {to}'],
};

export const PHRASES: Readonly<Record<FieldType, Phrases>> = {
  text: TEXT,
  number: PLAIN,
  boolean: PLAIN,
  date: TIME,
  datetime: TIME,
};

/** What operators are called where people choose one. */
export const OPERATOR_LABELS: Readonly<Record<RecipientOperator, Words>> = {
  '=': ['is', 'er'],
  '!=': ['is not', 'er ikke'],
  in: ['is one of', 'er en af'],
  notIn: ['is none of', 'er ingen af'],
  contains: ['contains', 'indeholder'],
  doesNotContain: ['does not contain', 'indeholder ikke'],
  beginsWith: ['begins with', 'begynder med'],
  doesNotBeginWith: ['does not begin with', 'begynder ikke med'],
  endsWith: ['ends with', 'slutter med'],
  doesNotEndWith: ['does not end with', 'slutter ikke med'],
  '<': ['is below', 'er under'],
  '<=': ['is at most', 'er højst'],
  '>': ['is above', 'er over'],
  '>=': ['is at least', 'er mindst'],
  between: ['is between', 'er mellem'],
  notBetween: ['is not between', 'er ikke mellem'],
  null: ['has no value', 'er ikke udfyldt'],
  notNull: ['has a value', 'er udfyldt'],
};

/** And where it is about time. */
export const TIME_OPERATOR_LABELS: Readonly<Partial<Record<RecipientOperator, Words>>> = {
  '<': ['is before', 'er før'],
  '<=': ['is no later than', 'er senest'],
  '>': ['is after', 'er efter'],
  '>=': ['is no earlier than', 'er tidligst'],
};

export const ADDRESS_LABELS: Readonly<Record<'email' | 'phone' | 'group', Words>> = {
  email: ['Email status', 'E-mailstatus'],
  phone: ['Phone status', 'Telefonstatus'],
  group: ['Addresses', 'Adresser'],
};

export const HEALTH_LABELS: Readonly<Record<HealthStatus, Words>> = {
  ok: ['OK', 'OK'],
  missing: ['missing', 'manglende'],
  malformed: ['malformed', 'forkert skrevet'],
  invalid: ['invalid', 'ugyldig'],
  complained: ['reported as spam', 'meldt som spam'],
  unsubscribed: ['unsubscribed', 'frameldt'],
  blocked: ['blocked', 'blokeret'],
};

/** Whole sentences, and the clauses they are joined of. */
export const SENTENCES = {
  everybody: ['All {label}', 'Alle {label}'],
  nobody: ['No {label}', 'Ingen {label}'],
  those: ['{label} {clauses}', '{label}, {clauses}'],
  except: ['{label} except those {clauses}', '{label} undtagen dem, {clauses}'],
  field: ['whose {field} {is}', 'hvor {field} {is}'],
  related: ['who have {relation} where {rules}', 'som har {relation}, hvor {rules}'],
  unrelated: ['who have no {relation} where {rules}', 'som ikke har {relation}, hvor {rules}'],
  chosen: ['who are among {count} chosen by hand', 'som er blandt {count} udvalgte'],
  unchosen: ['who are not among {count} chosen by hand', 'som ikke er blandt {count} udvalgte'],
  group: ['({clauses})', '({clauses})'],
  opposite: ['not ({clauses})', 'ikke ({clauses})'],
  all: ['and', 'og'],
  any: ['or', 'eller'],
  more: ['{count} more', '{count} flere'],
  others: ['{count} others', '{count} andre'],
  daysBefore: ['{count} days ago', '{count} dage før i dag'],
  daysAfter: ['{count} days from today', '{count} dage efter i dag'],
  true: ['yes', 'ja'],
  false: ['no', 'nej'],
} as const satisfies Readonly<Record<string, Words>>;
