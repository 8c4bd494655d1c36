import { encodeAscii, encodeUrlPart, escapeUrl } from './escape-url.ts';

/** Colour functions take nothing but numbers: they cannot reach anything. */
const COLOUR = /^(?:rgb|rgba|hsl|hsla)\([\d\s.,%/-]*(?:deg)?[\d\s.,%/-]*\)$/i;

/** A value of a property in a `style` attribute: everything that could end it or call something becomes a letter. */
export function escapeCss(text: string): string {
  if (text.length < 50 && COLOUR.test(text)) return text;
  return text.replace(/[^\p{L}\p{N} #%.,+\-/_]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\${code.toString(16)} `;
  });
}

/** A whole address within `url(…)`. */
export function escapeCssUrl(text: string): string {
  const url = escapeUrl(text);
  const safe = /^(?:https?:|cid:|[^:]*$)/i.test(url) ? url : '#';
  return encodeUrlPart(safe).replace(/[(),;]/g, encodeAscii);
}
