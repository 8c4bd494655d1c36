import { createHash, createHmac } from 'node:crypto';

/** What the host answered to a webhook. */
export interface WebhookAnswerSeen {
  readonly status: number;
  readonly mediaType: string | null;
  readonly body: string;
}

/** A request as Twilio makes it. */
export interface SignedRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Signs parameters as Twilio does (https://www.twilio.com/docs/usage/security#validating-requests).
 *
 * @example
 * ```ts
 * import { signTwilioForm } from '@posthorn/testing';
 *
 * const { url, headers, body } = signTwilioForm('the auth token', 'https://app.example.dk/webhooks/twilio', [
 *   ['MessageSid', 'SM0123456789abcdef0123456789abcdef'],
 *   ['MessageStatus', 'delivered'],
 * ]);
 * await fetch(url, { method: 'POST', headers, body });
 * ```
 */
export function signTwilioForm(
  authToken: string,
  url: string,
  parameters: readonly (readonly [name: string, value: string])[],
): SignedRequest {
  const names = [...new Set(parameters.map(([name]) => name))].sort();
  const text = names.flatMap((name) => {
    const values = new Set(parameters.filter(([other]) => other === name).map(([, value]) => value));
    return [...values].sort().map((value) => name + value);
  });
  return {
    url,
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'x-twilio-signature': hmac(authToken, url + text.join('')),
    },
    body: new URLSearchParams(parameters.map(([name, value]): [string, string] => [name, value])).toString(),
  };
}

/**
 * The same for a JSON body, whose hash stands in the URL.
 *
 * @example
 * ```ts
 * import { signTwilioJson } from '@posthorn/testing';
 *
 * const { url } = signTwilioJson('the auth token', 'https://app.example.dk/webhooks/twilio', { MessageStatus: 'sent' });
 * console.log(url); // …/webhooks/twilio?bodySHA256=…
 * ```
 */
export function signTwilioJson(authToken: string, url: string, content: unknown): SignedRequest {
  const body = JSON.stringify(content);
  const hash = createHash('sha256').update(body).digest('hex');
  const signed = `${url}${url.includes('?') ? '&' : '?'}bodySHA256=${hash}`;
  return {
    url: signed,
    headers: { 'content-type': 'application/json', 'x-twilio-signature': hmac(authToken, signed) },
    body,
  };
}

/** Calls the host. Rejects where nobody answers. */
export async function postWebhook({ url, headers, body }: SignedRequest): Promise<WebhookAnswerSeen> {
  const answer = await fetch(url, { method: 'POST', headers, body });
  return { status: answer.status, mediaType: answer.headers.get('content-type'), body: await answer.text() };
}

function hmac(key: string, text: string): string {
  return createHmac('sha1', key).update(text).digest('base64');
}
