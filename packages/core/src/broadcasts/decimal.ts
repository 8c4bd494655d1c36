/** Amounts are decimal texts of up to 18 digits on either side of the point: floating point would lose øre. */
const DECIMAL = /^(\d{1,18})(?:\.(\d{1,18}))?$/;
const PLACES = 18;

/** Whether this is an amount such as `250` or `250.00`. */
export function isDecimal(text: string): boolean {
  return DECIMAL.test(text);
}

/** The sum, with as many decimals as the longer one has. */
export function addDecimals(a: string, b: string): string {
  const places = Math.max(placesOf(a), placesOf(b));
  const digits = String(unitsOf(a) + unitsOf(b)).padStart(PLACES + 1, '0');
  const whole = digits.slice(0, -PLACES);
  return places === 0 ? whole : `${whole}.${digits.slice(-PLACES).slice(0, places)}`;
}

/** Below zero, zero, or above it. */
export function compareDecimals(a: string, b: string): number {
  const difference = unitsOf(a) - unitsOf(b);
  return difference < 0n ? -1 : Number(difference > 0n);
}

function placesOf(text: string): number {
  return DECIMAL.exec(text)?.[2]?.length ?? 0;
}

function unitsOf(text: string): bigint {
  const [, whole = '0', fraction = ''] = DECIMAL.exec(text) ?? [];
  if (!isDecimal(text)) throw new RangeError(`${text} is no amount.`);
  return BigInt(whole + fraction.padEnd(PLACES, '0'));
}
