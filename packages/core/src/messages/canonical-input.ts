import { createHash } from 'node:crypto';
import { InputError } from '../errors.ts';
import { isPlain } from './copy-input.ts';

/** Deeper than any host's data, and than a recipient query of 64 levels, each with a list in it; a cycle has no end. */
const MAX_DEPTH = 160;

/**
 * One hash for everything a host could mean by the same call: the order of keys and absent values make no difference,
 * a `Date` is its instant, bytes are their content. Two inputs that differ in anything else have different hashes.
 *
 * @throws InputError `invalid_input` for what cannot be compared: functions, cycles.
 */
export function hashInput(input: Readonly<Record<string, unknown>>): string {
  return sha256(textOf(input, [], new Map()));
}

type Path = readonly string[];

/** What objects were written as: one that stands in many places is read once, and takes no more room than its hash. */
type Known = Map<object, string>;

/** Every kind of value begins with its own letter and texts are quoted, so no two values are written alike. */
function textOf(value: unknown, path: Path, known: Known): string {
  if (path.length > MAX_DEPTH) throw incomparable(path, 'is nested too deeply, or contains itself');
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return `d${value === 0 ? 0 : value} `;
    case 'bigint':
      return `i${value} `;
    case 'boolean':
      return value ? 't' : 'f';
    case 'object':
      return value === null ? 'n' : hashOfObject(value, path, known);
    default:
      throw incomparable(path, `is of the type ${typeof value}`);
  }
}

function hashOfObject(value: object, path: Path, known: Known): string {
  const hash = known.get(value) ?? `O${sha256(textOfObject(value, path, known))}`;
  known.set(value, hash);
  return hash;
}

function textOfObject(value: object, path: Path, known: Known): string {
  if (value instanceof Date) return `D${value.getTime()} `;
  if (value instanceof Uint8Array) return `B${sha256(value)}`;
  if (Array.isArray(value)) {
    return `[${value.map((item: unknown, index) => textOf(item ?? null, [...path, String(index)], known)).join('')}]`;
  }
  // A decimal or a date of the host's library says itself what it is.
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    return `J${textOf(value.toJSON() ?? null, [...path, 'toJSON()'], known)}`;
  }
  // A Map, a Set, a promise: what they hold is not in their fields, so two of them would look the same.
  if (Object.keys(value).length === 0 && !isPlain(value))
    throw incomparable(path, 'shows nothing of what it holds');
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => JSON.stringify(name) + textOf(field, [...path, name], known));
  return `{${fields.join('')}}`;
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

function incomparable(path: Path, problem: string): InputError {
  const shown = path.slice(0, 4).join('.');
  const message = `A send with a \`key\` is compared with the first one, and ${shown} ${problem}.`;
  return new InputError('invalid_input', message, { path: shown, advice: 'Pass plain data.' });
}
