import type { Declaration } from './inline-cascade.ts';

/** A declaration that an element may get. */
export interface Candidate {
  readonly declaration: Declaration;
  /** Whether its rule holds for sure; else it may. */
  readonly sure: boolean;
}

/**
 * The declarations that can be written into an element without getting in the way of one that stays in its sheet: of those
 * that are related, none above it may stay there. Only what is important in a sheet goes before what stands in an element.
 */
export function inlinable(candidates: readonly Candidate[]): Declaration[] {
  const strongestFirst = candidates.toSorted((a, b) => (a.declaration.rank < b.declaration.rank ? 1 : -1));
  const inlined: Declaration[] = [];
  /** The rule that has won each property. */
  const winners = new Map<string, string>();
  const staying = new Staying();
  for (const { declaration, sure } of strongestFirst) {
    const { property, value } = declaration;
    if (!sure || staying.blocks(declaration) || property.startsWith('--') || value.includes('var(')) {
      staying.add(declaration);
      continue;
    }
    // Two in one rule are a value and what to do where it is not understood.
    const rule = declaration.rank.slice(0, -5);
    const winner = winners.get(property) ?? rule;
    winners.set(property, winner);
    if (winner === rule) inlined.push(declaration);
  }
  return inlined.reverse();
}

const ANY = ' ';

/** What stays in the sheet. Declarations are related where one could decide what the other does: `margin` and `margin-left`. */
class Staying {
  /** By group: whether one of its declarations is not important. */
  readonly #groups = new Map<string, boolean>();

  add(declaration: Declaration): void {
    for (const group of [groupOf(declaration.property), ANY])
      this.#groups.set(group, this.#groups.get(group) === true || !declaration.important);
  }

  blocks({ property, important }: Declaration): boolean {
    const groups = property === 'all' ? [ANY] : [groupOf(property), 'all'];
    return groups.some((group) => this.#groups.get(group) === true || (important && this.#groups.has(group)));
  }
}

function groupOf(property: string): string {
  if (property.startsWith('--')) return property;
  const name = property.replace(/^-(?:webkit|moz|ms|o)-/, '');
  // The shorthand `font` sets it too.
  return name === 'line-height' ? 'font' : name.replace(/-.*$/, '');
}
