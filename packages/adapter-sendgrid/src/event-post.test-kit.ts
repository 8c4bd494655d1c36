import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { WebhookReceipt } from '@posthorn/core';
import { settingsOf } from './account.test-kit.ts';
import { eventWebhook } from './receive-events.ts';

const RECEIVED_AT = Date.UTC(2026, 10, 27, 10, 0, 0);

/** A post of events. */
export interface Post {
  readonly body: string | Uint8Array;
  readonly signature?: string;
  readonly timestamp?: string;
}

/** What the webhook of an account with this key makes of it. */
export async function receive(
  { body, signature, timestamp }: Post,
  webhookPublicKey?: string,
): Promise<WebhookReceipt> {
  const headers = new Headers({
    ...(signature === undefined ? {} : { 'X-Twilio-Email-Event-Webhook-Signature': signature }),
    ...(timestamp === undefined ? {} : { 'X-Twilio-Email-Event-Webhook-Timestamp': timestamp }),
  });
  const url = 'https://app.example.dk/m/webhooks/sendgrid';
  const request = { url, headers, body: Buffer.from(body), receivedAt: RECEIVED_AT };
  return await eventWebhook.receive(request, settingsOf({ webhookPublicKey }));
}

export const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
/** As SendGrid shows it. */
export const shown = (key: KeyObject) => key.export({ format: 'der', type: 'spki' }).toString('base64');
export const KEY = shown(publicKey);
export const OTHER_KEY = shown(generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).publicKey);

/** As SendGrid posts it. */
export function signed(body: string | Uint8Array, timestamp = '1795773600'): Required<Post> {
  const content = Buffer.concat([Buffer.from(timestamp), Buffer.from(body)]);
  return { body, timestamp, signature: sign('sha256', content, privateKey).toString('base64') };
}
