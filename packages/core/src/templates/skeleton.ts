import { createHash } from 'node:crypto';
import { type Template, TypeGuards } from 'liquidjs';
import type { AttachmentRef, CompiledSkeleton, Segment, Skeleton, TagCatalogue } from '../ports/index.ts';
import { showsSensitive } from './check-tags.ts';
import { parseLiquid } from './liquid.ts';

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

/** Splits compiled sources into fixed text and numbered slots. The same content gives the same id. */
export function buildSkeleton(
  { channel, ...parts }: CompiledParts,
  locale: string,
  attachments: readonly AttachmentRef[],
  tags: TagCatalogue,
): CompiledSkeleton {
  const compiled: Record<string, string> = { ...parts };
  const segments: Record<string, Segment[]> = {};
  const sensitiveSlots: number[] = [];
  let slotCount = 0;
  for (const { part, source } of sourcesOf(channel, compiled)) {
    const nodes = parseLiquid(source, part);
    const sensitive = showsSensitive(nodes, tags);
    const list: Segment[] = [];
    nodes.forEach((node, index) => {
      if (TypeGuards.isHTMLToken(node.token)) addText(list, node.token.getContent());
      if (!isSlot(node)) return;
      if (sensitive[index] === true) sensitiveSlots.push(slotCount);
      list.push(slotCount++);
    });
    segments[part] = list;
  }
  const attached = channel === 'email' ? { attachments } : {};
  // The part names are those of the channel's skeleton: PARTS says so.
  const body = { channel, locale, slotCount, sensitiveSlots, ...segments, ...attached } as Omit<
    Skeleton,
    'id'
  >;
  const id = createHash('sha256')
    .update(JSON.stringify([body, compiled]))
    .digest('hex');
  return { skeleton: { ...body, id } as Skeleton, compiled };
}

function addText(segments: Segment[], text: string): void {
  const last = segments.at(-1);
  if (typeof last === 'string') segments[segments.length - 1] = last + text;
  else if (text !== '') segments.push(text);
}
