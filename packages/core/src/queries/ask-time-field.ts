import type { Bound, Condition } from '../ports/index.ts';
import { joinParts, NOBODY } from './join-parts.ts';
import type { Question } from './operator.ts';
import type { Span } from './span.ts';

/** The condition on a field that holds days or moments; `spans` are as many as the question takes. */
export function askTimeField(asks: Question, field: string, spans: readonly Span[]): Condition {
  const [first, last = first] = spans;
  if (first === undefined || last === undefined) return NOBODY;
  switch (asks) {
    case 'below':
      return within(field, null, first.from);
    case 'at_most':
      return within(field, null, first.to);
    case 'above':
      return first.to === null ? NOBODY : within(field, first.to, null);
    case 'at_least':
      return within(field, first.from, null);
    case 'between':
      return within(field, first.from, last.to);
    default:
      return joinParts(
        'any',
        spans.map(({ from, to }) => within(field, from, to)),
      );
  }
}

/** Half-open: a bound that is null is none. */
function within(field: string, from: Span['from'] | null, to: Span['to']): Condition {
  const lower: Bound | null = from === null ? null : { value: from, inclusive: true };
  const upper: Bound | null = to === null ? null : { value: to, inclusive: false };
  return { kind: 'test', field, test: { is: 'within', from: lower, to: upper } };
}

/** A range is meant, whichever end is named first. */
export function spansInOrder(spans: readonly Span[]): readonly Span[] {
  const [first, last] = spans;
  if (first === undefined || last === undefined || last.to === null) return spans;
  return first.from >= last.to ? [last, first] : spans;
}
