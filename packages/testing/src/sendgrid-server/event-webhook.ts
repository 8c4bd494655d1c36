import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { SendGridEmail } from './arrived-email.ts';

/** An event as SendGrid posts it; custom arguments stand beside its own fields. */
export type SendGridEvent = Readonly<Record<string, unknown>>;

/** The most events that one post holds. */
const BATCH = 1000;

/**
 * An event about an email, of the type that SendGrid names so: `processed`, `delivered`, `bounce`, `open` …
 *
 * @example
 * ```ts
 * import { type SendGridTestServer, sendGridEvent } from '@posthorn/testing';
 *
 * export async function bounceAll(server: SendGridTestServer, url: string): Promise<void> {
 *   const bounce = { type: 'bounce', reason: '550 5.1.1 No such user', status: '5.1.1' };
 *   await server.post(url, server.messages.map((message) => sendGridEvent(message, 'bounce', bounce)));
 * }
 * ```
 */
export function sendGridEvent(email: SendGridEmail, type: string, fields: SendGridEvent = {}): SendGridEvent {
  return {
    ...email.customArgs,
    email: email.to,
    timestamp: Math.floor(Date.now() / 1000),
    event: type,
    sg_event_id: randomBytes(16).toString('base64url'),
    sg_message_id: `${email.id}.recvd-5f54b5d587-pczjm-1-67BADEEA-6.0`,
    'smtp-id': `<${email.id}@geopod-ismtpd-1>`,
    ...fields,
  };
}

/** What was told, and how it was answered; `status` is 0 where nobody answered. */
export interface SendGridPost {
  readonly status: number;
  readonly events: number;
}

/** Signs and posts events as SendGrid does, with a key pair of its own. */
export class EventWebhook {
  /** As SendGrid shows it: base64 of DER. */
  readonly publicKey: string;
  readonly posts: SendGridPost[] = [];
  readonly #privateKey;
  #waiting: SendGridEvent[] = [];
  #telling: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    this.publicKey = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    this.#privateKey = privateKey;
  }

  headers(
    body: string | Uint8Array,
    timestamp = String(Math.floor(Date.now() / 1000)),
  ): Record<string, string> {
    const signature = sign(
      'sha256',
      Buffer.concat([Buffer.from(timestamp), Buffer.from(body)]),
      this.#privateKey,
    );
    return {
      'content-type': 'application/json',
      'x-twilio-email-event-webhook-signature': signature.toString('base64'),
      'x-twilio-email-event-webhook-timestamp': timestamp,
    };
  }

  async post(url: string, events: readonly SendGridEvent[]): Promise<readonly number[]> {
    const statuses: number[] = [];
    for (let at = 0; at < events.length; at += BATCH) {
      const batch = events.slice(at, at + BATCH);
      const body = `[${batch.map((event) => JSON.stringify(event)).join(',\r\n')}]\r\n`;
      const answer = await fetch(url, { method: 'POST', headers: this.headers(body), body }).catch(
        () => undefined,
      );
      await answer?.arrayBuffer().catch(() => undefined);
      const status = answer?.status ?? 0;
      statuses.push(status);
      this.posts.push({ status, events: batch.length });
    }
    return statuses;
  }

  /** Tells events soon: together with those that come meanwhile, one post after another. */
  tell(url: string, events: readonly SendGridEvent[]): void {
    const isIdle = this.#waiting.length === 0;
    this.#waiting.push(...events);
    if (!isIdle || events.length === 0) return;
    this.#telling = this.#telling.then(async () => {
      const waiting = this.#waiting;
      this.#waiting = [];
      if (!this.#isClosed) await this.post(url, waiting);
    });
  }

  /** Resolves when everything has been told. */
  async told(): Promise<void> {
    for (let last: Promise<void> | undefined; last !== this.#telling; ) {
      last = this.#telling;
      await last;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.told();
  }
}
