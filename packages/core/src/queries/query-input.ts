import { queryError } from './query-error.ts';

/** A part of a query as it was given: nothing about it is known yet. */
export type Given = object;

export function isGiven(value: unknown): value is Given {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands there, not what is inherited. */
export function own(part: Given, name: string): unknown {
  return Object.hasOwn(part, name) ? (part as Record<string, unknown>)[name] : undefined;
}

/** `muted` and `not`: whoever leaves them out, or says null, means no. */
export function ownFlag(part: Given, name: string, path: string): boolean {
  const flag = own(part, name) ?? false;
  if (typeof flag !== 'boolean') throw queryError(`${path}.${name}`, 'must be true or false');
  return flag;
}

export function ownText(part: Given, name: string, path: string): string {
  const text = own(part, name);
  if (typeof text !== 'string') throw queryError(`${path}.${name}`, 'must be a text');
  return text;
}

/** Not to see it would change whom the query means. */
export function refuseSegment(part: Given, path: string): void {
  if ((own(part, 'segment') ?? null) === null) return;
  const advice = 'Name groups beside each other in `to`, or write here what the segment asks.';
  throw queryError(path, 'names a segment, and a query asks about fields only', advice);
}
