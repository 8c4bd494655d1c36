import type { Failure, Json, Report, ReportType } from '@posthorn/core';
import { bounceFailure, deferralFailure } from './bounce-failure.ts';
import { TOKEN_ARGUMENT } from './compose-request.ts';
import { dropFailure } from './drop-failure.ts';
import { type RawEvent, textOf } from './raw-event.ts';

/** SendGrid's first year: nothing happened earlier. */
const EARLIEST_MS = Date.UTC(2009, 0, 1);
const LONGEST_WORD = 100;
const LONGEST_ADDRESS = 320;
const LONGEST_URL = 2000;

interface Meaning {
  readonly type: ReportType | ((event: RawEvent) => ReportType);
  readonly failure?: (event: RawEvent) => Failure;
  /** Whether the event is about one list of the sender's. */
  readonly isOfList?: boolean;
}

const MEANINGS: ReadonlyMap<unknown, Meaning> = new Map<unknown, Meaning>([
  ['processed', { type: 'accepted' }],
  ['deferred', { type: 'deferred', failure: deferralFailure }],
  ['delivered', { type: 'delivered' }],
  ['bounce', { type: 'bounced', failure: bounceFailure }],
  ['dropped', { type: 'rejected', failure: dropFailure }],
  ['open', { type: (event) => (event.sg_machine_open === true ? 'machine_opened' : 'opened') }],
  ['click', { type: 'clicked' }],
  ['spamreport', { type: 'complained' }],
  ['unsubscribe', { type: 'unsubscribed' }],
  ['group_unsubscribe', { type: 'unsubscribed', isOfList: true }],
  // Without its group it would end refusals that it is not about.
  [
    'group_resubscribe',
    { type: (event) => (listOf(event) === null ? 'other' : 'resubscribed'), isOfList: true },
  ],
]);

const UNKNOWN: Meaning = { type: 'other' };

/** What an event says. One of a kind that we do not know is kept as it is named. */
export function readEvent(raw: unknown): Report {
  const event: RawEvent = typeof raw === 'object' && raw !== null ? (raw as RawEvent) : {};
  const { type, failure, isOfList = false } = MEANINGS.get(event.event) ?? UNKNOWN;
  return {
    type: typeof type === 'function' ? type(event) : type,
    token: tokenOf(event),
    providerId: providerIdOf(event),
    address: textOf(event.email, LONGEST_ADDRESS),
    occurredAt: timeOf(event.timestamp),
    failure: failure?.(event) ?? null,
    list: isOfList ? listOf(event) : null,
    detail: detailOf(event),
  };
}

function tokenOf(event: RawEvent): string | null {
  const token = event[TOKEN_ARGUMENT];
  return typeof token === 'string' && /^[a-z0-9]{1,56}$/.test(token) ? token : null;
}

/** `X-Message-Id` of the answer to the request, up to the first full stop; the rest names the machine and the recipient. */
function providerIdOf(event: RawEvent): string | null {
  const id = event.sg_message_id;
  return typeof id === 'string' ? textOf(id.slice(0, 1000).split('.', 1)[0], 200) : null;
}

function timeOf(value: unknown): number | null {
  const seconds = typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : value;
  if (typeof seconds !== 'number') return null;
  const time = Math.floor(seconds * 1000);
  return Number.isSafeInteger(time) && time >= EARLIEST_MS ? time : null;
}

function listOf(event: RawEvent): string | null {
  const group = event.asm_group_id;
  return typeof group === 'number' && Number.isSafeInteger(group)
    ? String(group)
    : textOf(group, LONGEST_WORD);
}

/** Not `sg_event_id`: SendGrid tells one fact twice with two of them. Not the reader's network address and browser either. */
function detailOf(event: RawEvent): Record<string, Json> {
  const provider = textOf(event.event, LONGEST_WORD);
  const url = event.event === 'click' ? textOf(event.url, LONGEST_URL) : null;
  return { ...(provider === null ? {} : { provider }), ...(url === null ? {} : { url }) };
}
