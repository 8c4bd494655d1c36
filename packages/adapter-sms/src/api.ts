import { createHttpClient, type HttpClient, type HttpReply } from '@posthorn/http-client';
import type { TwilioSettings } from './settings.ts';

/** One account's part of Twilio's API (https://www.twilio.com/docs/usage/requests-to-twilio). */
export interface TwilioApi {
  /** Form-encoded, to a resource of the account: `/Messages.json`. */
  post(resource: string, form: URLSearchParams, signal: AbortSignal): Promise<HttpReply>;
  /** A resource of the account, or with `.json` the account itself. */
  get(resource: string, signal: AbortSignal): Promise<HttpReply>;
  /** What may never be shown. */
  readonly secrets: readonly string[];
  close: HttpClient['close'];
}

/** Opens no connection yet. */
export function openTwilioApi(settings: TwilioSettings): TwilioApi {
  const { accountSid, authToken, apiKeySid, apiKeySecret, baseUrl, ca } = settings;
  const { maxConnections, replyTimeoutMs } = settings;
  const client = createHttpClient({
    baseUrl,
    maxConnections,
    replyTimeoutMs,
    ...(ca === undefined ? {} : { ca }),
  });
  const login = `${apiKeySid ?? accountSid}:${apiKeySecret ?? authToken}`;
  const headers = {
    accept: 'application/json',
    authorization: `Basic ${Buffer.from(login).toString('base64')}`,
    'user-agent': 'posthorn',
  };
  const formHeaders = { ...headers, 'content-type': 'application/x-www-form-urlencoded' };
  const account = `/2010-04-01/Accounts/${accountSid}`;

  return {
    post: (resource, form, signal) =>
      client.request({
        method: 'POST',
        path: account + resource,
        headers: formHeaders,
        body: form.toString(),
        signal,
      }),
    get: (resource, signal) => client.request({ method: 'GET', path: account + resource, headers, signal }),
    secrets: [authToken, apiKeySecret, login].filter((text) => text !== undefined),
    close: () => client.close(),
  };
}
