import type { Context } from 'liquidjs';
import { quoted } from '../did-you-mean.ts';
import { InputError } from '../errors.ts';
import { escapeCss, escapeCssUrl } from './escape-css.ts';
import {
  encodeComponent,
  encodeOpaque,
  encodeUrlPart,
  encodeUrlPath,
  escapeUrl,
  escapeUrlOpen,
} from './escape-url.ts';
import { readerFilters } from './filters.ts';
import { isMoney } from './format-number.ts';
import { readerOf } from './render-context.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** What HTML, a text or a header writes otherwise or cannot hold. Most values are without it: one look saves several. */
const SPECIAL = /[&<>"'\p{Cc}\p{Cs}\u2028\u2029]/u;

/** Text as it stands in HTML text and in a quoted attribute. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** Text as it stands in HTML text, in its lines. */
export function escapeLines(text: string): string {
  return escapeHtml(text).replace(/\r\n|[\r\n]/g, '<br>\n');
}

/** Names that begin so belong to the compiler. */
export const RESERVED = 'posthorn_';

/** The places a tag can stand in, each with the filter that the compiler puts behind it. */
export const escapeFilters = {
  posthorn_html: shownPlain(escapeHtml),
  posthorn_lines: shownPlain(escapeLines),
  posthorn_url: url(escapeUrl),
  posthorn_url_open: url(escapeUrlOpen),
  posthorn_url_part: url(encodeUrlPart),
  posthorn_url_path: url(encodeUrlPath),
  posthorn_url_opaque: url(encodeOpaque),
  posthorn_url_query: url(encodeComponent),
  posthorn_css: shown((text) => escapeHtml(escapeCss(text))),
  posthorn_css_url: shown((text) => escapeHtml(escapeCssUrl(text))),
  posthorn_text: shownPlain((text) => text.replace(/\r\n?/g, '\n')),
  // A header: no line break, no control character.
  posthorn_line: shownPlain((text) => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')),
} as const;

export type EscapeFilter = keyof typeof escapeFilters;

/** What Liquid calls a filter on. */
interface FilterThis {
  readonly context: Context;
  readonly token: { readonly input: string; readonly begin: number };
}

function shown(write: (text: string, form: unknown, isPlain: boolean) => string) {
  return function (this: FilterThis, value: unknown, form?: unknown): string {
    const given = textOf(value, this);
    const isPlain = !SPECIAL.test(given);
    const text = isPlain ? given : printable(given);
    this.context.memoryLimit.use(text.length);
    return write(text, form, isPlain);
  };
}

/** A place that leaves text as it is, unless it holds something special. */
function shownPlain(write: (text: string) => string) {
  return shown((text, _form, isPlain) => (isPlain ? text : write(text)));
}

/** A piece of a URL in an attribute; with the argument `"text"`, in a text that is derived from HTML. */
function url(encode: (text: string) => string) {
  return shown((text, form) => (form === 'text' ? encode(text) : escapeHtml(encode(text))));
}

/** The expression of an output in HTML as it stands in the text that is derived from it. */
export function withoutHtmlEscape(expression: string): string {
  return expression
    .replace(/ \| posthorn_(?:html|lines)$/, '')
    .replace(/ \| (posthorn_url\w*)$/, ' | $1: "text"');
}

/** A value as text. */
function textOf(value: unknown, filter: FilterThis): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'undefined':
      return '';
    default:
      return textOfObject(value, filter);
  }
}

function textOfObject(value: unknown, filter: FilterThis): string {
  if (value === null) return '';
  if (value instanceof Date) return readerFilters.datetime?.(value, [], readerOf(filter.context)) ?? '';
  if (isMoney(value)) return readerFilters.money?.(value, [], readerOf(filter.context)) ?? '';
  const name = nameIn(filter.token);
  const what = Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'a group of values' : 'no value';
  throw new InputError('invalid_tag_value', `The tag ${quoted(name)} is ${what} where a text is shown.`, {
    path: name,
    advice: Array.isArray(value)
      ? `Loop over it: {% for row in ${name} %}…{% endfor %}, or join it: {{ ${name} | join: ", " }}.`
      : 'Name one of its values.',
  });
}

/** The expression that our filter stands behind, from the compiled source. */
function nameIn({ input, begin }: FilterThis['token']): string {
  const expression = input.slice(input.lastIndexOf('{{', begin) + 2, begin);
  return expression.replace(/\|\s*$/, '').trim();
}

/** Without characters that no document may hold. */
function printable(text: string): string {
  // A lone surrogate is no character, and has no UTF-8.
  return text.toWellFormed().replace(/[^\P{Cc}\t\n\r]/gu, '');
}
