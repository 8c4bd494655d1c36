import { InputError } from '../errors.ts';

/** Nothing that a template can reach is nested deeper, and no recipient query of 64 levels, each with a list in it. */
const MAX_DEPTH = 160;

/**
 * A copy of what a call was given: a host that uses one object for many calls, and changes it while the first one is
 * still waiting for the database, does not change what the first one says. Objects of the host's own classes stay as they
 * are.
 *
 * @throws InputError `invalid_input` for what cannot be read: a getter that throws, a proxy.
 */
export function copyInput<T>(input: T, path?: string): T {
  try {
    return copy(input, new Map(), 0) as T;
  } catch (cause) {
    const message = `Invalid ${path ?? 'input'}: it cannot be read.`;
    throw new InputError('invalid_input', message, { path, advice: 'Pass plain data.', cause });
  }
}

function copy(value: unknown, copies: Map<object, unknown>, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return value;
  if (value instanceof Date) return new Date(value);
  if (value instanceof Uint8Array) return new Uint8Array(value);
  const known = copies.get(value);
  if (known !== undefined) return known;
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    copies.set(value, list);
    for (const item of value) list.push(copy(item, copies, depth + 1));
    return list;
  }
  if (!isPlain(value)) return value;
  const fields: Record<string, unknown> = Object.create(null);
  copies.set(value, fields);
  for (const [name, field] of Object.entries(value)) fields[name] = copy(field, copies, depth + 1);
  return fields;
}

/** Written as a literal, parsed from JSON, or made without a prototype; also in another realm. */
export function isPlain(value: object): boolean {
  const prototype: object | null = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
