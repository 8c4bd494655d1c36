import { compile, selectAll } from 'css-select';
import type { Selector } from 'css-what';
import type { AnyNode, Element } from 'domhandler';
import type { ReadHtml } from './html-elements.ts';
import { areRelated, type Declaration, type StyleRule } from './inline-cascade.ts';

/** What of a document depends on data. */
export interface Facts {
  /** Elements some of whose attributes do. */
  readonly dynamic: ReadonlyMap<Element, ReadonlySet<string> | 'any'>;
  /** Whether there are conditions or loops: then nothing is known of an element's siblings. */
  readonly blocks: boolean;
}

/** Pseudo-classes that depend on nothing but an element's place among its siblings. */
const PLACES = /^(?:first|last|only)-(?:child|of-type)$|^nth-(?:last-)?(?:child|of-type)$|^(?:root|empty)$/;

interface Candidate {
  readonly declaration: Declaration;
  /** Whether the rule holds for sure; else it may. */
  readonly sure: boolean;
}

/** Tells which declarations hold for which elements, for sure or maybe. */
export class Matching {
  readonly #html: ReadHtml;
  readonly #facts: Facts;

  constructor(html: ReadHtml, facts: Facts) {
    this.#html = html;
    this.#facts = facts;
  }

  /** By element: what can be written into it, weakest first. */
  declarationsOf(rules: readonly StyleRule[]): ReadonlyMap<Element, readonly Declaration[]> {
    const candidates = new Map<Element, Candidate[]>();
    for (const rule of rules) {
      // What stands before or behind an element's content is not the element.
      if (rule.selector.some(({ type }) => type === 'pseudo-element')) continue;
      const sure = this.#isSure(rule) ? new Set(this.#matches(rule.selector)) : new Set<Element>();
      for (const element of this.#possible(rule, sure)) {
        const list = candidates.get(element) ?? [];
        list.push(...rule.declarations.map((declaration) => ({ declaration, sure: sure.has(element) })));
        candidates.set(element, list);
      }
    }
    const kept = [...candidates].map(([element, list]) => [element, inlinable(list)] as const);
    return new Map(kept.filter(([, declarations]) => declarations.length > 0));
  }

  #isSure({ selector, conditional }: StyleRule): boolean {
    if (conditional) return false;
    return selector.every((part) => {
      if (part.type === 'pseudo') return this.#isStatic() && PLACES.test(part.name);
      if (part.type === 'adjacent' || part.type === 'sibling') return this.#isStatic();
      return part.type !== 'column-combinator' && part.type !== 'parent';
    });
  }

  #isStatic(): boolean {
    return !this.#facts.blocks && this.#facts.dynamic.size === 0;
  }

  /** Attributes that depend on data are as if they were not there. */
  #matches(selector: readonly Selector[]): Element[] {
    const test = compile<AnyNode, Element>([[...selector]]);
    return selectAll<AnyNode, Element>(test, this.#html.document);
  }

  /** Every element that the rule could hold for: those that its last part fits, whatever data say of the others. */
  #possible(rule: StyleRule, sure: ReadonlySet<Element>): Iterable<Element> {
    if (this.#facts.dynamic.size === 0 && this.#isSure(rule)) return sure;
    const last = lastCompound(rule.selector);
    return this.#html.elements.filter(
      (element) => sure.has(element) || last.every((part) => this.#mayFit(element, part)),
    );
  }

  #mayFit(element: Element, part: Selector): boolean {
    if (part.type === 'tag') return part.name === element.name;
    if (part.type !== 'attribute') return true;
    const dynamic = this.#facts.dynamic.get(element);
    if (dynamic === 'any' || dynamic?.has(part.name) === true) return true;
    const value = element.attribs[part.name];
    if (value === undefined) return false;
    if (part.action === 'equals') return value === part.value;
    return part.action !== 'element' || value.split(/\s+/).includes(part.value);
  }
}

function lastCompound(selector: readonly Selector[]): readonly Selector[] {
  const combinators = ['adjacent', 'child', 'descendant', 'parent', 'sibling', 'column-combinator'];
  return selector.slice(selector.findLastIndex(({ type }) => combinators.includes(type)) + 1);
}

/**
 * The declarations that can be written into an element without getting in the way of one that stays in its sheet: of those
 * that are related, none above it may stay there. Only what is important in a sheet goes before what stands in an element.
 */
function inlinable(candidates: readonly Candidate[]): Declaration[] {
  const strongestFirst = candidates.toSorted((a, b) => (a.declaration.rank < b.declaration.rank ? 1 : -1));
  const inlined: Declaration[] = [];
  const staying: Declaration[] = [];
  for (const { declaration, sure } of strongestFirst) {
    const blocked = staying.some(
      (other) => areRelated(other, declaration) && (!other.important || declaration.important),
    );
    if (!sure || blocked || declaration.property.startsWith('--') || declaration.value.includes('var(')) {
      staying.push(declaration);
    } else if (!inlined.some((other) => overrides(other, declaration))) {
      inlined.push(declaration);
    }
  }
  return inlined.reverse();
}

/** The same property of another rule; two in one rule are a value and what to do where it is not understood. */
function overrides(strong: Declaration, weak: Declaration): boolean {
  return strong.property === weak.property && strong.rank.slice(0, -5) !== weak.rank.slice(0, -5);
}
