import type { WebhookReceipt, WebhookReceiver, WebhookRequest } from '@posthorn/core';
import { readEvent } from './read-event.ts';
import { readVerificationKey, type SendGridSettings } from './settings.ts';
import { isSigned } from './verify-signature.ts';

/** SendGrid posts up to 768 KB or 1,000 events; other senders' custom arguments stand in them too. */
const MAX_BODY_BYTES = 5 * 1024 * 1024;

/** SendGrid's signed event webhook. Without the account's verification key nothing is believed. */
export const eventWebhook: WebhookReceiver<SendGridSettings> = {
  mediaTypes: ['application/json'],
  maxBodyBytes: MAX_BODY_BYTES,
  async receive(request, settings) {
    return receiveEvents(request, settings);
  },
};

function receiveEvents(request: WebhookRequest, { webhookPublicKey }: SendGridSettings): WebhookReceipt {
  if (webhookPublicKey === undefined) {
    const reason =
      'The SendGrid account has no `webhookPublicKey`, so nothing proves who sends its events. Switch on the Signed Event Webhook in SendGrid (Settings, Mail Settings, Event Webhook) and save the verification key shown there.';
    return { status: 'not_configured', reason };
  }
  if (!isSigned(request.headers, request.body, readVerificationKey(webhookPublicKey))) {
    const reason = "The signature is missing, or was not made with this account's verification key.";
    return { status: 'forged', reason };
  }
  const events = parse(request.body);
  if (!Array.isArray(events))
    return { status: 'malformed', reason: 'The body is not a JSON array of events.' };
  return { status: 'received', reports: events.map(readEvent) };
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
