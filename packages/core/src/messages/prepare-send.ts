import type { Context, Opened, Scope } from '../context.ts';
import type { AttachmentRef, Channel } from '../ports/index.ts';
import { checkTogether, type LoadedContent } from '../templates/index.ts';
import type { CheckedSend, ChosenChannels } from './check-send.ts';
import type { Prepared } from './compose-drafts.ts';
import { resolveSenders, type Senders } from './resolve-sender.ts';
import type { SendTimes } from './send-time.ts';

/** What a call says beside whom and what. */
export interface Wish
  extends Pick<CheckedSend, 'channels' | 'data' | 'locale' | 'timeZone' | 'headers' | 'replyTo'> {
  readonly identity?: CheckedSend['identity'];
  readonly attachments: readonly AttachmentRef[];
  readonly times: SendTimes;
  readonly key: string | null;
  readonly broadcast: string | null;
}

/** What is said, and the identity it asks for. */
interface SaidContent extends Pick<LoadedContent, 'version' | 'compiled'> {
  readonly identity: string | null;
}

/** Puts together what all messages of a call have in common. */
export async function prepareSend(
  context: Context,
  opened: Opened,
  scope: Scope,
  { version, compiled, identity: preferred }: SaidContent,
  { channels, identity, replyTo, ...wish }: Wish,
): Promise<Prepared> {
  for (const { skeleton } of compiled) {
    if (skeleton.channel === 'email') checkTogether(skeleton.attachments, wish.attachments);
  }
  const choice = channels ?? onlyChannel(compiled);
  const wanted = { given: identity, preferred };
  const senders = await resolveSenders(context, opened, scope, choice, wanted);
  return {
    composition: {
      ...wish,
      locale: wish.locale,
      timeZone: wish.timeZone,
      version,
      compiled,
      replyTo: replyTo === null ? null : { address: replyTo },
      resendOf: null,
      now: context.clock.now(),
    },
    choice: served(choice, senders),
    senders,
  };
}

/** Where the call names no channel: the content's only one, or email. */
function onlyChannel(compiled: LoadedContent['compiled']): ChosenChannels {
  const [first = 'email', ...others] = new Set<Channel>(compiled.map(({ skeleton }) => skeleton.channel));
  return { all: false, channels: [others.length === 0 ? first : 'email'] };
}

function served({ all, channels }: ChosenChannels, senders: Senders): ChosenChannels {
  return { all, channels: channels.filter((channel) => senders.has(channel)) };
}
