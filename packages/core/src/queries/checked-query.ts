import { EVERYBODY, joinParts } from './join-parts.ts';
import type { QueryNode } from './query-node.ts';
import { type SplitQuery, splitHealth } from './split-health.ts';

/** A query whose every part is checked against its source. */
export interface CheckedQuery extends SplitQuery {
  readonly root: QueryNode;
}

/** Everybody in the source. */
export const everybody: CheckedQuery = checked(EVERYBODY, 'where');

/** These recipients, as far as there are such. */
export function idsQuery(ids: readonly string[]): CheckedQuery {
  return checked({ kind: 'ids', ids: [...new Set(ids)] }, 'to');
}

/**
 * Everybody of whom at least one of them is true; all of them are about the same source.
 *
 * @throws InputError `invalid_query`, as `splitHealth`.
 */
export function anyOf(queries: readonly CheckedQuery[]): CheckedQuery {
  const roots = queries.map(({ root }) => root);
  return checked(joinParts('any', roots), 'to');
}

/** @throws InputError `invalid_query`, as `splitHealth`. */
export function checked(root: QueryNode, path: string): CheckedQuery {
  return { root, ...splitHealth(root, path) };
}
