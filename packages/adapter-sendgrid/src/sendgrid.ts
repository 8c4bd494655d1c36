import type { Adapter } from '@posthorn/core';
import { eventWebhook } from './receive-events.ts';
import { type SendGridSettings, type SendGridSettingsInput, sendgridSettings } from './settings.ts';
import { MAX_PERSONALIZATIONS, openSendGridTransport } from './transport.ts';

/**
 * Email through SendGrid's Web API, and what its event webhook reports. With settings they are the platform's account, every
 * tenant's default; without, only companies bring accounts of their own (`posthorn.accounts.save({ adapter: 'sendgrid', … })`).
 * Settings are checked by `createPosthorn`, and when an account is saved.
 *
 * @example
 * ```ts
 * import { sendgrid } from '@posthorn/adapter-sendgrid';
 *
 * const adapter = sendgrid({
 *   apiKey: process.env.SENDGRID_API_KEY ?? '',
 *   webhookPublicKey: process.env.SENDGRID_WEBHOOK_KEY, // SendGrid: Settings, Mail Settings, Event Webhook
 * });
 * ```
 */
export function sendgrid(settings?: SendGridSettingsInput): Adapter<SendGridSettings> {
  return {
    key: 'sendgrid',
    channel: 'email',
    settings: sendgridSettings,
    secrets: ['apiKey'],
    secretsGoTo: ['region', 'baseUrl'],
    ...(settings === undefined ? {} : { platform: settings }),
    open: openSendGridTransport,
    webhook: eventWebhook,
    chunkSize: MAX_PERSONALIZATIONS,
  };
}
