import { parse as parseSelectors, type Selector } from 'css-what';
import type { Element } from 'domhandler';
import { type ChildNode, CssSyntaxError, parse as parseCss, type Rule } from 'postcss';
import type { Work } from './inline-work.ts';

/** One declaration of a rule, with what decides between it and others (CSS Cascading, section 6). */
export interface Declaration {
  readonly property: string;
  readonly value: string;
  readonly important: boolean;
  /** Comparable as text: importance, specificity, order. */
  readonly rank: string;
}

/** A rule of a style sheet for one selector. */
export interface StyleRule {
  readonly selector: readonly Selector[];
  /** The condition of an at-rule decides whether it holds. */
  readonly conditional: boolean;
  readonly declarations: readonly Declaration[];
}

/** At-rules that say nothing about elements. */
const APART: ReadonlySet<string> = new Set([
  'charset',
  'font-face',
  'keyframes',
  '-webkit-keyframes',
  'namespace',
  'page',
]);

/** The rules of these sheets in their order; undefined where they say more than can be followed. */
export function readSheets(sheets: readonly string[], work: Work): readonly StyleRule[] | undefined {
  const rules: StyleRule[] = [];
  try {
    for (const sheet of sheets) {
      // A comment's ends once hid style sheets from browsers that knew none.
      const nodes = parseCss(sheet.replace(/^\s*<!--|-->\s*$/g, '')).nodes;
      if (!addRules(nodes, false, rules, work)) return undefined;
    }
    return rules;
  } catch (error) {
    if (error instanceof CssSyntaxError) return undefined;
    throw error;
  }
}

function addRules(
  nodes: readonly ChildNode[],
  conditional: boolean,
  rules: StyleRule[],
  work: Work,
): boolean {
  return nodes.every((node) => {
    if (node.type === 'comment') return true;
    if (node.type === 'rule') return addRule(node, conditional, rules, work);
    if (node.type !== 'atrule') return false;
    if (APART.has(node.name.toLowerCase())) return true;
    // Another sheet, a layer: what they do to the order is not followed.
    return (
      ['media', 'supports'].includes(node.name.toLowerCase()) && addRules(node.nodes ?? [], true, rules, work)
    );
  });
}

function addRule(rule: Rule, conditional: boolean, rules: StyleRule[], work: Work): boolean {
  if (rule.nodes.some(({ type }) => type !== 'decl' && type !== 'comment')) return false;
  const selectors = selectorsOf(rule.selector);
  // A selector that cannot be read is one that no mail program reads either: its rule is nobody's.
  for (const selector of selectors) {
    // Each selector has its own copy of the declarations.
    work.spend(10 * (1 + rule.nodes.length));
    const order = String(rules.length).padStart(6, '0');
    const rank = `${specificityOf(selector)} ${order}`;
    const declarations = rule.nodes.flatMap((node, index): Declaration[] => {
      if (node.type !== 'decl') return [];
      const place = String(index).padStart(4, '0');
      const important = node.important === true;
      const property = node.prop.startsWith('--') ? node.prop : node.prop.toLowerCase();
      return [{ property, value: node.value, important, rank: `${important ? 1 : 0} ${rank} ${place}` }];
    });
    rules.push({ selector, conditional, declarations });
  }
  return true;
}

function selectorsOf(text: string): readonly (readonly Selector[])[] {
  try {
    return parseSelectors(text);
  } catch {
    return [];
  }
}

/** Selectors Level 4, section 17. */
function specificityOf(selector: readonly Selector[]): string {
  const counts = [0, 0, 0];
  const count = (level: number) => {
    counts[level] = (counts[level] ?? 0) + 1;
  };
  for (const part of selector) {
    if (part.type === 'attribute') count(part.name === 'id' && part.action === 'equals' ? 0 : 1);
    else if (part.type === 'pseudo' && Array.isArray(part.data)) countLargest(part.name, part.data, counts);
    else if (part.type === 'pseudo') count(1);
    else if (part.type === 'tag' || part.type === 'pseudo-element') count(2);
  }
  return counts.map((each) => String(each).padStart(4, '0')).join('.');
}

/** `:is()` and `:not()` count as the most specific of what they hold, `:where()` as nothing. */
function countLargest(name: string, data: readonly (readonly Selector[])[], counts: number[]): void {
  if (name === 'where') return;
  const largest = data.map(specificityOf).sort().at(-1)?.split('.').map(Number) ?? [];
  largest.forEach((each, level) => {
    counts[level] = (counts[level] ?? 0) + each;
  });
}

/** Elements that are not shown: what a sheet says of them stays there. */
export function isNotInlined({ name }: Element): boolean {
  return ['head', 'title', 'style', 'script', 'meta', 'link', 'base', 'template'].includes(name);
}
