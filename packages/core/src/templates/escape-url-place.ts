import type { EscapeFilter } from './escape-filters.ts';
import { refused, Unsafe, type ValuePlace } from './escape-place.ts';
import { isSafeScheme } from './escape-url.ts';

/**
 * Where in a URL the compiler stands, as far as the fixed text tells.
 *
 * - `start`: nothing is written; a tag here is the whole URL.
 * - `scheme`: fixed text that may still become a scheme.
 * - `authority`, `path`, `query`: behind `https://`, behind the host, behind `?` or `#`.
 * - `opaque`: behind `mailto:`, `tel:`, `sms:` or `cid:`.
 * - `open`: behind a tag that was the whole URL so far.
 * - `either`: nothing is written, or something is: the branches of a block differ.
 */
type Position = 'start' | 'scheme' | 'authority' | 'path' | 'query' | 'opaque' | 'open' | 'either';

const FILTERS: Readonly<Record<Exclude<Position, 'either'>, EscapeFilter>> = {
  start: 'posthorn_url',
  scheme: 'posthorn_url_open',
  open: 'posthorn_url_open',
  authority: 'posthorn_url_part',
  path: 'posthorn_url_path',
  query: 'posthorn_url_query',
  opaque: 'posthorn_url_opaque',
};

const WHOLE = 'Let one tag be the whole URL, or begin it with fixed text: https://example.com/{{ tag }}.';

class UrlPlace implements ValuePlace {
  readonly kind = 'url';
  readonly #at: Position;
  /** What was read of the scheme, or of the slashes behind it. */
  readonly #text: string;
  /** A tag stands where the scheme would: fixed text must not make a scheme of it. */
  readonly #open: boolean;

  constructor(at: Position, text = '', open = false) {
    this.#at = at;
    this.#text = text;
    this.#open = open;
  }

  read(character: string): ValuePlace {
    switch (this.#at) {
      case 'start':
        return /\s/.test(character) ? this : this.#readScheme(character);
      case 'scheme':
        return this.#readScheme(character);
      case 'authority':
        if (character === '?' || character === '#') return new UrlPlace('query');
        if (character !== '/') return this.#text === '//' ? this : new UrlPlace('authority', '//');
        return this.#text === '//' ? new UrlPlace('path') : new UrlPlace('authority', `${this.#text}/`);
      case 'path':
        return character === '?' || character === '#' ? new UrlPlace('query') : this;
      case 'opaque':
        return character === '?' ? new UrlPlace('query') : this;
      default:
        return this.#readOpen(character);
    }
  }

  #readScheme(character: string): ValuePlace {
    if (character === ':') return afterScheme(this.#text);
    if (character === '/') return new UrlPlace('path');
    // Behind an `&` a colon could hide as `&#58;` or `&colon;`.
    if (character === '&') return refused('A tag cannot stand behind an “&” that begins a URL.', WHOLE);
    if (character === '?' || character === '#') return new UrlPlace('query');
    return new UrlPlace('scheme', this.#text + character);
  }

  #readOpen(character: string): ValuePlace {
    if (!this.#open && this.#at === 'query') return this;
    if (character === ':') throw new Unsafe('A tag stands where a URL’s scheme would.', WHOLE);
    if (character === '/' && this.#at !== 'query') return new UrlPlace('path');
    if (character === '/' || character === '?' || character === '#') return new UrlPlace('query');
    return this;
  }

  show(): readonly [EscapeFilter, ValuePlace] {
    if (this.#at === 'either') {
      throw new Unsafe('A tag stands where a URL may have begun or not.', WHOLE);
    }
    const open = this.#at === 'start' || this.#at === 'scheme';
    return [FILTERS[this.#at], open ? new UrlPlace('open', '', true) : this];
  }

  or(other: ValuePlace): ValuePlace {
    if (!(other instanceof UrlPlace)) return other.or(this);
    if (this.same(other)) return this;
    const open = this.#open || other.#open;
    const begun = [this.#at, other.#at].every((at) => at !== 'start' && at !== 'either');
    if (!begun) return new UrlPlace('either', '', true);
    // A part of a scheme may become one in one branch only.
    const scheme = this.#at === 'scheme' || other.#at === 'scheme';
    return new UrlPlace('query', '', open || scheme);
  }

  same(other: ValuePlace): boolean {
    return (
      other instanceof UrlPlace &&
      other.#at === this.#at &&
      other.#text === this.#text &&
      other.#open === this.#open
    );
  }
}

function afterScheme(scheme: string): ValuePlace {
  const name = scheme.toLowerCase();
  if (name === 'http' || name === 'https') return new UrlPlace('authority');
  if (isSafeScheme(name)) return new UrlPlace('opaque');
  return refused(`A tag cannot stand in a URL that begins with “${scheme.slice(0, 20)}:”.`, WHOLE);
}

export const URL_START: ValuePlace = new UrlPlace('start');
