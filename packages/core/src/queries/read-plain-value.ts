import { queryError } from './query-error.ts';

/** In characters. Nothing that people look for is longer. */
const MAX_TEXT = 10_000;

/** A text, as it is. */
export function readText(value: unknown, path: string): string {
  if (typeof value !== 'string') throw queryError(path, 'must be a text');
  if (value.length > MAX_TEXT) throw queryError(path, `is longer than ${MAX_TEXT} characters`);
  // Databases keep neither.
  if (value.includes('\0') || !value.isWellFormed()) {
    throw queryError(path, 'holds a character that no text has: NUL, or half of one');
  }
  return value;
}

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,3})?$/i;

/** A number, or the text of one as a form sends it. */
export function readNumber(value: unknown, path: string): number {
  const number = typeof value === 'string' ? parseNumber(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) {
    throw queryError(path, 'must be a number', 'Write it like 12, -3 or 0.5.');
  }
  // Zero has one sign here, as in a database.
  return number + 0;
}

/** Whole numbers that JavaScript would round are refused: they are numbers of something, and it would be another. */
function parseNumber(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed.length > MAX_TEXT || !NUMBER.test(trimmed)) return undefined;
  const number = Number(trimmed);
  const isWhole = /^[+-]?\d+$/.test(trimmed);
  return isWhole && !Number.isSafeInteger(number) ? undefined : number;
}

/** True or false, or the text of it as a form sends it. */
export function readBoolean(value: unknown, path: string): boolean {
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw queryError(path, 'must be true or false');
}
