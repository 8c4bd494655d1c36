import { setImmediate } from 'node:timers/promises';
import type { Context, Opened, Scope } from '../context.ts';
import type { Channel, EnqueueBatch } from '../ports/index.ts';
import type { ResolvedRecipient } from '../recipients/index.ts';
import { checkTogether, contentOf, type LoadedContent } from '../templates/index.ts';
import { buildRows, type Draft } from './build-rows.ts';
import type { CheckedSend, ChosenChannels } from './check-send.ts';
import { type Candidate, chooseChannels } from './choose-channels.ts';
import { type Composition, composeMessage, fillContent } from './compose-message.ts';
import type { Idempotency } from './repeat-send.ts';
import { resolveSenders, type Senders } from './resolve-sender.ts';
import { type ContentLookup, contentInHand } from './view-messages.ts';

/** Messages rendered before the host's event loop gets its turn. */
const RENDERED_AT_ONCE = 20;

/** Everything that one send writes, and the content it is shown with. */
interface ComposedSend {
  readonly batch: EnqueueBatch;
  readonly lookup: ContentLookup;
}

/** From a checked call to rows, ready to be written: all that can be wrong with it is found here. */
export async function composeSend(
  context: Context,
  opened: Opened,
  scope: Scope,
  send: CheckedSend,
  recipients: readonly ResolvedRecipient[],
  idempotency: Idempotency | null,
): Promise<ComposedSend> {
  const now = context.clock.now();
  const { files } = send;
  const content = await contentOf(context, scope, send.content, files.refs);
  for (const { skeleton } of content.compiled) {
    if (skeleton.channel === 'email') checkTogether(skeleton.attachments, files.refs);
  }
  const wanted = { given: send.identity, preferred: content.template?.identity ?? null };
  const choice = send.channels ?? onlyChannel(content);
  const senders = await resolveSenders(context, opened, scope, choice, wanted);
  const candidates = await chooseChannels(
    opened,
    scope,
    recipients,
    served(choice, senders),
    channelsOf(content),
  );
  const composition: Composition = {
    version: content.version,
    compiled: content.compiled,
    data: send.data,
    locale: send.locale,
    timeZone: send.timeZone,
    headers: send.headers,
    replyTo: send.replyTo === null ? null : { address: send.replyTo },
    attachments: files.refs,
    times: send.times,
    key: send.key ?? null,
    resendOf: null,
    now,
  };
  const drafts = await composeAll(
    { ...context, keyring: opened.keyring },
    scope,
    composition,
    candidates.flat(),
    senders,
    send.signal,
  );
  return {
    batch: {
      tenant: scope.tenant,
      key: idempotency,
      content: content.isNew === null ? [] : [content.isNew],
      files: carriedFiles(files.files, drafts),
      ...buildRows(context, drafts),
      now,
    },
    lookup: contentInHand(content.version, content.compiled),
  };
}

async function composeAll(
  context: Context & Pick<Opened, 'keyring'>,
  scope: Scope,
  composition: Composition,
  candidates: readonly Candidate[],
  senders: Senders,
  signal: AbortSignal | null,
): Promise<readonly Draft[]> {
  const drafts: Draft[] = [];
  for (const [index, candidate] of candidates.entries()) {
    const sender = senders.get(candidate.channel);
    // Candidates are made for channels with a sender only.
    if (sender === undefined) continue;
    const filled = await fillContent(context, scope, composition, candidate);
    const message = composeMessage(context, scope, composition, candidate, sender, filled);
    drafts.push({ message, skip: candidate.skip, paused: sender.account.paused !== null });
    if (index % RENDERED_AT_ONCE === RENDERED_AT_ONCE - 1) await setImmediate();
    signal?.throwIfAborted();
  }
  return drafts;
}

function channelsOf({ compiled }: LoadedContent): ReadonlySet<Channel> {
  return new Set(compiled.map(({ skeleton }) => skeleton.channel));
}

/** Where the call names no channel: the content's only one, or email. */
function onlyChannel(content: LoadedContent): ChosenChannels {
  const [first = 'email', ...others] = channelsOf(content);
  return { all: false, channels: [others.length === 0 ? first : 'email'] };
}

function served({ all, channels }: ChosenChannels, senders: Senders): ChosenChannels {
  return { all, channels: channels.filter((channel) => senders.has(channel)) };
}

/** Files that no message carries, as none of them is an email, are not stored. */
function carriedFiles(files: EnqueueBatch['files'], drafts: readonly Draft[]): EnqueueBatch['files'] {
  return drafts.some(({ message }) => message.attachments.length > 0) ? files : [];
}
