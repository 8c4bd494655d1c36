import { createHash } from 'node:crypto';
import { type Template, TypeGuards } from 'liquidjs';
import type {
  AttachmentRef,
  CompiledSkeleton,
  Skeleton,
  SkeletonPiece,
  TagCatalogue,
} from '../ports/index.ts';
import { findTags } from './find-tags.ts';
import { parseLiquid } from './liquid.ts';
import { isSensitive } from './tag.ts';

/** The compiled sources of one channel and locale. */
export type CompiledParts =
  | { readonly channel: 'email'; readonly subject: string; readonly html?: string; readonly text: string }
  | { readonly channel: 'sms'; readonly text: string }
  | { readonly channel: 'internal'; readonly title: string; readonly body: string };

/** The parts of each channel, in the order in which their slots are numbered. */
const PARTS: Readonly<Record<Skeleton['channel'], readonly string[]>> = {
  email: ['subject', 'html', 'text'],
  sms: ['text'],
  internal: ['title', 'body'],
};

/** The compiled sources of a skeleton, in the order in which their slots are numbered. */
export function* sourcesOf(channel: Skeleton['channel'], compiled: Readonly<Record<string, string>>) {
  for (const part of PARTS[channel]) {
    const source = Object.hasOwn(compiled, part) ? compiled[part] : undefined;
    if (source !== undefined) yield { part, source };
  }
}

/** A top-level node that shows something is a slot; one that only gives a name to a value is not. */
export function isSlot(node: Template): boolean {
  const { token } = node;
  return (
    !TypeGuards.isHTMLToken(token) &&
    !(TypeGuards.isTagToken(token) && (token.name === 'assign' || token.name === 'capture'))
  );
}

/** A top-level node of a compiled source. */
interface PartNode {
  readonly part: string;
  readonly node: Template;
  /** The tags whose values shape what it shows. */
  readonly tags: ReadonlySet<string>;
  /** The number of its slot; null for a node that is none. */
  readonly slot: number | null;
  /** Whether one of its tags is sensitive. */
  readonly sensitive: boolean;
}

/** Every top-level node of a skeleton's compiled sources, with its tags and its slot. */
export function* nodesOf(
  channel: Skeleton['channel'],
  compiled: Readonly<Record<string, string>>,
  catalogue: TagCatalogue,
): Generator<PartNode> {
  let slots = 0;
  for (const { part, source } of sourcesOf(channel, compiled)) {
    for (const { node, tags } of findTags(parseLiquid(source, part), catalogue)) {
      const sensitive = [...tags].some((name) => isSensitive(name, catalogue));
      yield { part, node, tags, slot: isSlot(node) ? slots++ : null, sensitive };
    }
  }
}

/** Splits compiled sources into fixed text and numbered slots. The same content gives the same id. */
export function buildSkeleton(
  { channel, ...parts }: CompiledParts,
  locale: string,
  attachments: readonly AttachmentRef[],
  tags: TagCatalogue,
): CompiledSkeleton {
  const compiled: Record<string, string> = { ...parts };
  const segments = new Map(
    [...sourcesOf(channel, compiled)].map(({ part }) => [part, [] as SkeletonPiece[]]),
  );
  const sensitiveSlots: number[] = [];
  let slotCount = 0;
  for (const { part, node, slot, sensitive } of nodesOf(channel, compiled, tags)) {
    const list = segments.get(part) ?? [];
    if (TypeGuards.isHTMLToken(node.token)) addText(list, node.token.getContent());
    if (slot === null) continue;
    list.push(slot);
    if (sensitive) sensitiveSlots.push(slot);
    slotCount += 1;
  }
  const attached = channel === 'email' ? { attachments } : {};
  // The part names are those of the channel's skeleton: PARTS says so.
  const body = {
    channel,
    locale,
    slotCount,
    sensitiveSlots,
    ...Object.fromEntries(segments),
    ...attached,
  } as Omit<Skeleton, 'id'>;
  const id = createHash('sha256')
    .update(JSON.stringify([body, compiled]))
    .digest('hex');
  return { skeleton: { ...body, id } as Skeleton, compiled };
}

function addText(segments: SkeletonPiece[], text: string): void {
  const last = segments.at(-1);
  if (typeof last === 'string') segments[segments.length - 1] = last + text;
  else if (text !== '') segments.push(text);
}
