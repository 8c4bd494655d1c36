import { StoreError } from '../errors.ts';
import type {
  AttachmentContent,
  AttachmentRef,
  ContentStore,
  EmailSkeleton,
  Envelope,
  MessageRecord,
  Skeleton,
} from '../ports/index.ts';
import type { Keyring } from '../secrets/index.ts';
import { outgoingHeaders, withUnsubscribeLink } from '../unsubscribe/index.ts';
import { makeReturnToken } from './return-token.ts';
import { WeightedCache } from './weighted-cache.ts';

/** Makes envelopes of one worker's messages; content that many share is loaded once. */
export type BuildEnvelope = (message: MessageRecord, attempt: number) => Promise<Envelope>;

interface EnvelopeSources {
  readonly content: Pick<ContentStore, 'getSkeleton' | 'getFile'>;
  readonly keyring: Keyring;
  readonly publicUrl: string | null;
}

const SKELETON_CHARACTERS = 16 * 1024 * 1024;
const FILE_BYTES = 64 * 1024 * 1024;

/**
 * Answers a builder with caches of its own. It reads everything that can fail (content, sealed values), so it is called
 * before a message becomes `sending`: what cannot be built is never in doubt.
 */
export function createEnvelopeBuilder(sources: EnvelopeSources): BuildEnvelope {
  const skeletonOf = createSkeletonLoader(sources.content);
  const filesOf = createFileLoader(sources.content);
  const { keyring } = sources;
  return async (message, attempt) => {
    const skeleton = await skeletonOf(message);
    const base = {
      messageId: message.id,
      attempt,
      tenant: message.tenant,
      slots: await withUnsubscribeLink(sources, keyring, message, openSlots(message, keyring)),
      returnToken: await makeReturnToken(keyring, { messageId: message.id, attempt }),
      createdAt: message.sendAt ?? message.createdAt,
    };
    const { address, addressKey, broadcast } = message;
    if (address === null) throw corrupt(message, 'has no address');
    if (broadcast !== null && addressKey === null) {
      throw corrupt(message, 'has an address without its key, so nobody could unsubscribe by it');
    }
    switch (skeleton.channel) {
      case 'email':
        return {
          ...base,
          ...mailboxes(message, address),
          channel: 'email',
          skeleton,
          headers: await outgoingHeaders(sources, keyring, message),
          attachments: await filesOf(message, skeleton),
        };
      case 'sms':
        return { ...base, channel: 'sms', skeleton, from: message.from.address, to: address };
      case 'internal':
        throw corrupt(message, 'is an internal one, which travels by no account');
    }
  };
}

function mailboxes({ from, replyTo, toName }: MessageRecord, address: string) {
  return {
    from,
    to: toName === null ? { address } : { name: toName, address },
    ...(replyTo === null ? {} : { replyTo }),
  };
}

function createSkeletonLoader(content: EnvelopeSources['content']) {
  const cache = new WeightedCache<Skeleton>(SKELETON_CHARACTERS);
  return async (message: MessageRecord): Promise<Skeleton> => {
    const key = `${message.tenant}\n${message.skeletonId}`;
    const cached = cache.get(key);
    if (cached !== undefined) return cached;
    const skeleton = await content.getSkeleton(message.tenant, message.skeletonId);
    if (skeleton === undefined) throw corrupt(message, 'names content that is not there');
    if (skeleton.channel !== message.channel) throw corrupt(message, 'names content of another channel');
    cache.set(key, skeleton, JSON.stringify(skeleton).length);
    return skeleton;
  };
}

function createFileLoader(content: EnvelopeSources['content']) {
  const cache = new WeightedCache<Uint8Array>(FILE_BYTES);
  const load = async (message: MessageRecord, ref: AttachmentRef): Promise<AttachmentContent> => {
    const key = `${message.tenant}\n${ref.hash}`;
    const cached = cache.get(key);
    if (cached !== undefined) return { ...ref, content: cached };
    const file = await content.getFile(message.tenant, ref);
    if (file === undefined) throw corrupt(message, `carries a file that is not there (${ref.filename})`);
    cache.set(key, file.content, file.content.byteLength);
    return { ...ref, content: file.content };
  };
  return async (message: MessageRecord, skeleton: EmailSkeleton): Promise<readonly AttachmentContent[]> => {
    const files: AttachmentContent[] = [];
    for (const ref of [...skeleton.attachments, ...message.attachments]) files.push(await load(message, ref));
    return files;
  };
}

/** The slots' values, the sealed ones opened. */
function openSlots(message: MessageRecord, keyring: Keyring): readonly string[] {
  const { sealedSlots } = message;
  const sealed: Readonly<Record<string, unknown>> =
    sealedSlots === null ? {} : JSON.parse(keyring.open(sealedSlots, `slots:${message.id}`));
  return message.slots.map((value, slot) => {
    const text = value ?? sealed[slot];
    if (typeof text !== 'string') throw corrupt(message, `lacks the value of slot ${slot}`);
    return text;
  });
}

function corrupt({ id }: MessageRecord, problem: string): StoreError {
  return new StoreError('store_corrupt', `Message ${id} ${problem}.`, {
    advice: 'Restore the database from a backup, or cancel the message.',
  });
}
