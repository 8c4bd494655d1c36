import type { CommentMode } from './escape-comment.ts';
import { Unsafe } from './escape-place.ts';

/**
 * The states of the HTML standard's tokenizer (section 13.2.5) that matter to what stands where. In `either` some branches
 * have written an attribute and some have not.
 */
export type Mode =
  | 'text'
  | 'open'
  | 'close'
  | 'tagName'
  | 'beforeName'
  | 'name'
  | 'afterName'
  | 'either'
  | 'afterEither'
  | 'beforeValue'
  | 'value'
  | CommentMode
  | 'raw'
  | 'title';

/** What ends an attribute's value: a quote, nothing (white space does), or a quote that the compiler puts there itself. */
export type Quote = '"' | "'" | '' | 'ours';

const RAW: ReadonlySet<string> = new Set([
  'script',
  'style',
  'xmp',
  'iframe',
  'noembed',
  'noframes',
  'plaintext',
]);

/** Elements whose content is no HTML: nothing can be escaped in them. */
export function isRaw(element: string): boolean {
  return RAW.has(element);
}

/** Elements whose content is text with entities. */
export function isTitle(element: string): boolean {
  return element === 'title' || element === 'textarea';
}

const AMONG_ATTRIBUTES = 'among the attributes of an HTML tag';
const IN_TAG_NAME = 'in the name of an HTML tag';
const IN_COMMENT = 'in a comment or declaration';

const WHERE: Readonly<Record<Exclude<Mode, 'raw' | 'title' | 'value' | 'beforeValue' | 'name'>, string>> = {
  text: 'in text',
  open: 'right behind a “<”',
  close: IN_TAG_NAME,
  tagName: IN_TAG_NAME,
  beforeName: AMONG_ATTRIBUTES,
  afterName: AMONG_ATTRIBUTES,
  either: AMONG_ATTRIBUTES,
  afterEither: AMONG_ATTRIBUTES,
  declaration: IN_COMMENT,
  commentHead: IN_COMMENT,
  comment: IN_COMMENT,
  bogus: IN_COMMENT,
};

/** A place in words. */
export function whereIn(place: {
  readonly mode: Mode;
  readonly tag: string;
  readonly attribute: string;
  readonly quote: Quote;
}): string {
  const { mode, tag, attribute, quote } = place;
  switch (mode) {
    case 'raw':
    case 'title':
      return `in <${tag}>`;
    case 'name':
      return `in the name of the attribute ${attribute}`;
    case 'beforeValue':
      return `before the value of ${attribute}`;
    case 'value':
      return `in the ${quote === '"' || quote === "'" ? '' : 'unquoted '}value of ${attribute}`;
    default:
      return WHERE[mode];
  }
}

/** Names are compared at every branch. */
const MAX_NAME = 200;

/** The name of a tag or an attribute with its next letter. */
export function nameWith(name: string, character: string): string {
  if (name.length < MAX_NAME) return name + character.toLowerCase();
  throw new Unsafe(
    `An HTML tag or attribute begins with “${name.slice(0, 20)}” and has a name of more than ${MAX_NAME} characters.`,
    'Close the tag before it.',
  );
}
