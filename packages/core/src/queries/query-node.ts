import type { Condition, SourceField } from '../ports/index.ts';
import type { AddressKind, HealthStatus } from './address-health.ts';
import { joinParts, NOBODY, oppositeOf } from './join-parts.ts';
import type { RecipientOperator } from './recipient-query.ts';

/** A query whose every part is checked: what is asked of the source, and of the addresses' health. */
export type QueryNode =
  | GroupNode
  | { readonly kind: 'not'; readonly of: QueryNode }
  | RelatedNode
  | RuleNode
  | HealthNode
  | { readonly kind: 'ids'; readonly ids: readonly string[] };

/** Without parts: of `all` everybody, of `any` nobody. */
export interface GroupNode {
  readonly kind: 'all' | 'any';
  readonly of: readonly QueryNode[];
}

/** The rules of one group about one relation: one related row fulfils all of them, or any. */
export interface RelatedNode {
  readonly kind: 'related';
  readonly relation: string;
  readonly combine: 'all' | 'any';
  readonly rules: readonly RuleNode[];
}

export interface RuleNode {
  readonly kind: 'rule';
  readonly field: SourceField;
  readonly operator: RecipientOperator;
  /** What the field is compared with, as people said it. */
  readonly said: readonly Said[];
  readonly condition: Condition;
}

export interface HealthNode {
  readonly kind: 'health';
  readonly address: AddressKind;
  readonly operator: RecipientOperator;
  readonly said: readonly HealthStatus[];
  /** Those of whom it is true. */
  readonly statuses: readonly HealthStatus[];
}

/** A value: plain, a day of the calendar, days from today, or an instant in ms. */
export type Said =
  | string
  | number
  | boolean
  | { readonly day: string }
  | { readonly days: number }
  | { readonly instant: number };

export function isGroup(node: QueryNode): node is GroupNode {
  return node.kind === 'all' || node.kind === 'any';
}

export function asksHealth(node: QueryNode): boolean {
  switch (node.kind) {
    case 'health':
      return true;
    case 'not':
      return asksHealth(node.of);
    case 'all':
    case 'any':
      return node.of.some(asksHealth);
    default:
      return false;
  }
}

/** What a source is asked; of nodes that ask no health. */
export function conditionOf(node: QueryNode): Condition {
  switch (node.kind) {
    case 'all':
    case 'any':
      return joinParts(node.kind, node.of.map(conditionOf));
    case 'not':
      return oppositeOf(conditionOf(node.of));
    case 'related':
      return relatedTo(node);
    case 'rule':
      return node.condition;
    case 'ids':
      return node.ids.length === 0 ? NOBODY : node;
    case 'health':
      throw new TypeError('No source knows the health of addresses.');
  }
}

function relatedTo({ relation, combine, rules }: RelatedNode): Condition {
  const where = joinParts(
    combine,
    rules.map(({ condition }) => condition),
  );
  return { kind: 'related', relation, where };
}
