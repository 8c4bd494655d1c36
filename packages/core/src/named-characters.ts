/** So many are named; the rest is counted. */
const MAX_NAMED = 10;

/**
 * Characters as people and search boxes know them: `“…” (U+2026)`. `more` says how many are left out: `3 more`.
 */
export function namedCharacters(characters: readonly string[], more: (count: number) => string): string {
  const named = characters.slice(0, MAX_NAMED).map((character) => `“${character}” (${codesOf(character)})`);
  const left = characters.length - named.length;
  return [...named, ...(left > 0 ? [more(left)] : [])].join(', ');
}

function codesOf(character: string): string {
  const codes = [...character].map((each) =>
    each.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0'),
  );
  return codes.map((code) => `U+${code}`).join(' ');
}
