import { Tokenizer, type TopLevelToken, TypeGuards } from 'liquidjs';
import { liquid } from './liquid.ts';

/** A piece of Liquid in a source that the compiler has written. */
export interface Span {
  readonly begin: number;
  readonly end: number;
  readonly kind: 'output' | 'tag';
  /** Of a tag; a whole `capture` with its content is one span. */
  readonly name: string;
  readonly source: string;
}

const OPENS: ReadonlySet<string> = new Set(['if', 'unless', 'case', 'for']);

/** Liquid hidden from what reads HTML and CSS. Offsets are those of the source. */
export interface Masked {
  readonly source: string;
  /** The source with letters or white space in the place of Liquid, of the same length. */
  readonly text: string;
  readonly spans: readonly Span[];
  /** The number of the block section that an offset stands in; 0 outside of all. */
  sectionAt(offset: number): number;
  /** Whether Liquid stands right before or right behind a range. */
  touches(begin: number, end: number): boolean;
}

/** Masks a source: what comes out of it can be spliced back, as no offset has moved. */
export function maskLiquid(source: string): Masked {
  const spans = spansOf(source);
  let text = '';
  let at = 0;
  for (const span of spans) {
    text += source.slice(at, span.begin);
    // Where a value is expected white space would make the next attribute the value.
    text += (/=\s*$/.test(source.slice(Math.max(0, span.begin - 20), span.begin)) ? 'q' : ' ').repeat(
      span.end - span.begin,
    );
    at = span.end;
  }
  const sections = sectionsOf(spans);
  const begins = new Set(spans.map((span) => span.begin));
  const ends = new Set(spans.map((span) => span.end));
  return {
    source,
    text: text + source.slice(at),
    spans,
    sectionAt: (offset) => sections[countBefore(sections, offset + 1) - 1]?.section ?? 0,
    touches: (begin, end) => ends.has(begin) || begins.has(end),
  };
}

/** The spans that lie within a range, in order. */
export function spansWithin({ spans }: Masked, begin: number, end: number): readonly Span[] {
  return spans.slice(countBefore(spans, begin), countBefore(spans, end));
}

/** How many of these sorted marks begin before an offset. */
function countBefore(marks: readonly { readonly begin: number }[], offset: number): number {
  let [low, high] = [0, marks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((marks[middle]?.begin ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function spansOf(source: string): Span[] {
  const spans: Span[] = [];
  let capture: { begin: number; depth: number } | undefined;
  for (const token of new Tokenizer(source, liquid.options.operators).readTopLevelTokens(liquid.options)) {
    const name = tagName(token);
    if (name === 'capture')
      capture = { begin: capture?.begin ?? token.begin, depth: (capture?.depth ?? 0) + 1 };
    if (capture === undefined) {
      if (!TypeGuards.isHTMLToken(token)) spans.push(spanOf(source, token.begin, token.end, name));
    } else if (name === 'endcapture') {
      capture.depth -= 1;
      if (capture.depth > 0) continue;
      spans.push(spanOf(source, capture.begin, token.end, 'capture'));
      capture = undefined;
    }
  }
  return spans;
}

function spanOf(source: string, begin: number, end: number, name: string | undefined): Span {
  const kind = name === undefined ? 'output' : 'tag';
  return { begin, end, kind, name: name ?? '', source: source.slice(begin, end) };
}

function tagName(token: TopLevelToken): string | undefined {
  return TypeGuards.isTagToken(token) ? token.name : undefined;
}

/** Whether a tag begins, divides or ends a block. */
export function isControl({ kind, name }: Span): boolean {
  return (
    kind === 'tag' &&
    (OPENS.has(name) || DIVIDES.has(name) || (name.startsWith('end') && OPENS.has(name.slice(3))))
  );
}

const DIVIDES: ReadonlySet<string> = new Set(['else', 'elsif', 'when']);

function sectionsOf(spans: readonly Span[]): { readonly begin: number; readonly section: number }[] {
  const open: number[] = [];
  const marks: { begin: number; section: number }[] = [];
  let made = 0;
  for (const span of spans.filter(isControl)) {
    if (!OPENS.has(span.name)) open.pop();
    if (!span.name.startsWith('end')) open.push(++made);
    marks.push({ begin: span.end, section: open.at(-1) ?? 0 });
  }
  return marks;
}
