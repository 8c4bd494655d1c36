import type { Context, Opened, Scope } from '../context.ts';
import { workerOf } from '../delivery/index.ts';
import type { StoredMessage, TagCatalogue } from '../ports/index.ts';
import { isGroup, type Recipient } from '../recipients/index.ts';
import { findPeople } from '../segments/index.ts';
import { contentOf } from '../templates/index.ts';
import { hashInput } from './canonical-input.ts';
import { type CheckedSend, checkSend, MAX_RECIPIENTS, tooMany } from './check-send.ts';
import { composeSend } from './compose-send.ts';
import { enqueueMessages, storedOf } from './enqueue-messages.ts';
import type { SentMessage } from './message.ts';
import { recipientPlaces } from './recipient-places.ts';
import { findRepeated, type Idempotency, messagesOf } from './repeat-send.ts';
import type { Send } from './send-input.ts';
import { checkTimeLeft } from './send-time.ts';
import { contentInHand, viewMessage, viewMessages } from './view-messages.ts';

/** Makes `send` for one tenant. */
export function createSend<Tags extends TagCatalogue = TagCatalogue>(
  context: Context,
  scope: Scope,
): Send<Tags> {
  const send = async (input: unknown) => {
    const checked = checkSend(input, scope, context.clock.now());
    checked.signal?.throwIfAborted();
    const idempotency = idempotencyOf(checked, input);
    const messages = await sendMessages(context, scope, checked, idempotency);
    return answer(context, scope, checked, messages);
  };
  // What the answer looks like is decided by the input: `answer` does what `SendResult` says.
  return send as unknown as Send<Tags>;
}

/** Compose, resolve, render, enqueue (see pipeline.ts); each distinct recipient's messages, channel by channel. */
async function sendMessages(
  context: Context,
  scope: Scope,
  send: CheckedSend,
  meant: Idempotency | null,
): Promise<readonly SentMessage[]> {
  const opened = await context.open();
  const { tx } = send;
  const idempotency = meant && (await keyed(opened, meant));
  const first = idempotency && (await findRepeated(opened, scope, idempotency, tx));
  if (first) return repeatedMessages(context, opened, scope, send, first);

  checkTimeLeft(send.times, context.clock.now());
  const { signal } = send;
  const recipients = await findPeople(context, opened, scope, send.to, { most: MAX_RECIPIENTS + 1, signal });
  if (recipients.length > MAX_RECIPIENTS) throw tooMany();
  const { composed, result } = await enqueueMessages(context, opened, tx, async (had) => {
    const sending = await composeSend(context, opened, scope, send, recipients, idempotency, had);
    signal?.throwIfAborted();
    return sending;
  });
  const { batch, lookup } = composed;
  if (result.status === 'repeated' && idempotency !== null) {
    // Somebody sent the same in this very moment.
    const theirs = await messagesOf(opened, scope, idempotency, result, tx);
    return repeatedMessages(context, opened, scope, send, theirs);
  }
  const stored = await answered(context, scope, send, batch.messages.map(storedOf));
  return stored.map((one) => ({ ...viewMessage(lookup, one), repeated: false }));
}

/** With `wait`, the messages once each that is to leave now has had its first answer. */
async function answered(
  context: Context,
  { tenant }: Scope,
  { wait, signal }: CheckedSend,
  stored: readonly StoredMessage[],
): Promise<readonly StoredMessage[]> {
  if (!wait || stored.every(({ delivery }) => delivery.work === 'done')) return stored;
  const ids = stored.map(({ message }) => message.id);
  return workerOf(context).handOver(tenant, ids, signal ?? undefined);
}

function idempotencyOf({ key }: CheckedSend, input: unknown): Idempotency | null {
  if (key === undefined) return null;
  const { tx: _tx, wait: _wait, signal: _signal, ...meant } = input as Readonly<Record<string, unknown>>;
  return { key, inputHash: hashInput(meant) };
}

/** What is stored is no plain hash: from one, whoever has the database could guess a sensitive value back. */
async function keyed({ keyring }: Opened, { key, inputHash }: Idempotency): Promise<Idempotency> {
  return { key, inputHash: (await keyring.hmac('input', inputHash)).toString('hex') };
}

async function repeatedMessages(
  context: Context,
  { store }: Opened,
  scope: Scope,
  send: CheckedSend,
  first: readonly StoredMessage[],
): Promise<readonly SentMessage[]> {
  const stored = await answered(context, scope, send, first);
  if (send.tx === undefined || 'template' in send.content) {
    const messages = await viewMessages(store.content, scope, stored);
    return messages.map((message) => ({ ...message, repeated: true }));
  }
  // What an open transaction wrote is seen by nobody else yet; the same call says the same.
  const { version, compiled } = await contentOf(context, scope, send.content, send.files.refs);
  const lookup = contentInHand(version, compiled);
  return stored.map((one) => ({ ...viewMessage(lookup, one), repeated: true }));
}

/** One recipient by one channel: the message. Else the messages of each entry of `to`; with a group, of each person. */
async function answer(
  context: Context,
  scope: Scope,
  { to, channels }: CheckedSend,
  messages: readonly SentMessage[],
): Promise<SentMessage | readonly SentMessage[] | undefined> {
  const all = channels?.all === true;
  const entries: readonly unknown[] = Array.isArray(to) ? to : [to];
  if (entries.some(isGroup)) return messages;
  if (!all && !Array.isArray(to)) return messages[0];
  const each = all ? channels.channels.length : 1;
  // Without a group, and sent: they are recipients.
  const places = await recipientPlaces(context, scope, entries as readonly Recipient[]);
  return places.flatMap((place) => messages.slice(place * each, (place + 1) * each));
}
