/**
 * Compares two texts by their code points, as databases do. JavaScript compares halves of characters, which puts an
 * emoji before `ﬁ`.
 */
export function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const difference = rankOf(a.charCodeAt(index)) - rankOf(b.charCodeAt(index));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Halves of astral characters come after everything that is one unit. */
function rankOf(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

const WHOLE_NUMBER = /^(?:0|-?[1-9]\d{0,18})$/;

/** Whether a text is exactly what a whole number of 64 bits looks like: `17`, and not `017`. */
export function isWholeNumber(text: string): boolean {
  if (!WHOLE_NUMBER.test(text)) return false;
  return text.length < 19 || BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}

/** The order of ids: numbers by value, then texts. */
export function compareIds(a: string, b: string): number {
  const isNumber = isWholeNumber(a);
  if (isNumber !== isWholeNumber(b)) return isNumber ? -1 : 1;
  if (!isNumber) return compareTexts(a, b);
  const difference = Number(a) - Number(b);
  if (difference !== 0 || a === b) return difference;
  return BigInt(a) < BigInt(b) ? -1 : 1;
}
