/** How the server answers a request; the body is JSON unless it is a text. */
export interface TwilioAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The connection ends after so many bytes of the body. */
  readonly cutAfter?: number;
}

/**
 * Twilio's error body, with the HTTP status it comes with.
 *
 * @example
 * ```ts
 * import { twilioError } from '@posthorn/testing';
 *
 * twilioError(400, 21211, "Invalid 'To' Phone Number"); // an answer that refuses for good
 * ```
 */
export function twilioError(status: number, code: number, message: string): TwilioAnswer {
  return {
    status,
    body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status },
  };
}

/** What the account looks like: https://www.twilio.com/docs/iam/api/account */
export function accountBody(accountSid: string, status: string): unknown {
  return {
    sid: accountSid,
    friendly_name: 'Test account',
    status,
    type: 'Full',
    owner_account_sid: accountSid,
    date_created: 'Fri, 27 Nov 2026 10:00:00 +0000',
    date_updated: 'Fri, 27 Nov 2026 10:00:00 +0000',
    uri: `/2010-04-01/Accounts/${accountSid}.json`,
  };
}

/** A message as the API shows it: https://www.twilio.com/docs/messaging/api/message-resource */
export function messageBody(
  accountSid: string,
  sid: string,
  parameters: URLSearchParams,
): Readonly<Record<string, unknown>> {
  const service = parameters.get('MessagingServiceSid');
  const uri = `/2010-04-01/Accounts/${accountSid}/Messages/${sid}`;
  return {
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: parameters.get('Body'),
    date_created: 'Fri, 27 Nov 2026 10:00:00 +0000',
    date_sent: null,
    date_updated: 'Fri, 27 Nov 2026 10:00:00 +0000',
    direction: 'outbound-api',
    error_code: null,
    error_message: null,
    from: parameters.get('From'),
    messaging_service_sid: service,
    num_media: '0',
    // Twilio does not know yet either where a service picks the sender.
    num_segments: service === null ? '1' : '0',
    price: null,
    price_unit: 'USD',
    sid,
    // Of a messaging service, which has still to pick a sender.
    status: service === null ? 'queued' : 'accepted',
    subresource_uris: { media: `${uri}/Media.json` },
    to: parameters.get('To'),
    uri: `${uri}.json`,
  };
}
