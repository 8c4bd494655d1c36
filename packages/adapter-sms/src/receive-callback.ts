import type { WebhookReceipt, WebhookRequest } from '@posthorn/core';
import { readCallback } from './read-callback.ts';
import type { TwilioSettings } from './settings.ts';
import { type Form, isSignedForm, isSignedJson } from './signature.ts';

/** Sends nothing back: without it, Twilio would wonder at the answer to an inbound message. */
const NO_REPLY = {
  mediaType: 'text/xml',
  body: '<?xml version="1.0" encoding="UTF-8"?><Response></Response>',
};

/** Proves that a request comes from Twilio and is about this account, and reads it. */
export async function receiveCallback(
  request: WebhookRequest,
  { authToken }: Pick<TwilioSettings, 'authToken'>,
): Promise<WebhookReceipt> {
  if (authToken === undefined) {
    const reason =
      'Twilio signs with the auth token of the account, and the settings have none: set authToken.';
    return { status: 'not_configured', reason };
  }
  const signature = request.headers.get('x-twilio-signature');
  if (signature === null) return { status: 'forged', reason: 'It has no X-Twilio-Signature.' };
  const isJson = /^application\/json\b/i.test(request.headers.get('content-type')?.trim() ?? '');
  const text = decode(request.body);
  const form = isJson ? [] : formOf(text ?? '');
  const isSigned = isJson
    ? isSignedJson(authToken, signature, request.url, request.body)
    : text !== null && isSignedForm(authToken, signature, request.url, form);
  if (!isSigned) {
    const reason = `Its signature is not of this account's auth token, over ${withoutQuery(request.url)}.`;
    return { status: 'forged', reason };
  }
  const parameters = isJson ? readJson(text ?? '') : new Map(form);
  const callback = parameters === null ? null : readCallback(parameters, request);
  if (callback === null) return { status: 'malformed', reason: 'It is no message and no status of one.' };
  const { reports, isInbound } = callback;
  return { status: 'received', reports, ...(isInbound ? { answer: NO_REPLY } : {}) };
}

/** Null where it is no UTF-8: two such bodies could be read as one. */
function decode(body: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return null;
  }
}

function formOf(text: string): Form {
  // A leading "?" would be taken for that of an URL.
  return [...new URLSearchParams(text.startsWith('?') ? `&${text}` : text)];
}

/** An object's own fields that are texts or numbers. */
function readJson(text: string): ReadonlyMap<string, string> | null {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null;
    const fields = Object.entries(parsed).filter(([, value]) => ['string', 'number'].includes(typeof value));
    return new Map(fields.map(([name, value]) => [name, String(value)]));
  } catch {
    return null;
  }
}

function withoutQuery(url: string): string {
  return url.replace(/\?.*/s, '');
}
