import type { EventRecord, Failure, MessageRecord, Reply } from '../ports/index.ts';
import {
  ENTRY_TEXTS,
  type EntryText,
  FAILURE_TEXTS,
  NAMES,
  REPLY_TEXTS,
  type Words,
} from './timeline-texts.ts';

/** In whose words a timeline is told. */
export interface Teller {
  /** BCP 47. Danish and English are spoken; everybody else is told in English. */
  readonly locale: string;
  readonly timeZone: string;
}

/** What people read of one entry. */
interface Told {
  readonly title: string;
  readonly sentence: string;
}

/** What an entry is told from: an event, or one of the steps that need none. */
export interface Telling {
  readonly type: EventRecord['type'] | 'created' | 'scheduled' | 'resent';
  readonly reason: string | null;
  readonly failure: Failure | null;
  readonly by: string | null;
}

/** Title and sentence of one entry in a message's timeline. */
export function tell(telling: Telling, message: MessageRecord, teller: Teller): Told {
  const text = textOf(telling);
  const speak = speaker(telling, message, teller);
  const sentences = [speak(text.sentence), ...failureWords(telling.failure).map(speak)];
  return { title: speak(text.title), sentence: sentences.join(' ') };
}

function textOf({ type, reason, failure }: Telling): EntryText {
  const detail = reason ?? (type === 'bounced' ? failure?.bounceClass : undefined);
  const key = `${type}.${detail}`;
  const text = Object.hasOwn(ENTRY_TEXTS, key) ? ENTRY_TEXTS[key] : ENTRY_TEXTS[type];
  return text ?? { title: [type, type], sentence: ['', ''] };
}

function failureWords(failure: Failure | null): Words[] {
  if (failure === null) return [];
  const { category, reply } = failure;
  const why = category === 'other' ? [] : [FAILURE_TEXTS[category]];
  if (reply === undefined) return why.length > 0 ? why : [REPLY_TEXTS.silent];
  if (!isAnswer(reply)) return [...why, REPLY_TEXTS.technical];
  return [...why, why.length > 0 ? REPLY_TEXTS.known : REPLY_TEXTS.unknown];
}

/** A mail server or a provider answers with a code; without one it is our own description. */
function isAnswer({ code, enhanced }: Reply): boolean {
  return code !== undefined || enhanced !== undefined;
}

/** Fills a text in the teller's language. What is filled in is never read as a text itself. */
function speaker(telling: Telling, message: MessageRecord, teller: Teller): (words: Words) => string {
  const language = new Intl.Locale(teller.locale).language === 'da' ? 1 : 0;
  const { channel, address, toName } = message;
  const domain = channel === 'email' ? address?.slice(address.lastIndexOf('@') + 1) : undefined;
  // A server that we talk to ourselves may be the account's own; a report comes from the recipient's.
  const reports = telling.type === 'delivered' || telling.failure?.phase === undefined;
  const isTheirs = telling.type === 'bounced' && reports && domain !== undefined;
  const time = (ms: number | null) => (ms === null ? '' : formatTime(ms, teller));
  const values: Readonly<Record<string, () => string>> = {
    recipient: () => toName ?? address ?? NAMES.nobody[language],
    address: () => address ?? '',
    channel: () => NAMES[`channel.${channel}`][language],
    kind: () => NAMES[`kind.${channel}`][language],
    server: () =>
      isTheirs
        ? NAMES['server.of'][language].replace('{domain}', () => domain)
        : NAMES[`server.${channel}`][language],
    by: () => telling.by ?? NAMES.somebody[language],
    reason: () => telling.reason ?? '',
    reply: () => replyText(telling.failure?.reply),
    sendAt: () => time(message.sendAt),
    expiresAt: () => time(message.expiresAt),
  };
  return (words) => words[language].replace(/\{(\w+)\}/g, (_, name: string) => values[name]?.() ?? '');
}

function replyText(reply: Reply | undefined): string {
  return [reply?.code, reply?.enhanced, reply?.text].filter((part) => part !== undefined).join(' ');
}

function formatTime(ms: number, { locale, timeZone }: Teller): string {
  return new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'medium', timeStyle: 'short' }).format(ms);
}
