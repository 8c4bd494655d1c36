import { type CommentMode, readComment } from './escape-comment.ts';
import { CSS_START } from './escape-css-place.ts';
import type { EscapeFilter } from './escape-filters.ts';
import { isRaw, isTitle, type Mode, nameWith, type Quote, whereIn } from './escape-mode.ts';
import { PLAIN, Unsafe, type ValuePlace, valuePlaceOf } from './escape-place.ts';
import { readRaw } from './escape-raw.ts';
import { URL_START } from './escape-url-place.ts';

const SPACE = /[\t\n\f\r ]/;
const LETTER = /[a-z]/i;
const STARTS = { url: URL_START, css: CSS_START };

/**
 * Follows HTML character by character, as a browser does, to know what a tag that stands somewhere must be escaped for.
 */
export class HtmlState {
  #mode: Mode = 'text';
  /** Name of the tag being read, or of the element whose raw text is. */
  #tag = '';
  #closing = false;
  #attribute = '';
  /** What ends the value: a quote, nothing, or a quote that we put there ourselves. */
  #quote: Quote = '';
  #value: ValuePlace = PLAIN;
  /** As much of the end of a comment or a raw text as was read. */
  #tail = '';

  copy(): HtmlState {
    const copy = new HtmlState();
    copy.#mode = this.#mode;
    copy.#tag = this.#tag;
    copy.#closing = this.#closing;
    copy.#attribute = this.#attribute;
    copy.#quote = this.#quote;
    copy.#value = this.#value;
    copy.#tail = this.#tail;
    return copy;
  }

  same(other: HtmlState): boolean {
    return this.#alike(other) && this.#value.same(other.#value);
  }

  #alike(other: HtmlState): boolean {
    return this.#key() === other.#key();
  }

  #key(): string {
    const place = [this.#mode, this.#tag, this.#closing, this.#attribute, this.#quote];
    return [...place, this.#tail, this.#value.kind].join('\n');
  }

  /** The state where either this one or the other holds. Throws `Unsafe` where there is none. */
  or(other: HtmlState): HtmlState {
    const inSameTag = this.#tag === other.#tag && this.#closing === other.#closing;
    if (inSameTag && !this.#alike(other) && this.#mayEndHere() && other.#mayEndHere()) {
      const both = this.copy();
      both.#leaveValue();
      both.#mode = 'either';
      return both;
    }
    if (!this.#alike(other)) {
      throw new Unsafe(
        `Some branches end ${this.#words()}, some ${other.#words()}.`,
        'Let every branch open and close the same HTML tags, quotes and comments; a missing else is an empty branch.',
      );
    }
    const both = this.copy();
    both.#value = this.#value.or(other.#value);
    return both;
  }

  /** In a tag, where white space or `>` ends whatever is being read. */
  #mayEndHere(): boolean {
    if (this.#mode === 'value') return this.#quote === '';
    return ['tagName', 'beforeName', 'name', 'afterName', 'either', 'afterEither'].includes(this.#mode);
  }

  #words(): string {
    return whereIn({ mode: this.#mode, tag: this.#tag, attribute: this.#attribute, quote: this.#quote });
  }

  /** Answers what to write before a tag that is shown here, and the filter that it needs. */
  show(): { readonly before: string; readonly filter: EscapeFilter } {
    if (this.#mode === 'text' || this.#mode === 'title') return { before: '', filter: 'posthorn_html' };
    if (this.#mode === 'raw') {
      throw new Unsafe(
        `A tag cannot stand in <${this.#tag}>.`,
        'Nothing can be escaped there: write it out.',
      );
    }
    if (this.#mode !== 'value' && this.#mode !== 'beforeValue') {
      throw new Unsafe(
        `A tag cannot stand ${this.#words()}.`,
        'Tags may stand in text and in quoted attribute values.',
      );
    }
    if (this.#mode === 'value' && this.#quote === '') {
      throw new Unsafe(
        `A tag stands in the value of ${this.#attribute}, which has no quotes.`,
        `Put quotes around it: ${this.#attribute}="…".`,
      );
    }
    // Without quotes an empty tag would make the next attribute the value of this one.
    const before = this.#mode === 'beforeValue' ? '"' : '';
    if (before !== '') this.#startValue('ours');
    const [filter, next] = this.#value.show();
    this.#value = next;
    return { before, filter };
  }

  /** Follows fixed text, and answers it with the quotes that we had to put in. */
  read(text: string): string {
    let written = '';
    for (let index = 0; index < text.length; index++) {
      if (this.#mode === 'text') {
        const next = text.indexOf('<', index);
        if (next === -1) return written + text.slice(index);
        written += text.slice(index, next);
        index = next;
      }
      const character = text.charAt(index);
      written += this.#quote === 'ours' ? this.#closeOurs(character) : character;
      this.#step(character);
    }
    return written;
  }

  #closeOurs(character: string): string {
    if (this.#mode !== 'value') return character;
    if (SPACE.test(character) || character === '>') return `"${character}`;
    return character === '"' ? '&quot;' : character;
  }

  #step(character: string): void {
    switch (this.#mode) {
      case 'text':
        this.#mode = 'open';
        break;
      case 'open':
        this.#afterOpen(character);
        break;
      case 'close':
        if (LETTER.test(character)) this.#startTag(character, true);
        else this.#mode = character === '>' ? 'text' : 'bogus';
        break;
      case 'tagName':
      case 'beforeName':
      case 'name':
      case 'afterName':
        this.#inTag(character);
        break;
      case 'either':
      case 'afterEither':
        this.#afterEither(character);
        break;
      case 'beforeValue':
        this.#beforeValue(character);
        break;
      case 'value':
        this.#inValue(character);
        break;
      case 'raw':
      case 'title':
        this.#inRaw(character);
        break;
      default:
        this.#inComment(this.#mode, character);
    }
  }

  #afterOpen(character: string): void {
    if (LETTER.test(character)) this.#startTag(character, false);
    else if (character === '/') this.#mode = 'close';
    else if (character === '!') this.#mode = 'declaration';
    else if (character === '?') this.#mode = 'bogus';
    else if (character !== '<') this.#mode = 'text';
  }

  #startTag(character: string, closing: boolean): void {
    this.#mode = 'tagName';
    this.#tag = character.toLowerCase();
    this.#closing = closing;
  }

  #inTag(character: string): void {
    if (character === '>') {
      this.#endTag();
    } else if (character === '/') {
      this.#mode = 'beforeName';
    } else if (SPACE.test(character)) {
      if (this.#mode === 'name') this.#mode = 'afterName';
      else if (this.#mode !== 'afterName') this.#mode = 'beforeName';
    } else if (character === '=' && (this.#mode === 'name' || this.#mode === 'afterName')) {
      this.#mode = 'beforeValue';
    } else if (this.#mode === 'tagName') {
      this.#tag = nameWith(this.#tag, character);
    } else if (this.#mode === 'name') {
      this.#attribute = nameWith(this.#attribute, character);
    } else {
      this.#mode = 'name';
      this.#attribute = character.toLowerCase();
    }
  }

  /** In some branches an attribute was written, in others not: only the next one is certain again. */
  #afterEither(character: string): void {
    if (SPACE.test(character)) {
      this.#mode = 'afterEither';
    } else if (
      character === '>' ||
      character === '/' ||
      (this.#mode === 'afterEither' && character !== '=')
    ) {
      this.#mode = 'beforeName';
      this.#inTag(character);
    } else {
      throw new Unsafe(
        'Some branches end within an attribute’s name or an unquoted value, some do not.',
        'Put a space behind the block, and quotes around values.',
      );
    }
  }

  #beforeValue(character: string): void {
    if (SPACE.test(character)) return;
    if (character === '>') {
      this.#endTag();
    } else if (character === '"' || character === "'") {
      this.#startValue(character);
    } else {
      this.#startValue('');
      this.#inValue(character);
    }
  }

  #startValue(quote: Quote): void {
    this.#mode = 'value';
    this.#quote = quote;
    this.#value = valuePlaceOf(this.#tag, this.#attribute, STARTS);
  }

  #inValue(character: string): void {
    const quoted = this.#quote === '"' || this.#quote === "'";
    if (quoted ? character !== this.#quote : character !== '>' && !SPACE.test(character)) {
      this.#value = this.#value.read(character);
      return;
    }
    this.#leaveValue();
    if (character === '>') this.#endTag();
    else this.#mode = 'beforeName';
  }

  #leaveValue(): void {
    this.#value = PLAIN;
    this.#quote = '';
    this.#attribute = '';
  }

  #endTag(): void {
    const opened = this.#closing ? '' : this.#tag;
    this.#endMarkup();
    if (isRaw(opened)) this.#mode = 'raw';
    else if (isTitle(opened)) this.#mode = 'title';
    if (this.#mode !== 'text') this.#tag = opened;
  }

  #endMarkup(): void {
    this.#mode = 'text';
    this.#tag = '';
    this.#closing = false;
    this.#attribute = '';
    this.#tail = '';
  }

  #inRaw(character: string): void {
    const tail = readRaw(this.#tag, this.#tail, character);
    this.#tail = tail ?? '';
    if (tail !== undefined) return;
    this.#closing = true;
    this.#mode = 'tagName';
    this.#inTag(character);
  }

  #inComment(mode: CommentMode, character: string): void {
    const place = readComment({ mode, tail: this.#tail }, character);
    if (place === undefined) {
      this.#endMarkup();
    } else {
      this.#mode = place.mode;
      this.#tail = place.tail;
    }
  }
}
