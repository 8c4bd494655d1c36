import { createHash } from 'node:crypto';
import type { PageLanguage } from './page-language.ts';

/** A page in plain words: a heading, a few sentences, at most one button. */
export interface Page {
  readonly heading: string;
  readonly sentences: readonly string[];
  /** Posts `action` to the address that the page has. */
  readonly button?: { readonly label: string; readonly action: string };
}

const STYLE = `:root{color-scheme:light dark}
body{margin:0;font:1.125rem/1.5 system-ui,sans-serif}
main{max-width:34rem;margin:0 auto;padding:12vh 1.5rem 3rem;overflow-wrap:anywhere}
h1{font-size:1.6rem;line-height:1.25}
button{font:inherit;font-weight:600;min-height:3rem;padding:.5rem 1.5rem;border:2px solid;border-radius:.5rem;cursor:pointer}
button:focus-visible{outline:3px solid;outline-offset:3px}`;

/** Nothing is loaded and nothing runs, the page is never shown in another one, kept, found or told of. */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'cache-control': 'no-store',
  'x-robots-tag': 'noindex, nofollow',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  vary: 'accept-language',
} as const;

/** A page as it is answered. Everything in it is shown as text. */
export function pageResponse(
  page: Page,
  language: PageLanguage,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(htmlOf(page, language), {
    status,
    headers: { ...HEADERS, 'content-language': language, ...headers },
  });
}

function htmlOf({ heading, sentences, button }: Page, language: PageLanguage): string {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>${escaped(heading)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(heading)}</h1>
${sentences.map((sentence) => `<p>${escaped(sentence)}</p>\n`).join('')}${button === undefined ? '' : formOf(button)}</main>
</body>
</html>
`;
}

/** Without an `action`: it posts to where it stands, whatever the address is mounted under. */
function formOf({ label, action }: NonNullable<Page['button']>): string {
  return `<form method="post"><button type="submit" name="action" value="${escaped(action)}">${escaped(label)}</button></form>\n`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}
