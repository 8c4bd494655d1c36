import { z } from 'zod';
import { checkInput, inputErrorOf } from '../check-input.ts';
import type { Context, Opened, Scope } from '../context.ts';
import type { Channel, StoredMessage } from '../ports/index.ts';
import { type Recipient, type ResolvedRecipient, resolveRecipients } from '../recipients/index.ts';
import { contentOf } from '../templates/index.ts';
import { buildRows } from './build-rows.ts';
import { type Candidate, chooseChannels, type Ways } from './choose-channels.ts';
import { type Composition, composeMessage } from './compose-message.ts';
import { copyInput } from './copy-input.ts';
import { enqueueMessages, storedOf } from './enqueue-messages.ts';
import { loadWhole } from './load-messages.ts';
import { recipientLimits } from './recipient-limits.ts';
import { refillContent } from './refill-content.ts';
import type { ResendInput, ResendWarning, ResentMessage } from './resend-input.ts';
import { resolveSenders, type Sender } from './resolve-sender.ts';
import { contentInHand, viewMessage } from './view-messages.ts';

const inputSchema = z.strictObject({
  to: z.unknown().optional(),
  channel: z.enum(['email', 'sms', 'internal']).optional(),
  version: z.enum(['same', 'latest']).optional(),
  data: z.unknown().optional(),
});

/** Sends a message again, as a new one that is linked to it. */
export async function resendMessage(
  context: Context,
  scope: Scope,
  id: string,
  input: ResendInput = {},
): Promise<ResentMessage> {
  const wish = copyInput(checkInput(inputSchema, input, 'resend'));
  const opened = await context.open();
  const original = await loadWhole(opened.store, scope, id);
  const channel = wish.channel ?? original.message.channel;
  const content = await contentToSend(context, opened, scope, original, wish.version ?? 'same');
  const recipient = await recipientOf(context, scope, original, wish.to);
  const composition = compositionOf(context, original, content, wish.data);
  const sender = await senderOf(context, opened, scope, original, channel);
  const sealing = { ...context, keyring: opened.keyring };
  const { composed } = await enqueueMessages(context, opened, undefined, async (had) => {
    const ways = { choice: { all: false, channels: [channel] }, senders: new Map([[channel, sender]]), had };
    const candidate = await candidateOf(context, opened, scope, recipient, composition, ways);
    const filled = await refillContent(sealing, scope, original, composition, candidate);
    const message = composeMessage(sealing, scope, composition, candidate, sender, filled);
    const drafts = [{ message, filled, skip: candidate.skip, problem: null, account: sender.account }];
    const rows = { ...buildRows(context, drafts), limits: recipientLimits(drafts) };
    const batch = { tenant: scope.tenant, key: null, content: [], files: [], ...rows, now: composition.now };
    return { batch, candidate };
  });
  const lookup = contentInHand(content.version, content.compiled);
  const [written] = composed.batch.messages;
  if (written === undefined) throw new Error('A draft makes a row.');
  return { ...viewMessage(lookup, storedOf(written)), warnings: warningsOf(original, composed.candidate) };
}

async function contentToSend(
  context: Context,
  { store }: Opened,
  scope: Scope,
  { message }: StoredMessage,
  version: 'same' | 'latest',
): Promise<Pick<Composition, 'version' | 'compiled'>> {
  if (version === 'latest' && message.template !== null) {
    return contentOf(context, scope, { template: message.template });
  }
  const stored = await store.content.getVersionById(scope.tenant, message.versionId);
  if (stored === undefined) {
    throw inputErrorOf('resend', [
      { path: 'version', message: 'cannot be `same`: the content is not there any more' },
    ]);
  }
  return { version: stored, compiled: await store.content.skeletonsOf(scope.tenant, stored.id) };
}

/** Whoever is named, or whom the original was for: asked for again, as the address may have been mended since. */
async function recipientOf(
  context: Context,
  scope: Scope,
  { message }: StoredMessage,
  to: unknown,
): Promise<ResolvedRecipient> {
  if (Array.isArray(to)) throw inputErrorOf('resend', [{ path: 'to', message: 'must be one recipient' }]);
  const [recipient] = await resolveRecipients(context, scope, (to ?? originalOf(message)) as Recipient);
  if (recipient === undefined) throw new Error('One recipient resolves to one.');
  return recipient;
}

function originalOf({
  recipient,
  channel,
  address,
  toName,
  locale,
  timeZone,
}: StoredMessage['message']): Recipient {
  if (recipient !== null) return recipient;
  if (address === null) {
    throw inputErrorOf('resend', [{ path: 'to', message: 'is missing, as the original had no address' }]);
  }
  const known = { name: toName ?? undefined, locale, timeZone };
  return channel === 'sms' ? { phone: address, ...known } : { email: address, ...known };
}

/** As before, unless that identity is gone since: then the default sender writes. */
async function senderOf(
  context: Context,
  opened: Opened,
  scope: Scope,
  { message }: StoredMessage,
  channel: Channel,
): Promise<Sender> {
  const preferred = channel === message.channel ? message.identity : null;
  const choice = { all: true, channels: [channel] };
  const senders = await resolveSenders(context, opened, scope, choice, { given: undefined, preferred });
  const sender = senders.get(channel);
  if (sender === undefined) throw new Error('All channels of a choice have a sender.');
  return sender;
}

async function candidateOf(
  context: Context,
  opened: Opened,
  scope: Scope,
  recipient: ResolvedRecipient,
  { compiled, now }: Composition,
  ways: Pick<Ways, 'choice' | 'senders' | 'had'>,
): Promise<Candidate> {
  const [[candidate] = []] = await chooseChannels(context, opened, scope, [recipient], {
    ...ways,
    withContent: new Set(compiled.map(({ skeleton }) => skeleton.channel)),
    leavesAt: now,
  });
  if (candidate === undefined) throw new Error('One recipient by one channel is one candidate.');
  return candidate;
}

/** As the original was, but for what it is filled with. Its times are over. */
function compositionOf(
  { clock }: Context,
  { message }: StoredMessage,
  content: Pick<Composition, 'version' | 'compiled'>,
  data: unknown,
): Composition {
  return {
    ...content,
    data,
    locale: message.locale,
    timeZone: message.timeZone,
    headers: message.headers,
    replyTo: message.replyTo,
    attachments: message.attachments,
    times: { sendAt: null, expiresAt: null },
    key: null,
    resendOf: message.id,
    // Sent again by hand, it is a single message.
    broadcast: null,
    now: clock.now(),
  };
}

function warningsOf({ delivery }: StoredMessage, { skip }: Candidate): ResendWarning[] {
  const warnings: ResendWarning[] = [];
  if (delivery.work === 'done' && delivery.outcome?.name === 'unknown') {
    warnings.push({
      code: 'original_in_doubt',
      message: 'The original is in doubt: it may have arrived, and this one would be the second.',
    });
  }
  if (delivery.work !== 'done' && skip === null) {
    warnings.push({
      code: 'original_waiting',
      message: 'The original is not sent yet: unless it is cancelled, both will arrive.',
    });
  }
  if (skip?.startsWith('suppressed:')) {
    warnings.push({
      code: 'address_suppressed',
      message: 'The address is marked as not to be written to, so this one was skipped too.',
    });
  }
  return warnings;
}
