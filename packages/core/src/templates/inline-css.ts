import type { Element } from 'domhandler';
import { type Attribute, type ReadHtml, readHtml } from './html-elements.ts';
import { type Declaration, isNotInlined, readSheets } from './inline-cascade.ts';
import { Matching } from './inline-match.ts';
import { Work } from './inline-work.ts';
import { LIMITS } from './limits.ts';
import { isControl, type Masked, maskLiquid, spansWithin } from './mask-liquid.ts';

/**
 * Writes what style sheets say into `style` attributes, for mail programs that know no style sheets. The sheets stay, and
 * whoever reads them sees the same as before: a declaration is left to its sheet where data, the size of the screen or
 * the mouse decide whether it holds, or where it would get in the way of one that does. Nothing else in the source changes.
 */
export function inlineCss(source: string): string {
  if (!/<style/i.test(source)) return source;
  const masked = maskLiquid(source);
  const html = readHtml(masked);
  const sheets = sheetsOf(masked, html);
  const work = new Work();
  const rules = sheets === undefined ? undefined : readSheets(sheets, work);
  if (rules === undefined || html.elements.some((element) => html.isLoose(element))) return source;
  const matching = new Matching(html, factsOf(masked, html), work);
  const byElement = matching.declarationsOf(rules);
  const edits: Edit[] = [];
  let length = source.length;
  for (const element of html.elements) {
    const declarations = byElement.get(element);
    if (declarations === undefined || isNotInlined(element) || html.hasLooseAttributes(element)) continue;
    for (const edit of editOf(element, html.attributesOf(element), declarations)) {
      edits.push(edit);
      length += edit.text.length;
    }
    if (length > LIMITS.partChars * 2) throw new RangeError('It is too long with its styles.');
  }
  return splice(source, edits);
}

/** The text of every style sheet; undefined where one depends on data. */
function sheetsOf(masked: Masked, html: ReadHtml): string[] | undefined {
  const sheets: string[] = [];
  for (const element of html.elements) {
    if (element.name !== 'style') continue;
    const begin = element.startIndex ?? 0;
    const end = element.endIndex ?? begin;
    if (masked.sectionAt(begin) !== 0 || spansWithin(masked, begin, end).length > 0) return undefined;
    const { media = 'all', type = 'text/css' } = element.attribs;
    const text = masked.text.slice(
      element.firstChild?.startIndex ?? end,
      (element.lastChild?.endIndex ?? end - 1) + 1,
    );
    if (type !== 'text/css') continue;
    sheets.push(media === 'all' ? text : `@media ${media} {${text}}`);
  }
  return sheets;
}

/** What of the document depends on data. */
function factsOf(masked: Masked, html: ReadHtml) {
  const dynamic = new Map<Element, ReadonlySet<string> | 'any'>();
  for (const element of html.elements) {
    const found = html
      .attributesOf(element)
      .filter(({ begin, end }) => spansWithin(masked, begin, end).length > 0);
    if (html.hasLooseAttributes(element)) {
      dynamic.set(element, 'any');
      element.attribs = {};
    } else if (found.length > 0) {
      dynamic.set(element, new Set(found.map(({ name }) => name)));
      for (const attribute of found)
        element.attribs[attribute.name] = certainWords(masked, element, attribute);
    }
  }
  return { dynamic, blocks: masked.spans.some(isControl) };
}

/** The words of a value that stand there whatever data say: `btn` of `class="btn {{ kind }}"`. */
function certainWords(masked: Masked, element: Element, { valueBegin, valueEnd }: Attribute): string {
  const section = masked.sectionAt(element.startIndex ?? 0);
  const words = masked.text.slice(valueBegin, valueEnd).matchAll(/\S+/g);
  return [...words]
    .filter(({ 0: word, index }) => {
      const [begin, end] = [valueBegin + index, valueBegin + index + word.length];
      // Liquid right beside a word may make it longer.
      return (
        masked.sectionAt(begin) === section &&
        spansWithin(masked, begin, end).length === 0 &&
        !masked.touches(begin, end)
      );
    })
    .map(({ 0: word }) => word)
    .join(' ');
}

interface Edit {
  readonly at: number;
  readonly text: string;
}

function editOf(
  element: Element,
  attributes: readonly Attribute[],
  declarations: readonly Declaration[],
): Edit[] {
  const style = attributes.find(({ name }) => name === 'style');
  if (style === undefined) {
    const at = (element.startIndex ?? 0) + 1 + element.name.length;
    return [{ at, text: ` style="${cssText(declarations, '"')}"` }];
  }
  // A value without quotes is left to the sheet: nothing can be put before it.
  if (typeof style.quote !== 'string') return [];
  return [{ at: style.valueBegin, text: `${cssText(declarations, style.quote)}; ` }];
}

function cssText(declarations: readonly Declaration[], quote: string): string {
  const other = quote === '"' ? "'" : '"';
  const text = declarations
    .map(({ property, value, important }) => `${property}: ${value}${important ? ' !important' : ''}`)
    .join('; ')
    .replaceAll('&', '&amp;');
  return text.replaceAll(quote, text.includes(other) ? (quote === '"' ? '&quot;' : '&#39;') : other);
}

function splice(source: string, edits: readonly Edit[]): string {
  let text = '';
  let from = 0;
  for (const { at, text: added } of edits) {
    text += source.slice(from, at) + added;
    from = at;
  }
  return text + source.slice(from);
}
