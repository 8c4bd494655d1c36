import { type AnyNode, type Element, isTag, isText } from 'domhandler';
import { parseDocument } from 'htmlparser2';
import { type Node, printTree, readTree } from './compile-tree.ts';
import { LineWriter } from './derive-lines.ts';
import { withoutHtmlEscape } from './escape-filters.ts';
import { type Attribute, isBalanced, type ReadHtml, readHtml } from './html-elements.ts';
import { isControl, type Masked, maskLiquid, type Span, spansWithin } from './mask-liquid.ts';

/**
 * The text of an HTML part whose outputs are escaped, for readers without HTML. Every condition, loop and assignment keeps
 * its place and order; what is not shown (attributes, style sheets, hidden elements) loses its outputs only.
 */
export function deriveText(nodes: readonly Node[]): Node[] {
  const masked = maskLiquid(printTree(nodes));
  return asText(readTree(new Derivation(masked, readHtml(masked)).text(), 'text', 'own'));
}

/** Line breaks around elements; everything else stands within its line. */
const BREAKS: Readonly<Record<string, number>> = {
  ...{ p: 2, h1: 2, h2: 2, h3: 2, h4: 2, h5: 2, h6: 2, ul: 2, ol: 2, dl: 2, blockquote: 2, pre: 2, table: 2 },
  ...{
    div: 1,
    section: 1,
    article: 1,
    header: 1,
    footer: 1,
    main: 1,
    nav: 1,
    aside: 1,
    center: 1,
    address: 1,
  },
  ...{ form: 1, figure: 1, figcaption: 1, li: 1, dt: 1, dd: 1, tr: 1, caption: 1, hr: 1, body: 1 },
};

const HIDDEN: ReadonlySet<string> = new Set(['head', 'style', 'script', 'title', 'template']);

class Derivation {
  readonly #masked: Masked;
  readonly #html: ReadHtml;
  readonly #writer = new LineWriter();
  /** All Liquid before it is written. */
  #read = 0;
  #keepsLines = false;

  constructor(masked: Masked, html: ReadHtml) {
    this.#masked = masked;
    this.#html = html;
  }

  text(): string {
    this.#children(this.#html.document.children);
    this.#passOver(this.#masked.source.length);
    return this.#writer.end();
  }

  #children(nodes: readonly AnyNode[]): void {
    for (const node of nodes) {
      if (isText(node)) this.#text(node.startIndex ?? 0, (node.endIndex ?? -1) + 1);
      else if (isTag(node)) this.#element(node);
    }
  }

  #text(begin: number, end: number): void {
    this.#passOver(begin);
    let at = begin;
    for (const span of spansWithin(this.#masked, begin, end)) {
      this.#writer.text(decoded(this.#masked.source.slice(at, span.begin)), this.#keepsLines);
      if (span.kind === 'output') this.#writer.output(span.source);
      else if (isControl(span)) this.#writer.control(span.source);
      else this.#writer.silent(span.source);
      at = span.end;
    }
    this.#writer.text(decoded(this.#masked.source.slice(at, end)), this.#keepsLines);
    this.#read = end;
  }

  /** Liquid in what is not shown: what it decides and remembers still holds for the rest. */
  #passOver(end: number): void {
    for (const span of spansWithin(this.#masked, this.#read, end)) {
      if (span.kind === 'tag') this.#writer.silent(span.source);
    }
    this.#read = Math.max(this.#read, end);
  }

  #element(element: Element): void {
    if (this.#isHidden(element)) {
      this.#passOver((element.endIndex ?? 0) + 1);
      return;
    }
    const { name } = element;
    const breaks = BREAKS[name] ?? 0;
    if (breaks > 0) this.#writer.lines(breaks);
    if (name === 'br') this.#writer.lineBreak();
    if (name === 'hr') this.#writer.word('---');
    if (name === 'img') this.#image(element);
    if (name === 'li') {
      this.#writer.word('-');
      this.#writer.space();
    }
    if (name === 'a') this.#link(element);
    else this.#inside(element);
    if (name === 'td' || name === 'th') this.#writer.space();
    if (breaks > 0) this.#writer.lines(breaks);
  }

  #inside(element: Element): void {
    const outside = this.#keepsLines;
    this.#keepsLines ||= element.name === 'pre';
    this.#children(element.children);
    this.#keepsLines = outside;
  }

  #isHidden(element: Element): boolean {
    if (HIDDEN.has(element.name) || Object.hasOwn(element.attribs, 'hidden')) return true;
    const style = this.#attribute(element, 'style');
    return (
      style !== undefined &&
      /display\s*:\s*none/i.test(this.#sourceOf(style)) &&
      this.#spansOf(style).length === 0
    );
  }

  #image(element: Element): void {
    const alt = this.#attribute(element, 'alt');
    if (alt !== undefined) this.#value(alt);
  }

  /** The address stands behind the link's text, or before it where it may be another one by then. */
  #link(element: Element): void {
    const href = this.#attribute(element, 'href');
    const place =
      href === undefined || this.#isSilent(element, href) ? 'nowhere' : this.#addressPlace(element);
    if (href !== undefined && place === 'before') {
      this.#value(href, '', ':');
      this.#writer.space();
    }
    this.#inside(element);
    this.#writer.space();
    if (href !== undefined && place === 'behind') this.#value(href, '(', ')');
  }

  /** Where the link may end in another branch than it began, or a name is given another value in it: before. */
  #addressPlace(element: Element): 'before' | 'behind' {
    const begin = element.firstChild?.startIndex ?? 0;
    const spans = spansWithin(this.#masked, begin, (element.lastChild?.endIndex ?? begin - 1) + 1);
    return onlyShow(spans) && !this.#html.isLoose(element) ? 'behind' : 'before';
  }

  /** An attribute that the element has whatever data say. */
  #attribute(element: Element, wanted: string): Attribute | undefined {
    const [attribute, ...others] = this.#html.attributesOf(element).filter(({ name }) => name === wanted);
    if (attribute === undefined || others.length > 0) return undefined;
    const section = this.#masked.sectionAt(element.startIndex ?? 0);
    return this.#masked.sectionAt(attribute.begin) === section ? attribute : undefined;
  }

  /** A link to nowhere, or one whose text is its address. */
  #isSilent(element: Element, href: Attribute): boolean {
    const address = withoutFilters(this.#sourceOf(href).trim());
    const { source } = this.#masked;
    const shown = source
      .slice(element.firstChild?.startIndex ?? 0, (element.lastChild?.endIndex ?? -1) + 1)
      .trim();
    const text = withoutFilters(shown);
    return (
      address === '' ||
      address.startsWith('#') ||
      address.replace(/^(?:mailto|tel):/i, '') === text ||
      address === text
    );
  }

  /** An attribute's value with its Liquid, where that does nothing but show. */
  #value(attribute: Attribute, before = '', after = ''): void {
    const spans = this.#spansOf(attribute);
    if (!onlyShow(spans) || !isBalanced(spans) || this.#sourceOf(attribute).trim() === '') return;
    if (before !== '') this.#writer.word(before);
    let at = attribute.valueBegin;
    for (const span of spans) {
      this.#fixed(at, span.begin);
      if (span.kind === 'output') this.#writer.output(span.source);
      else this.#writer.silent(span.source);
      at = span.end;
    }
    this.#fixed(at, attribute.valueEnd);
    if (after !== '') this.#writer.word(after);
  }

  #fixed(begin: number, end: number): void {
    const text = decoded(this.#masked.source.slice(begin, end).replaceAll('<', '&lt;'));
    if (text !== '') this.#writer.word(text.replace(/\s+/g, ' '));
  }

  #sourceOf({ valueBegin, valueEnd }: Attribute): string {
    return this.#masked.source.slice(valueBegin, valueEnd);
  }

  #spansOf({ valueBegin, valueEnd }: Attribute): readonly Span[] {
    return spansWithin(this.#masked, valueBegin, valueEnd);
  }
}

/** Whether Liquid gives no name to any value. */
function onlyShow(spans: readonly Span[]): boolean {
  return spans.every((span) => span.kind === 'output' || isControl(span));
}

/** What is shown, without how it is escaped. */
function withoutFilters(source: string): string {
  return source.replace(/ \| posthorn_\w+ \}\}/g, ' }}');
}

/** Text as HTML means it. */
function decoded(html: string): string {
  if (!/[&<]/.test(html)) return html;
  return parseDocument(html)
    .children.map((node) => (isText(node) ? node.data : ''))
    .join('');
}

/** Without the escaping of HTML, and without blocks that were left empty: they decide nothing. */
function asText(nodes: readonly Node[]): Node[] {
  return nodes.flatMap((node): Node[] => {
    if (node.kind === 'output') return [{ ...node, expression: withoutHtmlEscape(node.expression) }];
    if (node.kind !== 'block' || node.name === 'capture') return [node];
    const sections = node.sections.map((section) => ({ ...section, nodes: asText(section.nodes) }));
    return sections.every((section) => section.nodes.length === 0) ? [] : [{ ...node, sections }];
  });
}
