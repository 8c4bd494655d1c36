import { defaultOperators, isFalsy, isTruthy, toValueSync } from 'liquidjs';
import type { Read, SlotRun } from './slot-run.ts';

/** An operator with its operands. Liquid works out both, whatever the first one says. */
export function operationOf(operator: string, left: Read, right: Read): Read {
  switch (operator) {
    case 'not':
      return (run) => isFalsy(right(run), run.context);
    case 'and':
      return withBoth(left, right, (l, r, { context }) => isTruthy(l, context) && isTruthy(r, context));
    case 'or':
      return withBoth(left, right, (l, r, { context }) => isTruthy(l, context) || isTruthy(r, context));
    case '==':
      return withBoth(left, right, isEqual);
    case '!=':
      return withBoth(left, right, (l, r, run) => !isEqual(l, r, run));
    default:
      return withBoth(left, right, (l, r, run) => ask(operator, l, r, run));
  }
}

/** Liquid's `==`. */
export function isEqual(left: unknown, right: unknown, run: SlotRun): boolean {
  return isGroup(left) || isGroup(right) ? ask('==', left, right, run) : left === right;
}

function isGroup(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** Lets Liquid's own operator decide. It may walk through whole lists. */
function ask(operator: string, left: unknown, right: unknown, run: SlotRun): boolean {
  run.checkTime();
  return toValueSync(defaultOperators[operator]?.(left, right, run.context)) === true;
}

function withBoth(
  left: Read,
  right: Read,
  decide: (left: unknown, right: unknown, run: SlotRun) => boolean,
): Read {
  return (run) => {
    const first = left(run);
    return decide(first, right(run), run);
  };
}
