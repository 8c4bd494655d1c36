import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SendGridEmail } from './arrived-email.ts';
import { EventWebhook, type SendGridEvent, type SendGridPost, sendGridEvent } from './event-webhook.ts';
import { judgeRequest } from './judge-request.ts';
import type { MailSend, SendGridError } from './mail-send.ts';
import { readRequest, type SendGridAnswer, type SendGridRequest } from './sendgrid-request.ts';

export interface SendGridTestServerOptions {
  /** Decides over every request. */
  readonly script?: (request: SendGridRequest) => SendGridAnswer | undefined;
  /** Default `SG.` and random letters. */
  readonly apiKey?: string;
  /** What the key may do. Default: sending alone. */
  readonly scopes?: readonly string[];
  /** Addresses and domains (`@salon.example`) that may send; left out, all may. */
  readonly senders?: readonly string[];
  /** False where only speed matters: messages are checked and forgotten. */
  readonly keep?: boolean;
}

/** A SendGrid on loopback. */
export interface SendGridTestServer {
  readonly url: string;
  readonly apiKey: string;
  /** Verifies its events; as SendGrid shows it. */
  readonly webhookPublicKey: string;
  /** Every request, in order; none where nothing is kept. */
  readonly requests: readonly SendGridRequest[];
  /** Emails that it answered for. */
  readonly messages: readonly SendGridEmail[];
  /** Emails that came whole, whatever became of them. */
  readonly received: readonly SendGridEmail[];
  /** How many emails it took. */
  readonly taken: number;
  /** The most requests that were under way at once. */
  readonly peak: number;
  /** Every post of events. */
  readonly posts: readonly SendGridPost[];
  /**
   * From now on, events about every email that is taken are posted there, in batches. `eventsOf` says which: `processed` and
   * `delivered`, unless it is given.
   */
  reportTo(url: string, eventsOf?: (email: SendGridEmail) => readonly SendGridEvent[]): void;
  /** Resolves when all of them have been posted. */
  reported(): Promise<void>;
  /** Posts events, signed, at most 1,000 at a time, in this order; answers the HTTP statuses (0: no answer). */
  post(url: string, events: readonly SendGridEvent[]): Promise<readonly number[]>;
  /** The headers of a post with this body; for tests that spoil it. */
  sign(body: string | Uint8Array, timestamp?: string): Record<string, string>;
  /** Ends idle connections, as SendGrid does. */
  disconnect(): void;
  close(): Promise<void>;
}

const DELIVERED = (email: SendGridEmail) => [
  sendGridEvent(email, 'processed'),
  sendGridEvent(email, 'delivered'),
];

/**
 * Starts a SendGrid on a free port of 127.0.0.1: `POST /v3/mail/send` with the checks and limits of its documentation, `GET
 * /v3/scopes`, `/v3/verified_senders` and `/v3/whitelabel/domains`, and the signed event webhook. A script can let any request go
 * wrong.
 *
 * @example
 * ```ts
 * import { startSendGridTestServer } from '@posthorn/testing';
 *
 * const server = await startSendGridTestServer({
 *   script: ({ recipients }) => (recipients.includes('late@example.com') ? { status: 503, errors: [{ message: 'Later' }] } : undefined),
 * });
 * console.log(server.url, server.apiKey, server.messages.length);
 * await server.close();
 * ```
 */
export async function startSendGridTestServer(
  options: SendGridTestServerOptions = {},
): Promise<SendGridTestServer> {
  const { script, scopes = ['mail.send'], senders, keep = true } = options;
  const apiKey =
    options.apiKey ?? `SG.${randomBytes(16).toString('base64url')}.${randomBytes(32).toString('base64url')}`;
  const webhook = new EventWebhook();
  const requests: SendGridRequest[] = [];
  const messages: SendGridEmail[] = [];
  const received: SendGridEmail[] = [];
  let target: { url: string; eventsOf: (email: SendGridEmail) => readonly SendGridEvent[] } | undefined;
  let taken = 0;
  let under = 0;
  let peak = 0;

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await readAll(incoming);
    const request = readRequest(incoming, bytes);
    if (keep) requests.push(request);
    const scripted = script?.(request);
    const own = judgeRequest(request, bytes.byteLength, { apiKey, scopes, senders });
    const id = randomBytes(16).toString('base64url');
    const { status = own.status, errors = own.errors } = scripted ?? {};
    const emails = status < 400 && own.status === 202 ? emailsOf(id, request.body as MailSend) : [];
    if (keep) received.push(...emails);
    await scripted?.after;
    if (response.destroyed) return;
    if (scripted?.cut === true && scripted.status === undefined) return void incoming.socket.destroy();
    const isTaken = status === 202 && scripted?.cut !== true;
    const body = scripted?.body ?? (status >= 400 ? errorBody(errors) : own.body);
    response.writeHead(status, {
      ...(body === '' ? {} : { 'content-type': 'application/json' }),
      'content-length': Buffer.byteLength(body),
      ...(isTaken ? { 'x-message-id': id } : {}),
      ...scripted?.headers,
    });
    if (scripted?.cut === true)
      return void response.write(body.slice(0, body.length / 2), () => incoming.socket.destroy());
    response.end(body);
    if (!isTaken) return;
    taken += emails.length;
    if (keep) messages.push(...emails);
    if (target !== undefined) webhook.tell(target.url, emails.flatMap(target.eventsOf));
  }

  const server = createServer({ keepAliveTimeout: 60_000, noDelay: true }, (incoming, response) => {
    peak = Math.max(peak, ++under);
    response.once('close', () => {
      under -= 1;
    });
    answer(incoming, response).catch(() => incoming.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    apiKey,
    webhookPublicKey: webhook.publicKey,
    requests,
    messages,
    received,
    get taken() {
      return taken;
    },
    get peak() {
      return peak;
    },
    posts: webhook.posts,
    reportTo(url, eventsOf = DELIVERED) {
      target = { url, eventsOf };
    },
    reported: () => webhook.told(),
    post: (url, events) => webhook.post(url, events),
    sign: (body, timestamp) => webhook.headers(body, timestamp),
    disconnect: () => server.closeIdleConnections(),
    async close() {
      target = undefined;
      server.closeAllConnections();
      if (server.listening) {
        server.close();
        await once(server, 'close');
      }
      await webhook.close();
    },
  };
}

async function readAll(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function emailsOf(id: string, mail: MailSend): readonly SendGridEmail[] {
  return mail.personalizations.flatMap((own) =>
    own.to.map((address) => new SendGridEmail(id, mail, own, address)),
  );
}

function errorBody(errors: readonly SendGridError[]): string {
  return JSON.stringify({
    errors: errors.map(({ message, field = null }) => ({ message, field, help: null })),
  });
}
