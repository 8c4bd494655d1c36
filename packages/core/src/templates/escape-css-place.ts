import type { EscapeFilter } from './escape-filters.ts';
import { Unsafe, type ValuePlace } from './escape-place.ts';

/**
 * Where in a `style` attribute the compiler stands: at a property's name, in its value, at the beginning of a `url(…)`, within
 * one, or where the branches of a block differ.
 */
type Position = 'name' | 'value' | 'url' | 'url-rest' | 'either';

const ADVICE = 'Write the property out and let the tag be its value: style="color: {{ tag }}".';

class CssPlace implements ValuePlace {
  readonly kind = 'css';
  readonly #at: Position;
  /** The last letters of a value: `url(` is told by them. */
  readonly #word: string;

  constructor(at: Position, word = '') {
    this.#at = at;
    this.#word = word;
  }

  read(character: string): ValuePlace {
    switch (this.#at) {
      case 'name':
      case 'either':
        return character === ':' ? new CssPlace('value') : character === ';' ? NAME : this;
      case 'value':
        if (character === ';') return NAME;
        if (character === '(' && this.#word === 'url') return new CssPlace('url');
        return new CssPlace(
          'value',
          `${this.#word}${character.toLowerCase()}`.replace(/^.*[^a-z]|^.+(?=...)/s, ''),
        );
      case 'url':
        if (character === ')') return new CssPlace('value');
        return /[\s"']/.test(character) ? this : new CssPlace('url-rest');
      case 'url-rest':
        return character === ')' ? new CssPlace('value') : this;
    }
  }

  show(): readonly [EscapeFilter, ValuePlace] {
    switch (this.#at) {
      case 'value':
        return ['posthorn_css', new CssPlace('value')];
      case 'url':
        return ['posthorn_css_url', new CssPlace('url-rest')];
      case 'url-rest':
        return ['posthorn_url_query', this];
      default:
        throw new Unsafe('A tag in a style attribute stands where a property’s name would.', ADVICE);
    }
  }

  or(other: ValuePlace): ValuePlace {
    if (!(other instanceof CssPlace)) return other.or(this);
    if (this.same(other)) return this;
    if (this.#at === other.#at) return new CssPlace(this.#at);
    if (this.#inUrl() || other.#inUrl()) {
      throw new Unsafe('Some branches end within url(…) and some do not.', 'Close it in every branch.');
    }
    return new CssPlace('either');
  }

  #inUrl(): boolean {
    return this.#at === 'url' || this.#at === 'url-rest';
  }

  same(other: ValuePlace): boolean {
    return other instanceof CssPlace && other.#at === this.#at && other.#word === this.#word;
  }
}

const NAME = new CssPlace('name');

export const CSS_START: ValuePlace = NAME;
