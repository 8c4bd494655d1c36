// Conditions and the nodes of queries are both joined by these: as shortly as it can be said.

/** Each of them (with none: everybody), or at least one of them (with none: nobody). */
interface Group<Part> {
  readonly kind: 'all' | 'any';
  readonly of: readonly Part[];
}

interface Part {
  readonly kind: string;
}

export const EVERYBODY = { kind: 'all', of: [] } as const;
export const NOBODY = { kind: 'any', of: [] } as const;

/** A group within a group of its kind is part of it, a group of one is that one, and what decides a group is the group. */
export function joinParts<P extends Part>(kind: 'all' | 'any', parts: readonly P[]): P | Group<P> {
  const of: P[] = [];
  for (const part of parts) {
    if (!isGroup<P>(part)) of.push(part);
    else if (part.kind === kind) for (const inner of part.of) of.push(inner);
    else if (part.of.length === 0) return part;
    else of.push(part);
  }
  const [only] = of;
  return of.length === 1 && only !== undefined ? only : { kind, of };
}

/** Everybody else. */
export function oppositeOf<P extends Part>(part: P): P | Group<P> | { readonly kind: 'not'; readonly of: P } {
  if (isNot<P>(part)) return part.of;
  if (!isGroup<P>(part) || part.of.length > 0) return { kind: 'not', of: part };
  return { kind: part.kind === 'all' ? 'any' : 'all', of: [] };
}

function isGroup<P extends Part>(part: Part): part is P & Group<P> {
  return part.kind === 'all' || part.kind === 'any';
}

function isNot<P extends Part>(part: Part): part is P & { readonly kind: 'not'; readonly of: P } {
  return part.kind === 'not';
}
