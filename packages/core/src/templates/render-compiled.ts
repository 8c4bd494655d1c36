import { InputError, PosthornError } from '../errors.ts';
import type { CompiledSkeleton, TagCatalogue } from '../ports/index.ts';
import { overLimit, parseLiquid } from './liquid.ts';
import { plainData } from './plain-data.ts';
import type { Reader } from './reader.ts';
import { Recent } from './recent.ts';
import { globalsFor } from './render-context.ts';
import { isSlot, sourcesOf } from './skeleton.ts';
import { liquidSlots, type SlotNode, type SlotProgram, translateSlots } from './slot-program.ts';
import { holdsRange } from './template-nodes.ts';

/** What the slots of one message are rendered from, and for whom. `now` is the message's time. */
export interface RenderInput extends Reader {
  readonly data: object;
  readonly tags?: TagCatalogue | undefined;
}

interface Part {
  /** Where it stands in the input: `email.html`. */
  readonly path: string;
  readonly program: SlotProgram;
}

/** Parsed and translated once, not for every message of a broadcast. */
const known = new Recent<readonly Part[]>(200);

/** Renders every slot, in order. Each part has its own names, shared by all of its slots. */
export function renderCompiled(compiled: CompiledSkeleton, input: RenderInput): string[] {
  const { skeleton } = compiled;
  const parts = known.getOrMake(skeleton.id, () => partsOf(compiled));
  const data = plainData(input.data);
  const globals = globalsFor(input);
  const slots: string[] = [];
  for (const { path, program } of parts) {
    try {
      slots.push(...program({ data, globals, path }));
    } catch (error) {
      throw explainedFailure(error, path);
    }
  }
  if (slots.length === skeleton.slotCount) return slots;
  throw new TypeError(`Skeleton ${skeleton.id} has ${skeleton.slotCount} slots, not ${slots.length}.`);
}

function partsOf({ skeleton, compiled }: CompiledSkeleton): Part[] {
  return [...sourcesOf(skeleton.channel, compiled)].map(({ part, source }) => {
    const path = `${skeleton.channel}.${part}`;
    const nodes = parseLiquid(source, path)
      .map((node) => ({ node, isSlot: isSlot(node) }))
      .filter(({ node, isSlot: shows }) => shows || 'name' in node);
    return { path, program: translateSlots(nodes) ?? leftToLiquid(nodes, path) };
  });
}

/** Liquid counts through a range of huge numbers without an end, and no limit of its stops it. */
function leftToLiquid(nodes: readonly SlotNode[], path: string): SlotProgram {
  if (!nodes.some(({ node }) => holdsRange(node))) return liquidSlots(nodes);
  throw new InputError('template_syntax', `${path} cannot count through a range beside what else it does.`, {
    path,
    advice: 'Use no `offset: continue`, computed name or row called forloop in a part that has a range.',
  });
}

/** What went wrong is ours somewhere within what Liquid has wrapped it in. */
export function explainedFailure(error: unknown, path: string): unknown {
  const causes: unknown[] = [];
  for (let cause = error; cause instanceof Error && !causes.includes(cause); ) {
    causes.push(cause);
    cause = 'originalError' in cause && cause.originalError instanceof Error ? cause.originalError : cause;
  }
  const known = causes.find((cause): cause is PosthornError => cause instanceof PosthornError);
  // A filter knows what it was given, but not where it stands.
  if (known !== undefined) return known.path === undefined ? Object.assign(known, { path }) : known;
  const message = error instanceof Error ? error.message : String(error);
  if (
    /template render limit|memory alloc limit|call stack size|Invalid (?:string|array) length/.test(message)
  ) {
    return overLimit(path, 'takes too much time or memory to render with this data');
  }
  // The message of a filter may quote a value, which may be secret: it is not repeated.
  return new InputError(
    'invalid_tag_value',
    `${path} cannot be rendered: a filter does not take a value it was given.`,
    {
      path,
      advice: 'Look at the filters of the template and the values they get.',
    },
  );
}
