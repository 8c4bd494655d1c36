import type { EscapeFilter } from './escape-filters.ts';

/** A tag cannot stand here, or the branches of a block do not end alike: a sentence without its place. */
export class Unsafe extends Error {
  readonly advice: string;

  constructor(message: string, advice: string) {
    super(message);
    this.advice = advice;
  }
}

/**
 * Where in an attribute's value (or in its absence) the compiler stands. Every kind of place is a plain value: reading a
 * character and showing a tag answer the next place.
 */
export interface ValuePlace {
  readonly kind: 'plain' | 'url' | 'css' | 'refused';
  read(character: string): ValuePlace;
  /** The filter for a tag that stands here, and the place after it. */
  show(): readonly [EscapeFilter, ValuePlace];
  /** The place where either this one or the other holds. Both are of one kind. */
  or(other: ValuePlace): ValuePlace;
  same(other: ValuePlace): boolean;
}

export const PLAIN: ValuePlace = {
  kind: 'plain',
  read: () => PLAIN,
  show: () => ['posthorn_html', PLAIN],
  or: () => PLAIN,
  same: (other) => other.kind === 'plain',
};

/** A value in which no tag may stand. */
export function refused(message: string, advice: string): ValuePlace {
  const place: ValuePlace = {
    kind: 'refused',
    read: () => place,
    show: () => {
      throw new Unsafe(message, advice);
    },
    or: () => place,
    same: (other) => other.kind === 'refused',
  };
  return place;
}

/** What kind of value an attribute has. Names are in lower case. */
export function valuePlaceOf(tag: string, attribute: string, start: Starts): ValuePlace {
  const name = attribute.replace(/^.*:/, '');
  if (NEVER_IN.has(tag) || /^(?:set|animate)/.test(tag)) {
    return refused(`A tag cannot stand in <${tag}>.`, 'Write it out there.');
  }
  if (name.startsWith('on') || NEVER_AS.has(name)) {
    return refused(`A tag cannot stand in the attribute ${attribute}.`, 'Write it out there.');
  }
  if (name === 'style') return start.css;
  return URLS.has(name) ? start.url : PLAIN;
}

export interface Starts {
  readonly url: ValuePlace;
  readonly css: ValuePlace;
}

/** Elements that load or run what their attributes say. */
const NEVER_IN: ReadonlySet<string> = new Set([
  'script',
  'base',
  'link',
  'meta',
  'iframe',
  'frame',
  'object',
  'embed',
  'applet',
  'param',
]);

const NEVER_AS: ReadonlySet<string> = new Set(['srcdoc', 'srcset', 'imagesrcset', 'ping', 'archive']);

const URLS: ReadonlySet<string> = new Set([
  'href',
  'src',
  'action',
  'formaction',
  'background',
  'cite',
  'data',
  'poster',
  'longdesc',
  'dynsrc',
  'lowsrc',
  'usemap',
  'profile',
  'manifest',
  'icon',
  'codebase',
  'classid',
]);
