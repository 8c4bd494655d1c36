import { AssignTag, CaptureTag, type Template, toValueSync } from 'liquidjs';
import { liquid } from './liquid.ts';
import { copyGroup, type PlainGroup } from './plain-data.ts';
import { contextFor, type Globals } from './render-context.ts';
import { SlotOutput } from './slot-output.ts';
import { SlotRun, type Step, UNASSIGNED } from './slot-run.ts';
import { childrenOf, namesBoundBy } from './template-nodes.ts';
import { NodeTranslator } from './translate-node.ts';
import { Untranslatable, ValueTranslator } from './translate-value.ts';

/** A node of a part that does something; fixed text is in the skeleton. */
export interface SlotNode {
  readonly node: Template;
  /** Whether what it shows is a slot. */
  readonly isSlot: boolean;
}

/** What one part of a message is rendered from. */
export interface SlotInput {
  readonly data: PlainGroup;
  readonly globals: Globals;
  /** Where the part stands in the input: `email.html`. */
  readonly path: string;
}

/** Renders the slots of one part, in order. They share the part's names, counters and limits; `data` stays as it is. */
export type SlotProgram = (input: SlotInput) => string[];

/** Longer ones are not worth the memory. */
const KEPT_CHARS = 1000;

/**
 * Translates a part once to functions that do for every message what Liquid would do, without its generators: a tenth of
 * the time. Undefined where a node, or how it is written, is none of those that are known here.
 */
export function translateSlots(nodes: readonly SlotNode[]): SlotProgram | undefined {
  try {
    return translated(nodes);
  } catch (error) {
    if (error instanceof Untranslatable) return undefined;
    throw error;
  }
}

function translated(nodes: readonly SlotNode[]): SlotProgram {
  const names = new Set(namesAssignedIn(nodes.map(({ node }) => node)));
  const values = new ValueTranslator(new Map([...names].map((name, number) => [name, number])));
  const translator = new NodeTranslator(values);
  const steps = nodes.map(({ node, isSlot }) => {
    const before = values.varying;
    const step = translator.step(node);
    return { isSlot, step: isSlot && values.varying === before ? once(step) : step };
  });
  return ({ data, globals, path }) => {
    const own = translator.countsInData ? copyGroup(data) : data;
    const output = new SlotOutput(path);
    const assigned = new Array<unknown>(names.size).fill(UNASSIGNED);
    const run = new SlotRun(contextFor(liquid, own, globals), own, output, assigned);
    const slots: string[] = [];
    for (const { step, isSlot } of steps) {
      step(run);
      const text = output.take();
      if (isSlot) slots.push(text);
    }
    return slots;
  };
}

/** A slot without tags is the same in every message. */
function once(step: Step): Step {
  let kept: string | undefined;
  return (run) => {
    if (kept !== undefined) return run.output.write(kept);
    step(run);
    const { buffer } = run.output;
    if (buffer.length <= KEPT_CHARS) kept = buffer;
  };
}

function* namesAssignedIn(nodes: readonly Template[]): Generator<string> {
  for (const node of nodes) {
    if (node instanceof AssignTag || node instanceof CaptureTag) yield* namesBoundBy(node);
    yield* namesAssignedIn(childrenOf(node));
  }
}

/** Has Liquid itself render a part, whatever it holds. */
export function liquidSlots(nodes: readonly SlotNode[]): SlotProgram {
  return ({ data, globals, path }) => {
    const context = contextFor(liquid, copyGroup(data), globals);
    const output = new SlotOutput(path);
    const slots: string[] = [];
    for (const { node, isSlot } of nodes) {
      toValueSync(liquid.renderer.renderTemplates([node], context, output));
      const text = output.take();
      if (isSlot) slots.push(text);
    }
    return slots;
  };
}
