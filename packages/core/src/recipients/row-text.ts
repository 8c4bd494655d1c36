/**
 * A value of the host's data as text, or undefined where there is none. What is no text and no number becomes a text that
 * no address is (`[object Array]`), so that it is reported where it matters.
 */
export function rowText(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return Object.prototype.toString.call(value);
}
