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
  /** Null for an ad-hoc one. */
  versionNumber(id: string): number | null;
  skeleton(id: string): Skeleton | undefined;
}

/** The content of a send, which may not be stored yet. */
export function contentInHand(version: VersionRecord, compiled: readonly CompiledSkeleton[]): ContentLookup {
  const skeletons = new Map(compiled.map(({ skeleton }) => [skeleton.id, skeleton]));
  return {
    versionNumber: (id) => (id === version.id ? version.number : null),
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
  const numbers = await content.versionNumbers(
    tenant,
    distinct(({ message }) => message.versionId),
  );
  const skeletons = await content.getSkeletons(
    tenant,
    distinct(({ message }) => message.skeletonId),
  );
  const lookup: ContentLookup = {
    versionNumber: (id) => numbers.get(id) ?? null,
    skeleton: (id) => skeletons.get(id),
  };
  return messages.map((stored) => viewMessage(lookup, stored));
}

/** One message as people see it. */
export function viewMessage(lookup: ContentLookup, stored: StoredMessage): Message {
  const { message, delivery } = stored;
  return {
    ...summaryOf(stored),
    template:
      message.template === null
        ? null
        : { key: message.template, version: lookup.versionNumber(message.versionId) ?? 0 },
    redactedAt: dateOf(delivery.redactedAt),
    ...(delivery.redactedAt === null
      ? textsOf(lookup.skeleton(message.skeletonId), maskSlots(message.slots))
      : NO_TEXTS),
    replyTo: message.replyTo,
    locale: message.locale,
    timeZone: message.timeZone,
    sendAt: dateOf(message.sendAt),
    expiresAt: dateOf(message.expiresAt),
    changedAt: new Date(Math.max(message.createdAt, delivery.outcome?.occurredAt ?? 0)),
  };
}

const NO_TEXTS = { subject: null, preview: '' } as const;

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
  // As `\s+`, in half the time: single spaces, which are most, are left alone.
  const line = text
    .slice(0, 4 * PREVIEW_LENGTH)
    .replace(/\s{2,}|[^\S ]/g, ' ')
    .trim();
  if (line.length <= PREVIEW_LENGTH) return line;
  // Half of an emoji is none.
  return `${line.slice(0, PREVIEW_LENGTH - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
