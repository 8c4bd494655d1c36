import { type Context, type Template, toValueSync } from 'liquidjs';
import { InputError, PosthornError } from '../errors.ts';
import type { CompiledSkeleton, TagCatalogue } from '../ports/index.ts';
import { LIMITS, liquid, overLimit, parseLiquid } from './liquid.ts';
import { plainData } from './plain-data.ts';
import type { Reader } from './reader.ts';
import { Recent } from './recent.ts';
import { contextFor } from './render-context.ts';
import { isSlot, sourcesOf } from './skeleton.ts';

/** What the slots of one message are rendered from, and for whom. `now` is the message's time. */
export interface RenderInput extends Reader {
  readonly data: object;
  readonly tags?: TagCatalogue | undefined;
}

/** The nodes of a part that do something; fixed text is in the skeleton. */
interface ParsedPart {
  readonly part: string;
  readonly nodes: readonly { readonly node: Template; readonly isSlot: boolean }[];
}

/** Parsed once, not for every message of a broadcast. */
const parsed = new Recent<readonly ParsedPart[]>(200);

/** Renders every slot, in order. Each part has its own names, shared by all of its slots. */
export function renderCompiled(compiled: CompiledSkeleton, { data, ...reader }: RenderInput): string[] {
  const slots: string[] = [];
  for (const { part, nodes } of parsed.getOrMake(compiled.skeleton.id, () => parseParts(compiled))) {
    // Liquid's counters write into the data: each part has its own.
    const context = contextFor(liquid, plainData(data), reader);
    const output = new Output(part);
    for (const { node, isSlot: shows } of nodes) {
      const text = renderNode(node, context, output, part);
      if (shows) slots.push(text);
    }
  }
  if (slots.length === compiled.skeleton.slotCount) return slots;
  throw new TypeError(
    `Skeleton ${compiled.skeleton.id} has ${compiled.skeleton.slotCount} slots, not ${slots.length}.`,
  );
}

function parseParts({ skeleton, compiled }: CompiledSkeleton): ParsedPart[] {
  return [...sourcesOf(skeleton.channel, compiled)].map(({ part, source }) => ({
    part,
    nodes: parseLiquid(source, part)
      .map((node) => ({ node, isSlot: isSlot(node) }))
      .filter(({ node, isSlot: shows }) => shows || 'name' in node),
  }));
}

function renderNode(node: Template, context: Context, output: Output, part: string): string {
  try {
    toValueSync(liquid.renderer.renderTemplates([node], context, output));
    return output.take();
  } catch (error) {
    throw explainedFailure(error, part);
  }
}

/** Where a slot is written; holds back a loop that writes without end. */
class Output {
  buffer = '';
  #written = 0;
  readonly #part: string;

  constructor(part: string) {
    this.#part = part;
  }

  write(text: unknown): void {
    const added = String(text ?? '');
    this.#written += added.length;
    if (this.#written > LIMITS.renderedChars)
      throw overLimit(this.#part, `became longer than ${LIMITS.renderedChars} characters`);
    this.buffer += added;
  }

  take(): string {
    const text = this.buffer;
    this.buffer = '';
    return text;
  }
}

/** What went wrong is ours somewhere within what Liquid has wrapped it in. */
function explainedFailure(error: unknown, part: string): unknown {
  const causes: unknown[] = [];
  for (let cause = error; cause instanceof Error && !causes.includes(cause); ) {
    causes.push(cause);
    cause = 'originalError' in cause && cause.originalError instanceof Error ? cause.originalError : cause;
  }
  const known = causes.find((cause) => cause instanceof PosthornError);
  if (known !== undefined) return known;
  const message = error instanceof Error ? error.message : String(error);
  if (
    /template render limit|memory alloc limit|call stack size|Invalid (?:string|array) length/.test(message)
  ) {
    return overLimit(part, 'takes too much time or memory to render with this data');
  }
  // The message of a filter may quote a value, which may be secret: it is not repeated.
  return new InputError(
    'invalid_tag_value',
    `${part} cannot be rendered: a filter does not take a value it was given.`,
    {
      path: part,
      advice: 'Look at the filters of the template and the values they get.',
    },
  );
}
