import type { Context, Opened, Scope } from '../context.ts';
import { InputError } from '../errors.ts';
import { newId } from '../ids.ts';
import type {
  AttachmentRef,
  Channel,
  CompiledSkeleton,
  Mailbox,
  MessageRecord,
  Skeleton,
  VersionRecord,
} from '../ports/index.ts';
import type { ResolvedRecipient } from '../recipients/index.ts';
import { checkData, joinPart, mergeData, pickSkeleton, renderSlots } from '../templates/index.ts';
import { optOutOf } from '../unsubscribe/index.ts';
import { checkHeaderText } from './check-headers.ts';
import { checkSubjectData } from './check-subject-data.ts';
import type { Candidate } from './choose-channels.ts';
import type { Sender } from './resolve-sender.ts';
import { sealSlots } from './seal-slots.ts';
import type { SendTimes } from './send-time.ts';

/** RFC 5322 section 2.1.1: what a line may hold. A longer subject is no subject any more. */
const MAX_SUBJECT = 998;

/** What all messages of one send have in common. */
export interface Composition {
  readonly version: VersionRecord;
  readonly compiled: readonly CompiledSkeleton[];
  /** Tag values of the call. */
  readonly data: unknown;
  readonly locale: string | undefined;
  readonly timeZone: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly replyTo: Mailbox | null;
  readonly attachments: readonly AttachmentRef[];
  readonly times: SendTimes;
  readonly key: string | null;
  readonly resendOf: string | null;
  readonly broadcast: string | null;
  readonly now: number;
}

/** What one message says: fixed text and the values in it. Without a skeleton there is no content for its channel. */
export interface Filled {
  readonly skeleton: Skeleton | null;
  readonly slots: readonly string[];
}

/** Renders what the recipient is told, in the recipient's language. */
export async function fillContent(
  context: Context,
  scope: Scope,
  composition: Composition,
  { recipient, channel, canReply }: Candidate,
): Promise<Filled> {
  const compiled = pickFor(composition, scope, channel, recipient);
  if (compiled === undefined) return { skeleton: null, slots: [] };
  const { tags } = context;
  const data = checkData(mergeData(recipient.data, composition.data), tags);
  const reader = { ...readerOf(composition, recipient), now: composition.times.sendAt ?? composition.now };
  const { locale } = reader;
  const optOut = optOutOf(context, { channel, isBulk: composition.broadcast !== null, canReply, locale });
  const slots = await renderSlots(compiled, { data, ...reader, tags, ...optOut });
  // After rendering, which refuses data without an end.
  if (channel === 'email') await checkSubjectData(compiled, composition.data, tags);
  checkSubject(compiled.skeleton, slots);
  return { skeleton: compiled.skeleton, slots };
}

/** The content in the recipient's language, or the nearest there is; undefined where the channel has none. */
export function pickFor(
  composition: Composition,
  scope: Scope,
  channel: Channel,
  recipient: ResolvedRecipient,
): CompiledSkeleton | undefined {
  return pickSkeleton(composition.compiled, channel, readerOf(composition, recipient).locale, scope.locale);
}

/** One message of a send, its sensitive values sealed. Nothing is written yet. */
export function composeMessage(
  { clock, keyring }: Pick<Context, 'clock'> & Pick<Opened, 'keyring'>,
  scope: Scope,
  composition: Composition,
  candidate: Candidate,
  { identity, account }: Sender,
  { skeleton, slots }: Filled,
): MessageRecord {
  const { version, times } = composition;
  const { recipient, channel } = candidate;
  const id = newId(clock);
  const isEmail = channel === 'email';
  return {
    id,
    tenant: scope.tenant,
    channel,
    template: version.template,
    versionId: version.id,
    skeletonId: skeleton?.id ?? NO_SKELETON,
    ...sealSlots(keyring, id, slots, skeleton?.sensitiveSlots ?? [], candidate.skip === null),
    identity: identity.key,
    from: mailboxOf(identity.name, identity.address),
    replyTo: isEmail ? (composition.replyTo ?? mailboxOrNull(identity.replyTo)) : null,
    account: account.key,
    accountTenant: account.tenant,
    recipient: recipient.recipient,
    toName: recipient.name,
    address: candidate.address,
    addressKey: candidate.addressKey,
    ...readerOf(composition, recipient),
    headers: isEmail ? composition.headers : {},
    attachments: isEmail ? composition.attachments : [],
    key: composition.key,
    resendOf: composition.resendOf,
    broadcast: composition.broadcast,
    createdAt: composition.now,
    ...times,
  };
}

function readerOf({ locale, timeZone }: Composition, recipient: ResolvedRecipient) {
  return { locale: locale ?? recipient.locale, timeZone: timeZone ?? recipient.timeZone };
}

/** Of a message that is skipped because there is no content for its channel. */
const NO_SKELETON = '';

/** The subject of an email as it will be read; values may have brought in what a header cannot hold. */
function checkSubject(skeleton: Skeleton, slots: readonly string[]): void {
  if (skeleton.channel !== 'email') return;
  const subject = joinPart(skeleton.subject, slots);
  checkHeaderText(subject, 'email.subject');
  if (subject.length <= MAX_SUBJECT) return;
  throw new InputError('template_limit', `The subject is longer than ${MAX_SUBJECT} characters.`, {
    path: 'email.subject',
    advice: 'Shorten it, or the values of its tags.',
  });
}

function mailboxOf(name: string | null, address: string): Mailbox {
  return name === null ? { address } : { name, address };
}

function mailboxOrNull(address: string | null): Mailbox | null {
  return address === null ? null : { address };
}
