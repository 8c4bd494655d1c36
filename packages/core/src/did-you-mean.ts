/** Names longer than this are shown cut: an error is no place for a megabyte. */
const SHOWN_LENGTH = 80;
const LISTED = 8;

/**
 * The advice of an `unknown_…` error: the nearest known name, or the known names, or that there are none.
 * `didYouMean('custommers', ['customers', 'staff'])` gives `Did you mean "customers"?`
 */
export function didYouMean(given: string, known: Iterable<string>): string {
  const names = [...known];
  const nearest = nearestName(given, names);
  if (nearest !== undefined) return `Did you mean ${quoted(nearest)}?`;
  if (names.length === 0) return 'There are none yet.';
  const listed = names.slice(0, LISTED).map(quoted).join(', ');
  return names.length > LISTED ? `Known: ${listed} and ${names.length - LISTED} more.` : `Known: ${listed}.`;
}

/** Text of the caller's as it may stand in an error: quoted, on one line, cut where it is long. */
export function quoted(text: string): string {
  const shown = text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
  return JSON.stringify(shown);
}

function nearestName(given: string, names: readonly string[]): string | undefined {
  if (given.length > SHOWN_LENGTH) return undefined;
  const wanted = given.toLowerCase();
  const allowed = Math.max(1, Math.floor(given.length / 3));
  let best: { name: string; distance: number } | undefined;
  for (const name of names) {
    if (Math.abs(name.length - given.length) > allowed) continue;
    const distance = editDistance(wanted, name.toLowerCase());
    if (distance <= allowed && (best === undefined || distance < best.distance)) best = { name, distance };
  }
  return best?.name;
}

/** How many letters were left out, added, mistaken or swapped with their neighbour (optimal string alignment). */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  const at = (i: number, j: number) => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      const mistaken = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, mistaken, swapped));
    }
  }
  return at(a.length, b.length);
}
