/**
 * A recipient query, checked against a source's fields: who is meant. It is true or false of every recipient, never
 * undecided: a field without a value fulfils `null` alone, and `not` is true of everybody of whom the other is not.
 */
export type Condition =
  /** Each of them; with none, everybody. */
  | { readonly kind: 'all'; readonly of: readonly Condition[] }
  /** At least one of them; with none, nobody. */
  | { readonly kind: 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  /** There is a related row that fulfils it. `where` tests fields of the relation only. */
  | { readonly kind: 'related'; readonly relation: string; readonly where: Condition }
  /** One of these recipients. Never within `related`. */
  | { readonly kind: 'ids'; readonly ids: readonly string[] }
  /** `field` is declared by the source, or within `related` by the relation (without the relation's name). */
  | { readonly kind: 'test'; readonly field: string; readonly test: FieldTest };

/** What is asked of one field. Texts are compared character by character: `A` is not `a`. */
export type FieldTest =
  /** There is no value. */
  | { readonly is: 'null' }
  | { readonly is: 'one_of'; readonly values: readonly (string | number | boolean)[] }
  /** Text order is that of code points. Days are `2026-11-27`; moments are ms since the epoch. */
  | { readonly is: 'within'; readonly from: Bound | null; readonly to: Bound | null }
  | { readonly is: 'contains' | 'begins_with' | 'ends_with'; readonly text: string };

/** One end of a range. */
export interface Bound {
  readonly value: string | number;
  readonly inclusive: boolean;
}
