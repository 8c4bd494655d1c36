import { didYouMean } from '../did-you-mean.ts';
import { PosthornError } from '../errors.ts';
import type { RecipientSource } from '../ports/index.ts';
import { type Checking, checkRule } from './check-rule.ts';
import { type CheckedQuery, checked } from './checked-query.ts';
import { fieldPlaces } from './field-place.ts';
import { EVERYBODY, joinParts, oppositeOf } from './join-parts.ts';
import { queryError } from './query-error.ts';
import { type Given, isGiven, own, ownFlag, refuseSegment } from './query-input.ts';
import type { QueryNode, RuleNode } from './query-node.ts';
import type { Today } from './read-span.ts';

/** Far beyond what people build by hand; a query is walked by functions that call themselves. */
const MAX_DEPTH = 64;
/** And as many groups. */
const MAX_RULES = 10_000;

/** Where the query stands in the input, and what `today` means to it. */
export interface QueryOptions extends Today {
  /** `to.where`. */
  readonly path: string;
}

/**
 * Checks a query against the fields and relations of its source.
 *
 * @throws InputError `invalid_query` with the path, where it is none, or does not fit, or is beyond the limits.
 */
export function checkQuery(
  source: RecipientSource,
  sourceKey: string,
  query: unknown,
  options: QueryOptions,
): CheckedQuery {
  const { path } = options;
  const walk: Walk = { ...options, places: fieldPlaces(source), source: sourceKey, rules: 0, groups: 0 };
  try {
    return checked(isMuted(query, path) ? EVERYBODY : checkGroup(walk, query, path, 1), path);
  } catch (cause) {
    if (cause instanceof PosthornError) throw cause;
    // A getter that throws, a proxy.
    throw queryError(path, 'cannot be read', 'Pass plain data.', cause);
  }
}

interface Walk extends Checking {
  readonly path: string;
  /** How many there were so far, muted ones too. */
  rules: number;
  groups: number;
}

function checkGroup(walk: Walk, given: unknown, path: string, depth: number): QueryNode {
  if (!isGiven(given)) throw queryError(path, 'must be a group: { combinator, rules }');
  refuseSegment(given, path);
  if (depth > MAX_DEPTH) throw queryError(path, `is nested more than ${MAX_DEPTH} deep`);
  const kind = checkCombinator(given, path);
  const not = ownFlag(given, 'not', path);
  const rules = own(given, 'rules');
  if (!Array.isArray(rules)) throw queryError(`${path}.rules`, 'must be a list of rules and groups');
  const node = checkParts(walk, kind, rules, path, depth);
  return not ? oppositeOf(node) : node;
}

function checkCombinator(given: Given, path: string): 'all' | 'any' {
  const rules = own(given, 'rules');
  const combinator = own(given, 'combinator');
  if (combinator === undefined && Array.isArray(rules) && rules.some((part) => typeof part === 'string')) {
    throw queryError(
      path,
      'has its combinators between the rules',
      'Give each group one `combinator`; `convertFromIC` of react-querybuilder turns one form into the other.',
    );
  }
  if (combinator === 'and') return 'all';
  if (combinator === 'or') return 'any';
  const advice =
    typeof combinator === 'string'
      ? didYouMean(combinator, ['and', 'or'])
      : 'A query is a group: { combinator, rules }.';
  throw queryError(`${path}.combinator`, 'must be "and" or "or"', advice);
}

/** Parts in their order; rules about one relation stand together, where the first of them stood. */
function checkParts(
  walk: Walk,
  kind: 'all' | 'any',
  given: readonly unknown[],
  path: string,
  depth: number,
): QueryNode {
  const parts: QueryNode[] = [];
  const related = new Map<string, RuleNode[]>();
  for (const [index, part] of given.entries()) {
    const place = `${path}.rules[${index}]`;
    if (!isGiven(part)) throw queryError(place, 'must be a rule or a group');
    countPart(walk, Object.hasOwn(part, 'rules') ? 'groups' : 'rules');
    if (isMuted(part, place)) continue;
    if (Object.hasOwn(part, 'rules')) {
      parts.push(checkGroup(walk, part, place, depth + 1));
      continue;
    }
    const { relation, rule } = checkRule(walk, part, place);
    const others = relation === null ? undefined : related.get(relation);
    if (relation === null) parts.push(rule);
    else if (others !== undefined) others.push(rule);
    else {
      const rules = [rule];
      related.set(relation, rules);
      parts.push({ kind: 'related', relation, combine: kind, rules });
    }
  }
  // An empty filter filters nobody out, whatever it is combined with.
  return joinParts(parts.length === 0 ? 'all' : kind, parts);
}

function isMuted(given: unknown, path: string): boolean {
  return isGiven(given) && ownFlag(given, 'muted', path);
}

function countPart(walk: Walk, what: 'rules' | 'groups'): void {
  walk[what] += 1;
  if (walk[what] <= MAX_RULES) return;
  const advice = 'Ask with "in" where rules differ in one value.';
  throw queryError(walk.path, `has more than ${MAX_RULES} ${what}`, advice);
}
