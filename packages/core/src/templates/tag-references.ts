import { type Arguments, type PropertyAccessToken, TypeGuards, Value } from 'liquidjs';

const {
  isFilteredValueToken,
  isNumberToken,
  isPropertyAccessToken,
  isQuotedToken,
  isRangeToken,
  isValueToken,
  isWordToken,
} = TypeGuards;

/** What a tag or an output is given to evaluate. */
export type Argument = Arguments extends Iterable<infer Each> ? Each : never;

/** A name as it stands in a template: `order.lines[0].name` is `['order', 'lines', 0, 'name']`. */
export interface Reference {
  /** A name computed from another one (`customer[field]`) is `COMPUTED`. */
  readonly segments: readonly Segment[];
  /** Line and column, from 1. Liquid counts them from the beginning each time, so they are asked for only in errors. */
  position(): readonly [line: number, column: number];
}

export type Segment = string | number | typeof COMPUTED;

export const COMPUTED = Symbol('computed');

/** Every name that an argument of a tag or an output reads, those inside brackets and filters too. */
export function* referencesIn(argument: Argument): Generator<Reference> {
  if (argument instanceof Value) yield* inExpression(argument.initial.postfix, argument.filters);
  else yield* inToken(argument);
}

/** The name, where the argument is nothing but one; filters may follow. */
export function soleReference(argument: Argument): Reference | undefined {
  const expression =
    argument instanceof Value || isFilteredValueToken(argument) ? argument.initial.postfix : [argument];
  const token: unknown = expression.length === 1 ? expression[0] : undefined;
  if (!isPropertyAccessToken(token) || token.variable !== undefined) return undefined;
  return referenceOf(token);
}

/** The filters that an argument passes through, with the tokens of their arguments. */
export function appliedFilters(
  argument: Argument,
): readonly Pick<Value['filters'][number], 'name' | 'args'>[] {
  return argument instanceof Value || isFilteredValueToken(argument) ? argument.filters : [];
}

type Postfix = Value['initial']['postfix'];
type FilterArgs = Value['filters'][number]['args'];

function* inExpression(
  postfix: Postfix,
  filters: readonly { readonly args: FilterArgs }[],
): Generator<Reference> {
  for (const token of postfix) yield* inToken(token);
  for (const { args } of filters) {
    for (const arg of args) yield* inToken(Array.isArray(arg) ? arg[1] : arg);
  }
}

function* inToken(token: unknown): Generator<Reference> {
  if (isRangeToken(token)) {
    yield* inToken(token.lhs);
    yield* inToken(token.rhs);
  } else if (isFilteredValueToken(token)) {
    yield* inExpression(token.initial.postfix, token.filters);
  } else if (isPropertyAccessToken(token)) {
    if (token.variable === undefined) yield referenceOf(token);
    else yield* inToken(token.variable);
    for (const prop of token.props) if (isValueToken(prop)) yield* inToken(prop);
  }
}

function referenceOf(token: PropertyAccessToken): Reference {
  return {
    segments: token.props.map(segmentOf),
    position: () => {
      const [line = 1, column = 1] = token.getPosition();
      return [line, column];
    },
  };
}

function segmentOf(prop: unknown): Segment {
  if (isQuotedToken(prop) || isWordToken(prop)) return prop.content;
  if (isNumberToken(prop)) return prop.content;
  return COMPUTED;
}
