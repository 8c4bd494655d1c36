/**
 * What a rule asks of a field. Of a field of the recipient, each negative one is true of exactly those of whom its
 * positive one is false, also where there is no value. Of a relation's field it is a question about a row: there is one
 * that is not so. That there is none at all is said by a group with `not`.
 */
export type RecipientOperator =
  | '='
  | '!='
  | '<'
  | '>'
  | '<='
  | '>='
  | 'contains'
  | 'beginsWith'
  | 'endsWith'
  | 'doesNotContain'
  | 'doesNotBeginWith'
  | 'doesNotEndWith'
  | 'null'
  | 'notNull'
  | 'in'
  | 'notIn'
  | 'between'
  | 'notBetween';

/** One question about one field. */
export interface RecipientRule {
  /** A field of the source (`city`), of a relation (`reservation.date`), or `email.status`, `phone.status`. */
  readonly field: string;
  readonly operator: RecipientOperator | (string & {});
  /**
   * What the field is compared with, as its type has it: a text, a number (or its text), true or false, a day
   * (`2026-11-27`, `today`, `today-30`), a moment (`2026-11-27T10:00`). `in` and `between` take lists, or texts with
   * commas. `null` and `notNull` take none.
   */
  readonly value?: unknown;
  /** Only `value`: fields are not compared with each other. */
  readonly valueSource?: string | undefined;
  /** Left out, as if it did not stand there. */
  readonly muted?: boolean | undefined;
  readonly id?: string | undefined;
  readonly disabled?: boolean | undefined;
  readonly path?: readonly number[] | undefined;
}

/**
 * Who is meant, among the recipients of a source: react-querybuilder's `RuleGroupType`, as its user interface makes it
 * and as JSON carries it.
 *
 * - The rules that stand directly in one group and ask about the same relation ask it of one related row: a reservation
 *   on that day *and* for a massage. A group within is a question of its own.
 * - Everything is either true or false: of a customer without a city, `city != Aarhus` is true.
 * - A group without rules is everybody.
 *
 * @example
 * ```ts
 * import type { RecipientQuery } from '@posthorn/core';
 *
 * export const where: RecipientQuery = {
 *   combinator: 'and',
 *   rules: [
 *     { field: 'reservation.date', operator: '=', value: '2026-11-27' },
 *     { field: 'city', operator: 'in', value: ['Aarhus', 'Odense'] },
 *     { combinator: 'and', not: true, rules: [{ field: 'reservation.service', operator: '=', value: 'massage' }] },
 *     { field: 'email.status', operator: '=', value: 'ok' },
 *   ],
 * };
 * ```
 */
export interface RecipientQuery {
  readonly combinator: 'and' | 'or' | (string & {});
  /** Everybody of whom the group is not true. */
  readonly not?: boolean | undefined;
  readonly rules: readonly (RecipientRule | RecipientQuery)[];
  /** Left out, as if it did not stand there. */
  readonly muted?: boolean | undefined;
  readonly id?: string | undefined;
  readonly disabled?: boolean | undefined;
  readonly path?: readonly number[] | undefined;
}
