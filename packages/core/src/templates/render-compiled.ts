import { type Context, type Template, toValueSync } from 'liquidjs';
import { InputError, PosthornError } from '../errors.ts';
import type { CompiledSkeleton, TagCatalogue } from '../ports/index.ts';
import { LIMITS } from './limits.ts';
import { liquid, overLimit, parseLiquid } from './liquid.ts';
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
  /** Where it stands in the input: `email.html`. */
  readonly path: string;
  readonly nodes: readonly { readonly node: Template; readonly isSlot: boolean }[];
}

/** Parsed once, not for every message of a broadcast. */
const parsed = new Recent<readonly ParsedPart[]>(200);

/** Renders every slot, in order. Each part has its own names, shared by all of its slots. */
export function renderCompiled(compiled: CompiledSkeleton, { data, ...reader }: RenderInput): string[] {
  const slots: string[] = [];
  for (const { path, nodes } of parsed.getOrMake(compiled.skeleton.id, () => parseParts(compiled))) {
    // Liquid's counters write into the data: each part has its own.
    const context = contextFor(liquid, plainData(data), reader);
    const output = new Output(path);
    for (const { node, isSlot: shows } of nodes) {
      const text = renderNode(node, context, output, path);
      if (shows) slots.push(text);
    }
  }
  if (slots.length === compiled.skeleton.slotCount) return slots;
  throw new TypeError(
    `Skeleton ${compiled.skeleton.id} has ${compiled.skeleton.slotCount} slots, not ${slots.length}.`,
  );
}

function parseParts({ skeleton, compiled }: CompiledSkeleton): ParsedPart[] {
  return [...sourcesOf(skeleton.channel, compiled)].map(({ part, source }) => {
    const path = `${skeleton.channel}.${part}`;
    const nodes = parseLiquid(source, path)
      .map((node) => ({ node, isSlot: isSlot(node) }))
      .filter(({ node, isSlot: shows }) => shows || 'name' in node);
    return { path, nodes };
  });
}

function renderNode(node: Template, context: Context, output: Output, path: string): string {
  try {
    toValueSync(liquid.renderer.renderTemplates([node], context, output));
    return output.take();
  } catch (error) {
    throw explainedFailure(error, path);
  }
}

/** Where a slot is written; holds back a loop that writes without end. */
class Output {
  buffer = '';
  #written = 0;
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  write(text: unknown): void {
    const added = String(text ?? '');
    this.#written += added.length;
    if (this.#written > LIMITS.renderedChars)
      throw overLimit(this.#path, `became longer than ${LIMITS.renderedChars} characters`);
    this.buffer += added;
  }

  take(): string {
    const text = this.buffer;
    this.buffer = '';
    return text;
  }
}

/** What went wrong is ours somewhere within what Liquid has wrapped it in. */
function explainedFailure(error: unknown, path: string): unknown {
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
