import type { EventRecord, Failure, JsonObject, MessageRecord, Reply } from '../ports/index.ts';
import type { EntryText, Words } from './entry-text.ts';
import { LINK_TEXT, REPORT_TEXTS } from './timeline-report-texts.ts';
import { ENTRY_TEXTS, FAILURE_TEXTS, NAMES, REPLY_TEXTS } from './timeline-texts.ts';

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
  readonly type: EventRecord['type'] | 'created' | 'scheduled' | 'resent' | 'redacted';
  readonly reason: string | null;
  readonly failure: Failure | null;
  readonly by: string | null;
  /** Of a report: the provider's own word for it, and the link that was followed. */
  readonly detail?: JsonObject;
}

/** Title and sentence of one entry in a message's timeline. */
export function tell(telling: Telling, message: MessageRecord, teller: Teller): Told {
  const text = textOf(telling);
  const speak = speaker(telling, message, teller);
  const link = linkOf(telling) === '' ? [] : [LINK_TEXT];
  const sentences = [text.sentence, ...failureWords(telling.failure), ...link].map(speak);
  return { title: speak(text.title), sentence: sentences.join(' ') };
}

const TEXTS = { ...ENTRY_TEXTS, ...REPORT_TEXTS };

function textOf({ type, reason, failure, detail }: Telling): EntryText {
  const why = reason ?? (type === 'bounced' ? failure?.bounceClass : undefined);
  const key = `${type}.${why ?? (detail?.provider === undefined ? '' : 'reported')}`;
  const text = Object.hasOwn(TEXTS, key) ? TEXTS[key] : TEXTS[type];
  return text ?? { title: [type, type], sentence: ['', ''] };
}

function linkOf({ type, detail }: Telling): string {
  return (type === 'clicked' || type === 'machine_clicked') && typeof detail?.url === 'string'
    ? detail.url
    : '';
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
    provider: () => String(telling.detail?.provider ?? ''),
    url: () => linkOf(telling),
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
