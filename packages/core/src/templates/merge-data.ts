import { isMoney } from './format-number.ts';
import { isPrototypeName } from './tag.ts';
import type { CheckedData } from './tag-data.ts';

/** Deeper than any catalogue nests; a cycle has no end. */
const MAX_DEPTH = 32;

/**
 * Tag values of the recipient's source with those of the call before them, tag by tag: `null` empties a tag, `undefined`
 * leaves it to the source. Neither is checked here.
 */
export function mergeData(source: unknown, given: unknown, depth = 0): unknown {
  if (given === undefined) return source;
  if (!isGroup(source) || !isGroup(given) || depth > MAX_DEPTH) return given;
  const merged: Record<string, unknown> = {};
  for (const name of new Set([...Object.keys(source), ...Object.keys(given)])) {
    if (isPrototypeName(name)) continue;
    merged[name] = mergeData(own(source, name), own(given, name), depth + 1);
  }
  return merged;
}

function isGroup(value: unknown): value is CheckedData {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return !(value instanceof Date) && !isMoney(value);
}

function own(group: CheckedData, name: string): unknown {
  return Object.hasOwn(group, name) ? group[name] : undefined;
}
