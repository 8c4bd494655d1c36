import type { Scope } from '../context.ts';
import { summaryOf } from '../events/index.ts';
import type {
  CompiledSkeleton,
  ContentStore,
  Skeleton,
  StoredMessage,
  VersionRecord,
} from '../ports/index.ts';
import { joinPart } from '../templates/index.ts';
import { UNSUBSCRIBE_SLOT } from '../unsubscribe/index.ts';
import { maskSlots } from './mask-slots.ts';
import type { Message } from './message.ts';

const PREVIEW_LENGTH = 200;

/** Where a view finds the content of messages. */
export interface ContentLookup {
  version(id: string): VersionRecord | undefined;
  skeleton(id: string): Skeleton | undefined;
}

/** The content of a send, which may not be stored yet. */
export function contentInHand(version: VersionRecord, compiled: readonly CompiledSkeleton[]): ContentLookup {
  const skeletons = new Map(compiled.map(({ skeleton }) => [skeleton.id, skeleton]));
  return {
    version: (id) => (id === version.id ? version : undefined),
    skeleton: (id) => skeletons.get(id),
  };
}

/** Stored messages as people see them, in order. Content that many share is loaded once. */
export async function viewMessages(
  content: ContentStore,
  { tenant }: Scope,
  messages: readonly StoredMessage[],
): Promise<Message[]> {
  const distinct = (pick: (stored: StoredMessage) => string) => [...new Set(messages.map(pick))];
  const versions = new Map<string, VersionRecord | undefined>();
  for (const id of distinct(({ message }) => message.versionId)) {
    versions.set(id, await content.getVersionById(tenant, id));
  }
  const skeletons = new Map<string, Skeleton | undefined>();
  for (const id of distinct(({ message }) => message.skeletonId)) {
    skeletons.set(id, await content.getSkeleton(tenant, id));
  }
  const lookup = { version: (id: string) => versions.get(id), skeleton: (id: string) => skeletons.get(id) };
  return messages.map((stored) => viewMessage(lookup, stored));
}

/** One message as people see it. */
export function viewMessage(lookup: ContentLookup, stored: StoredMessage): Message {
  const { message, delivery } = stored;
  const version = lookup.version(message.versionId);
  return {
    ...summaryOf(stored),
    template: message.template === null ? null : { key: message.template, version: version?.number ?? 0 },
    ...textsOf(lookup.skeleton(message.skeletonId), maskSlots(message.slots)),
    replyTo: message.replyTo,
    locale: message.locale,
    timeZone: message.timeZone,
    sendAt: dateOf(message.sendAt),
    expiresAt: dateOf(message.expiresAt),
    changedAt: new Date(Math.max(message.createdAt, delivery.outcome?.occurredAt ?? 0)),
  };
}

/** Without content (none for the channel, or not there any more) there is nothing to show. */
function textsOf(
  skeleton: Skeleton | undefined,
  slots: readonly string[],
): Pick<Message, 'subject' | 'preview'> {
  switch (skeleton?.channel) {
    case 'email':
      return {
        subject: joinPart(skeleton.subject, slots),
        preview: previewOf(joinPart(skeleton.text, slots)),
      };
    case 'sms':
      return { subject: null, preview: previewOf(joinPart(skeleton.text, slots)) };
    case 'internal':
      return { subject: joinPart(skeleton.title, slots), preview: previewOf(joinPart(skeleton.body, slots)) };
    case undefined:
      return { subject: null, preview: '' };
  }
}

/** A link is derived for each message as it leaves; in one line of it nobody misses it. */
function previewOf(parts: string): string {
  const text = parts.replaceAll(UNSUBSCRIBE_SLOT, '…');
  const line = text
    .slice(0, 4 * PREVIEW_LENGTH)
    .replace(/\s+/g, ' ')
    .trim();
  if (line.length <= PREVIEW_LENGTH) return line;
  // By characters: half of an emoji is none.
  return `${[...line.slice(0, PREVIEW_LENGTH + 1)].slice(0, -2).join('')}…`;
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
