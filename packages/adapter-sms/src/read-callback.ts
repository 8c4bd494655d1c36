import type { BounceClass, Failure, JsonObject, Report, ReportType, WebhookRequest } from '@posthorn/core';
import { cleanReply } from '@posthorn/core';
import { meaningOf } from './error-codes.ts';
import { readOptOut } from './opt-out-words.ts';

/** What Twilio posts, by name; of several values of one name the last. */
export type Parameters = ReadonlyMap<string, string>;

export interface Callback {
  readonly reports: readonly Report[];
  readonly isInbound: boolean;
}

/**
 * Twilio's words for where a message is: https://www.twilio.com/docs/messaging/api/message-resource#message-status-values.
 * `failed` and `undelivered` are judged by their error code. Others are not known, and change nothing.
 */
const TYPES: Readonly<Record<string, ReportType>> = {
  accepted: 'accepted',
  scheduled: 'accepted',
  queued: 'accepted',
  sending: 'accepted',
  sent: 'accepted',
  delivered: 'delivered',
  read: 'opened',
  // Somebody has ended it in Twilio's console, or by its API.
  canceled: 'failed',
};

/** What Twilio tells of a message of ours, or of one that somebody has sent to us; null where it is neither. */
export function readCallback(parameters: Parameters, request: WebhookRequest): Callback | null {
  const id = parameters.get('MessageSid') ?? parameters.get('SmsSid');
  if (id === undefined) return null;
  const status = parameters.get('MessageStatus');
  if (status === undefined) {
    return parameters.has('Body') || parameters.get('SmsStatus') === 'received'
      ? { reports: readInbound(parameters, id), isInbound: true }
      : null;
  }
  return { reports: [readStatus(parameters, id, status, request)], isInbound: false };
}

function readStatus(
  parameters: Parameters,
  providerId: string,
  status: string,
  { url }: WebhookRequest,
): Report {
  const { type, failure } = judge(status, parameters);
  const code = parameters.get('ErrorCode');
  return {
    type,
    token: URL.parse(url)?.searchParams.get('token') ?? null,
    providerId,
    address: parameters.get('To') ?? null,
    // The carrier's time (`RawDlrDoneDate`) is without a zone, and hours off.
    occurredAt: null,
    failure,
    list: null,
    detail: { provider: cleanReply(status), ...(code ? { code: cleanReply(code) } : {}) },
  };
}

function judge(status: string, parameters: Parameters): { type: ReportType; failure: Failure | null } {
  if (status === 'undelivered' || status === 'failed') return judgeFailure(status, parameters);
  const type = Object.hasOwn(TYPES, status) ? (TYPES[status] ?? 'other') : 'other';
  const failure: Failure | null =
    type === 'failed' ? { category: 'other', fault: 'sender', reply: { text: 'Canceled at Twilio.' } } : null;
  return { type, failure };
}

/**
 * `undelivered` is the word of the receiving side. `failed` is Twilio's own, unless its code can only come from there: then
 * the number is to blame as well.
 */
function judgeFailure(
  status: 'undelivered' | 'failed',
  parameters: Parameters,
): { type: ReportType; failure: Failure } {
  const code = parameters.get('ErrorCode') ?? '';
  const meaning = /^\d{1,6}$/.test(code) ? meaningOf(Number(code)) : undefined;
  const bounceClass: BounceClass | undefined =
    meaning?.bounceClass ?? (status === 'undelivered' ? 'undetermined' : undefined);
  const said = parameters.get('ErrorMessage') || meaning?.title || 'No reason given';
  const failure: Failure = {
    ...(bounceClass === undefined ? {} : { bounceClass }),
    category: meaning?.category ?? 'other',
    fault: meaning?.fault ?? 'nobody',
    reply: { text: cleanReply(code === '' ? said : `${said} (Twilio error ${code})`) },
  };
  return { type: bounceClass === undefined ? 'rejected' : 'bounced', failure };
}

/** Of what people write, only whether they want to hear from us: the rest is between them and the host. */
function readInbound(parameters: Parameters, providerId: string): readonly Report[] {
  const type = readOptOut(parameters.get('Body') ?? '', parameters.get('OptOutType'));
  const address = parameters.get('From');
  if (type === null || address === undefined) return [];
  const detail: JsonObject = { provider: parameters.get('OptOutType') ? 'OptOutType' : 'reply' };
  return [{ type, token: null, providerId, address, occurredAt: null, failure: null, list: null, detail }];
}
