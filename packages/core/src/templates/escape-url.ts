/** What a link may begin with; everything else (javascript:, data:, file:) becomes `#`. */
const SCHEMES: ReadonlySet<string> = new Set(['http', 'https', 'mailto', 'tel', 'sms', 'cid']);

/** What stands in for an address that may not be linked to. */
const INERT = '#';

export function isSafeScheme(scheme: string): boolean {
  return SCHEMES.has(scheme.toLowerCase());
}

/** A whole URL. */
export function escapeUrl(text: string): string {
  const url = trimmed(text);
  const scheme = /^([^/?#:]*):/.exec(url)?.[1];
  return scheme === undefined || isSafeScheme(scheme) ? encodeUnsafe(url) : INERT;
}

/** Text that continues a URL whose scheme is not certain yet: it cannot bring one. */
export function escapeUrlOpen(text: string): string {
  return encodeUnsafe(trimmed(text)).replaceAll(':', '%3A');
}

/** Text behind the host's name: may bring a path, a query and a fragment. */
export function encodeUrlPart(text: string): string {
  return encodeUnsafe(trimmed(text));
}

/** Text within a path: its slashes stay. */
export function encodeUrlPath(text: string): string {
  return encodeComponent(text).replace(/%(2F|3A|40)/g, decodeURIComponent);
}

/** Text behind `mailto:`, `tel:`, `sms:` and `cid:`: `@`, `+` and `,` stay. */
export function encodeOpaque(text: string): string {
  return encodeComponent(text).replace(/%(2B|2C|40)/g, decodeURIComponent);
}

/** Text within a query or a fragment. */
export function encodeComponent(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, encodeAscii);
}

/** As a URL parser does it: breaks and tabs vanish, white space around it too. */
function trimmed(text: string): string {
  return text.replace(/[\t\n\r]/g, '').trim();
}

/** Leaves what has a meaning in a URL, `%` and letters of every script too. */
function encodeUnsafe(url: string): string {
  return url.replace(/[\p{Cc}\s"'<>\\^`{|}]/gu, (character) =>
    character.charCodeAt(0) < 0x80 ? encodeAscii(character) : encodeURIComponent(character),
  );
}

/** A character of ASCII as URLs write it where it must not mean anything. */
export function encodeAscii(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
