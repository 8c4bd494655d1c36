import { countSegments } from './count-segments.ts';
import { isGsm } from './gsm-alphabet.ts';

/** What word processors write by themselves, and its plain form. None of it is in the GSM alphabet. */
const PLAIN: Readonly<Record<string, string>> = {
  // Quotes, primes, accents that stand alone.
  '\u2018': "'",
  '\u2019': "'",
  '\u201a': "'",
  '\u201b': "'",
  '\u2032': "'",
  '\u2039': "'",
  '\u203a': "'",
  '\u02bc': "'",
  '\u0060': "'",
  '\u00b4': "'",
  '\u201c': '"',
  '\u201d': '"',
  '\u201e': '"',
  '\u201f': '"',
  '\u2033': '"',
  '\u00ab': '"',
  '\u00bb': '"',
  // Hyphens, dashes, the minus sign, the soft hyphen.
  '\u2010': '-',
  '\u2011': '-',
  '\u2012': '-',
  '\u2013': '-',
  '\u2014': '-',
  '\u2015': '-',
  '\u2212': '-',
  '\u00ad': '',
  // The ellipsis and bullets.
  '\u2026': '...',
  '\u2022': '-',
  '\u00b7': '-',
  // Spaces of other widths, and of none.
  '\t': ' ',
  '\u00a0': ' ',
  '\u2002': ' ',
  '\u2003': ' ',
  '\u2007': ' ',
  '\u2009': ' ',
  '\u200a': ' ',
  '\u202f': ' ',
  '\u200b': '',
  '\u2060': '',
  '\ufeff': '',
  '\u2028': '\n',
  '\u2029': '\n',
};
const TYPOGRAPHIC = new RegExp(`[${Object.keys(PLAIN).join('')}]`, 'g');

/**
 * The text with plain signs, where that brings it into the cheaper alphabet and costs no more: with an emoji beside them,
 * dashes may stay. Letters in two parts (`a` and a ring) become one.
 */
export function replaceTypography(text: string): string {
  if (isGsm(text)) return text;
  const plain = text.normalize('NFC').replace(TYPOGRAPHIC, (sign) => PLAIN[sign] ?? sign);
  // Many an ellipsis is three full stops, and so may cost more.
  const isCheaper = isGsm(plain) && countSegments(plain).segments <= countSegments(text).segments;
  return isCheaper ? plain : text;
}
