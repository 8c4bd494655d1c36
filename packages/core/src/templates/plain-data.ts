import { quoted } from '../did-you-mean.ts';
import { InputError } from '../errors.ts';

const MAX_DEPTH = 20;

/**
 * A copy of tag data that holds nothing but values: no prototypes, getters, functions or promises. A template reaches what
 * it names and nothing behind it.
 */
export function plainData(data: object): Record<string, unknown> {
  return copyGroup(data, (name, value) => copy(value, name, 1));
}

function copy(value: unknown, tag: string, depth: number): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth > MAX_DEPTH) {
    throw new InputError(
      'invalid_tag_value',
      `The tag ${quoted(tag)} is nested more than ${MAX_DEPTH} deep.`,
      {
        path: tag,
        advice: 'Give plain values, without objects that hold each other.',
      },
    );
  }
  if (Array.isArray(value)) return value.map((each) => copy(each, tag, depth + 1));
  return copyGroup(value, (_, inner) => copy(inner, tag, depth + 1));
}

function copyGroup(
  group: object,
  copyValue: (name: string, value: unknown) => unknown,
): Record<string, unknown> {
  const plain: Record<string, unknown> = Object.create(null);
  for (const [name, value] of Object.entries(group)) plain[name] = copyValue(name, value);
  return plain;
}
