import { type Document, DomHandler, Element } from 'domhandler';
import { Parser } from 'htmlparser2';
import { isControl, type Masked, type Span, spansWithin } from './mask-liquid.ts';

/** An attribute as it stands in the source; offsets are the source's. */
export interface Attribute {
  readonly name: string;
  readonly begin: number;
  readonly end: number;
  /** Null where the value has no quotes, undefined where there is no value. */
  readonly quote: string | null | undefined;
  /** Between the quotes. */
  readonly valueBegin: number;
  readonly valueEnd: number;
}

/** HTML that was read with its Liquid masked. Nothing is moved, even where a browser would (text between table rows). */
export interface ReadHtml {
  readonly document: Document;
  /** In the order of the source. */
  readonly elements: readonly Element[];
  attributesOf(element: Element): readonly Attribute[];
  /** Whether its start and its end stand in different branches, so that what it holds depends on data. */
  isLoose(element: Element): boolean;
  /** Liquid between its attributes, not within their values: which attributes it has depends on data. */
  hasLooseAttributes(element: Element): boolean;
}

export function readHtml(masked: Masked): ReadHtml {
  const handler = new ElementHandler(masked.text);
  new Parser(handler).end(masked.text);
  const { attributes } = handler;
  const attributesOf = (element: Element) => attributes.get(element)?.list ?? [];
  return {
    document: handler.root,
    elements: [...attributes.keys()],
    attributesOf,
    isLoose: (element) =>
      masked.sectionAt(element.startIndex ?? 0) !== masked.sectionAt(element.endIndex ?? 0),
    hasLooseAttributes(element) {
      const begin = element.startIndex ?? 0;
      const inTag = spansWithin(masked, begin, attributes.get(element)?.tagEnd ?? begin);
      return inTag.some((span) => !attributesOf(element).some((attribute) => isWithin(span, attribute)));
    },
  };
}

function isWithin(span: Span, { valueBegin, valueEnd }: Attribute): boolean {
  return span.begin >= valueBegin && span.end <= valueEnd;
}

/** Whether the blocks that begin among these spans end among them too. */
export function isBalanced(spans: readonly Span[]): boolean {
  let depth = 0;
  for (const span of spans.filter(isControl)) {
    if (span.name.startsWith('end')) depth -= 1;
    else if (['if', 'unless', 'case', 'for'].includes(span.name)) depth += 1;
    else if (depth === 0) return false;
    if (depth < 0) return false;
  }
  return depth === 0;
}

/** Browsers stop at 512, and what is open is searched again for every tag. */
const MAX_DEPTH = 512;

class ElementHandler extends DomHandler {
  readonly attributes = new Map<Element, { readonly list: readonly Attribute[]; readonly tagEnd: number }>();
  readonly #text: string;
  #reader: { readonly startIndex: number | null; readonly endIndex: number | null } | undefined;
  #list: Attribute[] = [];

  constructor(text: string) {
    super(undefined, { withStartIndices: true, withEndIndices: true });
    this.#text = text;
  }

  override onparserinit(parser: { startIndex: number | null; endIndex: number | null }): void {
    super.onparserinit(parser);
    this.#reader = parser;
  }

  onattribute(name: string, _value: string, quote?: string | null): void {
    const begin = this.#reader?.startIndex ?? 0;
    const end = this.#reader?.endIndex ?? begin;
    const valueEnd = typeof quote === 'string' ? end - 1 : end;
    const equals = /^[^=]*=\s*/.exec(this.#text.slice(begin, end))?.[0].length ?? end - begin;
    const valueBegin = Math.min(valueEnd, begin + equals + (typeof quote === 'string' ? 1 : 0));
    this.#list.push({ name, begin, end, quote, valueBegin, valueEnd });
  }

  /** `</p>` alone makes an element, too, which no tag in the source stands for. */
  override onopentag(name: string, attributes: { [key: string]: string }, isImplied?: boolean): void {
    super.onopentag(name, attributes);
    if (this.tagStack.length > MAX_DEPTH) throw new RangeError('Elements are nested too deeply.');
    const element = this.tagStack.at(-1);
    if (element instanceof Element && isImplied !== true) {
      this.attributes.set(element, { list: this.#list, tagEnd: this.#reader?.endIndex ?? 0 });
    }
    this.#list = [];
  }
}
