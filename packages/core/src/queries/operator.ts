import type { FieldType } from '../ports/index.ts';
import type { RecipientOperator } from './recipient-query.ts';

/** What an operator asks, whether it then takes the answer or its opposite. */
export type Question =
  | 'null'
  | 'equal'
  | 'one_of'
  | 'below'
  | 'at_most'
  | 'above'
  | 'at_least'
  | 'between'
  | 'contains'
  | 'begins_with'
  | 'ends_with';

export interface Operator {
  readonly asks: Question;
  readonly negated: boolean;
}

const yes = (asks: Question): Operator => ({ asks, negated: false });
const no = (asks: Question): Operator => ({ asks, negated: true });

/** In the order in which people are offered them. */
export const OPERATORS: Readonly<Record<RecipientOperator, Operator>> = {
  '=': yes('equal'),
  '!=': no('equal'),
  in: yes('one_of'),
  notIn: no('one_of'),
  contains: yes('contains'),
  doesNotContain: no('contains'),
  beginsWith: yes('begins_with'),
  doesNotBeginWith: no('begins_with'),
  endsWith: yes('ends_with'),
  doesNotEndWith: no('ends_with'),
  '<': yes('below'),
  '<=': yes('at_most'),
  '>': yes('above'),
  '>=': yes('at_least'),
  between: yes('between'),
  notBetween: no('between'),
  null: yes('null'),
  notNull: no('null'),
};

const ORDERED: readonly Question[] = [
  'null',
  'equal',
  'one_of',
  'below',
  'at_most',
  'above',
  'at_least',
  'between',
];

/** What can be asked of a field; `health` is what `email.status` is. */
const QUESTIONS: Readonly<Record<FieldType | 'health', readonly Question[]>> = {
  text: [...ORDERED, 'contains', 'begins_with', 'ends_with'],
  number: ORDERED,
  boolean: ['null', 'equal'],
  date: ORDERED,
  datetime: ORDERED,
  health: ['equal', 'one_of'],
};

/** The operators that fit a field. */
export function operatorsOf(type: FieldType | 'health'): readonly RecipientOperator[] {
  const questions = QUESTIONS[type];
  return (Object.keys(OPERATORS) as RecipientOperator[]).filter((name) =>
    questions.includes(OPERATORS[name].asks),
  );
}
