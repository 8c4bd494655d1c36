import type { Condition } from '../ports/index.ts';
import { type AddressKind, HEALTH_STATUSES, type HealthStatus } from './address-health.ts';
import { EVERYBODY, joinParts, oppositeOf } from './join-parts.ts';
import { queryError } from './query-error.ts';
import { asksHealth, conditionOf, type GroupNode, isGroup, type QueryNode } from './query-node.ts';

// A source knows nothing about the health of addresses, so a query that asks it is split. The source is asked `where`,
// which holds of everybody the query might be true of, whatever their addresses' health is. What `where` does not decide
// is left as `rest`: the health, and where the two stand side by side in an `or` also `probes`, parts of the query that
// the source answers about each recipient it finds.

/** A query in two parts: the source's, and what is decided once the addresses' health is known. */
export interface SplitQuery {
  readonly where: Condition;
  readonly probes: readonly Condition[];
  /** Null where `where` decides it all. */
  readonly rest: Rest | null;
}

/** Probes are named by their place. */
export type Rest =
  | { readonly kind: 'all' | 'any'; readonly of: readonly Rest[] }
  | { readonly kind: 'health'; readonly address: AddressKind; readonly statuses: readonly HealthStatus[] }
  | { readonly kind: 'probe'; readonly index: number };

/** Each is a column of what the source reads; nobody asks by hand in so many places. */
const MAX_PROBES = 100;

/**
 * Splits a query.
 *
 * @throws InputError `invalid_query` where health and other questions alternate in more than 100 places.
 */
export function splitHealth(root: QueryNode, path: string): SplitQuery {
  const probes: Condition[] = [];
  const rest = asksHealth(root) ? restOf(root, true, true, probes) : null;
  if (probes.length > MAX_PROBES) {
    const problem = `asks about the health of addresses beside other questions in more than ${MAX_PROBES} places`;
    throw queryError(path, problem, 'Ask about it once, in a group around the others.');
  }
  return { where: possible(root, true), probes, rest };
}

/** Whether it is true of a recipient that fulfils `where`. */
export function decide(
  rest: Rest,
  health: (address: AddressKind) => HealthStatus | undefined,
  probes: readonly boolean[],
): boolean {
  switch (rest.kind) {
    case 'all':
      return rest.of.every((part) => decide(part, health, probes));
    case 'any':
      return rest.of.some((part) => decide(part, health, probes));
    case 'health': {
      const status = health(rest.address);
      return status !== undefined && rest.statuses.includes(status);
    }
    case 'probe':
      return probes[rest.index] === true;
  }
}

/** Which addresses it asks about. */
export function addressesOf(rest: Rest): ReadonlySet<AddressKind> {
  if (rest.kind === 'health') return new Set([rest.address]);
  return rest.kind === 'probe' ? new Set() : new Set(rest.of.flatMap((part) => [...addressesOf(part)]));
}

/** Of whom the node (or its opposite) may be true, whatever the health is. */
function possible(node: QueryNode, wanted: boolean): Condition {
  if (!asksHealth(node)) return wanted ? conditionOf(node) : oppositeOf(conditionOf(node));
  if (node.kind === 'not') return possible(node.of, !wanted);
  if (!isGroup(node)) return EVERYBODY;
  const parts = node.of.map((part) => possible(part, wanted));
  return joinParts(needsEach(node, wanted) ? 'all' : 'any', parts);
}

/** What is left to decide of a node that asks health. `given`: what the node says of the source holds of all it finds. */
function restOf(node: QueryNode, wanted: boolean, given: boolean, probes: Condition[]): Rest {
  if (node.kind === 'not') return restOf(node.of, !wanted, given, probes);
  if (node.kind === 'health') {
    const { address, statuses } = node;
    return { kind: 'health', address, statuses: wanted ? statuses : othersThan(statuses) };
  }
  if (!isGroup(node)) throw new TypeError('Only groups, their opposites and health ask about health.');
  const each = needsEach(node, wanted);
  const inner = given && each;
  const rest = node.of.filter(asksHealth).map((part) => restOf(part, wanted, inner, probes));
  const others = node.of.filter((part) => !asksHealth(part));
  if (others.length > 0 && !inner) {
    const probe = possible({ kind: node.kind, of: others }, wanted);
    rest.push({ kind: 'probe', index: probes.push(probe) - 1 });
  }
  const [only] = rest;
  return rest.length === 1 && only !== undefined ? only : { kind: each ? 'all' : 'any', of: rest };
}

/** The opposite of "all of them" is "not one of them, at least". */
function needsEach(group: GroupNode, wanted: boolean): boolean {
  return (group.kind === 'all') === wanted;
}

export function othersThan(statuses: readonly HealthStatus[]): readonly HealthStatus[] {
  return HEALTH_STATUSES.filter((status) => !statuses.includes(status));
}
