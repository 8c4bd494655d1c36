import type { Context } from '../context.ts';
import type { Channel } from '../ports/index.ts';
import { UNSUBSCRIBE_SLOT } from './unsubscribe-slot.ts';

/** What a template can say of unsubscribing. */
export interface OptOut {
  /** `{{ unsubscribe.url }}`; nothing in single messages, which are answered. */
  readonly unsubscribeUrl: string | undefined;
  /** The line at the end of a text message whose template says nothing of it. */
  readonly unsubscribeLine: string | undefined;
}

const NONE: OptOut = { unsubscribeUrl: undefined, unsubscribeLine: undefined };

/**
 * What a message says of unsubscribing. Bulk messages have a link where the template asks for it; text messages for which
 * nobody can answer `STOP` have one at their end, unless the template has one.
 */
export function optOutOf(
  { publicUrl }: Pick<Context, 'publicUrl'>,
  message: {
    readonly channel: Channel;
    readonly isBulk: boolean;
    readonly canReply: boolean;
    /** BCP 47. Danish and English are spoken; everybody else is told in English. */
    readonly locale: string;
  },
): OptOut {
  const { channel, isBulk, canReply, locale } = message;
  if (!isBulk || channel === 'internal') return NONE;
  if (channel === 'email') return { ...NONE, unsubscribeUrl: UNSUBSCRIBE_SLOT };
  // Without a page there is nowhere to go: an email is no answer to a text message.
  if (publicUrl === null) return NONE;
  const words = new Intl.Locale(locale).language === 'da' ? 'Afmeld' : 'Opt out';
  return {
    unsubscribeUrl: UNSUBSCRIBE_SLOT,
    unsubscribeLine: canReply ? undefined : `\n${words}: ${UNSUBSCRIBE_SLOT}`,
  };
}
