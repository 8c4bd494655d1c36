import { queryError } from './query-error.ts';

/** The most values of one rule. */
const MAX_VALUES = 10_000;
/** In characters, of a list that is one text. */
const MAX_LENGTH = 1_000_000;

/** One of the values of a rule. */
export interface GivenValue {
  readonly value: unknown;
  readonly path: string;
}

/** The values of a list, each with its path: a list, or a text with commas between them, as user interfaces make it. */
export function listValues(value: unknown, path: string): readonly GivenValue[] {
  const values = valuesOf(value, path);
  if (values.length === 0) throw queryError(path, 'names no value');
  if (values.length > MAX_VALUES) throw queryError(path, `names more than ${MAX_VALUES} values`);
  const isList = Array.isArray(value);
  return Array.from(values, (one, index) => ({ value: one, path: isList ? `${path}[${index}]` : path }));
}

function valuesOf(value: unknown, path: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value === 'number' || typeof value === 'boolean') return [value];
  if (typeof value !== 'string') throw queryError(path, 'must be a list of values');
  if (value.length > MAX_LENGTH) throw queryError(path, `is longer than ${MAX_LENGTH} characters`);
  return splitAtCommas(value);
}

/** As react-querybuilder reads it: spaces around values and empty ones do not count, and `\,` is a comma of a value. */
function splitAtCommas(text: string): readonly string[] {
  return text
    .split(/(?<!\\),/)
    .map((part) => part.replaceAll('\\,', ',').trim())
    .filter((part) => part !== '');
}
