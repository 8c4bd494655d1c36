import { compile } from 'css-select';
import type { Selector } from 'css-what';
import { type AnyNode, type Element, isTag } from 'domhandler';
import { DomUtils } from 'htmlparser2';
import type { ReadHtml } from './html-elements.ts';
import type { Declaration, StyleRule } from './inline-cascade.ts';
import { type Candidate, inlinable } from './inline-declarations.ts';
import type { Work } from './inline-work.ts';

/** What of a document depends on data. */
export interface Facts {
  /** Elements some of whose attributes do. */
  readonly dynamic: ReadonlyMap<Element, ReadonlySet<string> | 'any'>;
  /** Whether there are conditions or loops: then nothing is known of an element's siblings. */
  readonly blocks: boolean;
}

/** Pseudo-classes that depend on nothing but an element's place among its siblings. */
const PLACES = /^(?:first|last|only)-(?:child|of-type)$|^nth-(?:last-)?(?:child|of-type)$|^(?:root|empty)$/;

const COMBINATORS = ['adjacent', 'child', 'descendant', 'parent', 'sibling', 'column-combinator'] as const;

type Combinator = (typeof COMBINATORS)[number];
type Test = (element: AnyNode) => boolean;

/** An element with the elements around it that a selector can ask for. */
interface Place {
  readonly element: Element;
  readonly parent: Element | undefined;
  readonly previous: Element | undefined;
}

/** Tells which declarations hold for which elements, for sure or maybe. */
export class Matching {
  readonly #html: ReadHtml;
  readonly #facts: Facts;
  readonly #work: Work;
  /** In the order of the document. */
  readonly #places: readonly Place[];

  constructor(html: ReadHtml, facts: Facts, work: Work) {
    this.#html = html;
    this.#facts = facts;
    this.#work = work;
    this.#places = [...placesIn(html.document.children)];
  }

  /** By element: what can be written into it, weakest first. */
  declarationsOf(rules: readonly StyleRule[]): ReadonlyMap<Element, readonly Declaration[]> {
    const candidates = new Map<Element, Candidate[]>();
    for (const rule of rules) {
      // What stands before or behind an element's content is not the element.
      if (rule.selector.some(({ type }) => type === 'pseudo-element')) continue;
      const steps = this.#stepsOf(rule);
      const sure = steps === undefined ? new Set<Element>() : this.#matches(steps);
      for (const element of this.#possible(rule, steps === undefined, sure)) {
        this.#work.spend(rule.declarations.length);
        const list = candidates.get(element) ?? [];
        for (const declaration of rule.declarations) list.push({ declaration, sure: sure.has(element) });
        candidates.set(element, list);
      }
    }
    const kept = [...candidates].map(([element, list]) => [element, inlinable(list)] as const);
    return new Map(kept.filter(([, declarations]) => declarations.length > 0));
  }

  /** How to find what the rule holds for; undefined where that is not certain. */
  #stepsOf({ selector, conditional }: StyleRule): readonly Step[] | undefined {
    if (conditional || !selector.every((part) => this.#isSure(part))) return undefined;
    const steps = compoundsOf(selector).map(({ combinator, parts }): Step | undefined => {
      const test = parts.length === 0 ? undefined : this.#testOf(parts);
      return test && { combinator, test };
    });
    return steps.every((step) => step !== undefined) ? steps : undefined;
  }

  #isSure(part: Selector): boolean {
    if (part.type === 'pseudo') return this.#isStatic() && PLACES.test(part.name);
    if (part.type === 'adjacent' || part.type === 'sibling') return this.#isStatic();
    return part.type !== 'column-combinator' && part.type !== 'parent';
  }

  #isStatic(): boolean {
    return !this.#facts.blocks && this.#facts.dynamic.size === 0;
  }

  /** Undefined where css-select does not know what is meant (a namespace). */
  #testOf(parts: readonly Selector[]): Test | undefined {
    const equals = (one: AnyNode, other: AnyNode) => {
      // `:nth-child` looks at all siblings of each one, which is quick for one and not for many.
      this.#work.spend(0.1);
      return one === other;
    };
    try {
      return compile<AnyNode, Element>([[...parts]], { adapter: { ...DomUtils, equals } });
    } catch {
      return undefined;
    }
  }

  /**
   * What a selector holds for, found from its left to its right, so that each step takes as long as the document is. Attributes
   * that depend on data are as if they were not there.
   */
  #matches(steps: readonly Step[]): ReadonlySet<Element> {
    let found: ReadonlySet<Element> | undefined;
    for (const { combinator, test } of steps) {
      this.#work.spend(this.#places.length);
      const reached = found === undefined ? this.#places : this.#reached(found, combinator);
      found = new Set(reached.map(({ element }) => element).filter(test));
    }
    return found ?? new Set();
  }

  /** Where a combinator leads to from these elements. */
  #reached(from: ReadonlySet<Element>, combinator: Combinator | undefined): readonly Place[] {
    const passed = new Set<Element | undefined>();
    const goesOn = combinator === 'descendant' || combinator === 'sibling';
    return this.#places.filter(({ element, parent, previous }) => {
      const before = combinator === 'descendant' || combinator === 'child' ? parent : previous;
      const isReached = before !== undefined && (from.has(before) || (goesOn && passed.has(before)));
      if (isReached) passed.add(element);
      return isReached;
    });
  }

  /** Every element that the rule could hold for: those that its last part fits, whatever data say of the others. */
  #possible(rule: StyleRule, unsure: boolean, sure: ReadonlySet<Element>): Iterable<Element> {
    if (this.#facts.dynamic.size === 0 && !unsure) return sure;
    const last = compoundsOf(rule.selector).at(-1)?.parts ?? [];
    this.#work.spend(this.#html.elements.length);
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

/** A part of a selector without combinators, and how it is reached from the one before it. */
interface Step {
  readonly combinator: Combinator | undefined;
  readonly test: Test;
}

function compoundsOf(selector: readonly Selector[]) {
  const compounds: { readonly combinator: Combinator | undefined; readonly parts: Selector[] }[] = [
    { combinator: undefined, parts: [] },
  ];
  for (const part of selector) {
    const combinator = COMBINATORS.find((name) => name === part.type);
    if (combinator === undefined) compounds.at(-1)?.parts.push(part);
    else compounds.push({ combinator, parts: [] });
  }
  return compounds;
}

function* placesIn(nodes: readonly AnyNode[], parent?: Element): Generator<Place> {
  let previous: Element | undefined;
  for (const element of nodes) {
    if (!isTag(element)) continue;
    yield { element, parent, previous };
    yield* placesIn(element.children, element);
    previous = element;
  }
}
