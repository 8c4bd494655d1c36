import type { IncomingMessage } from 'node:http';
import type { MailSend, SendGridError } from './mail-send.ts';

/** A request that came whole. */
export interface SendGridRequest {
  readonly method: string;
  /** With its query: `/v3/mail/send`. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed; undefined where it is no JSON. */
  readonly body: unknown;
  /** Whom it would send to. */
  readonly recipients: readonly string[];
}

/** What happens to a request; everything left out happens as SendGrid does it. */
export interface SendGridAnswer {
  /** Answered once this resolves; what the request holds has arrived before. */
  readonly after?: Promise<unknown>;
  /** Ends the connection without an answer, or within it where a status is given. What the request holds has arrived. */
  readonly cut?: boolean;
  /** An answer of the test's own. Nothing arrives, unless it is below 400. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** SendGrid's own error body. */
  readonly errors?: readonly SendGridError[];
  /** Anything else's. */
  readonly body?: string;
}

/** Reads whatever came. */
export function readRequest(
  { method = '', url = '', headers }: IncomingMessage,
  bytes: Buffer,
): SendGridRequest {
  const body = parse(bytes.toString());
  const { personalizations } = (body ?? {}) as Partial<MailSend>;
  const given = Array.isArray(personalizations) ? (personalizations as MailSend['personalizations']) : [];
  return {
    method,
    path: url,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    body,
    recipients: given.flatMap((one) =>
      Array.isArray(one?.to) ? one.to.map((address) => address?.email ?? '') : [],
    ),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
