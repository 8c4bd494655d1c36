import type { FieldTest } from '../ports/index.ts';
import type { Question } from './operator.ts';

/** What a field holds that is no time. */
export type Plain = string | number | boolean;

/** The test of a field that holds texts, numbers, or true and false; `values` are as many as the question takes. */
export function askPlainField(asks: Question, values: readonly Plain[]): FieldTest {
  switch (asks) {
    case 'contains':
    case 'begins_with':
    case 'ends_with':
      return { is: asks, text: String(values[0]) };
    case 'equal':
    case 'one_of':
    case 'null':
      return { is: 'one_of', values: [...new Set(values)] };
    default:
      return range(
        asks,
        values.filter((value) => typeof value !== 'boolean'),
      );
  }
}

function range(
  asks: 'below' | 'at_most' | 'above' | 'at_least' | 'between',
  [low = '', high = low]: readonly (string | number)[],
): FieldTest {
  const inclusive = asks !== 'below' && asks !== 'above';
  return {
    is: 'within',
    from: asks === 'below' || asks === 'at_most' ? null : { value: low, inclusive },
    to: asks === 'above' || asks === 'at_least' ? null : { value: high, inclusive },
  };
}

/** A range is meant, whichever end is named first. */
export function inOrder(values: readonly Plain[]): readonly Plain[] {
  const [low, high] = values;
  return low !== undefined && high !== undefined && isBefore(high, low) ? [high, low] : values;
}

/** Texts by their code points; JavaScript's own order is that of UTF-16. */
function isBefore(a: Plain, b: Plain): boolean {
  if (typeof a !== 'string' || typeof b !== 'string') return a < b;
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
}
