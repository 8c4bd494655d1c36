import type { Adapter } from '@posthorn/core';
import { estimateMessage } from './estimate-message.ts';
import { phoneReader } from './phone-reader.ts';
import { receiveCallback } from './receive-callback.ts';
import { type TwilioSettings, type TwilioSettingsInput, twilioSettings } from './settings.ts';
import { textToSend } from './sms-text.ts';
import { openTwilioTransport } from './transport.ts';

/** An inbound message of 1,600 characters, each written as up to twelve, and what is told beside it. */
const MAX_CALLBACK_BYTES = 65_536;

/**
 * Text messages through Twilio. With settings they are the platform's account, every tenant's default; without, only
 * companies bring accounts of their own (`posthorn.accounts.save({ adapter: 'twilio', … })`). Settings are checked by
 * `createPosthorn`, and when an account is saved.
 *
 * @example
 * ```ts
 * import { twilio } from '@posthorn/adapter-sms';
 *
 * const adapter = twilio({
 *   accountSid: 'AC0123456789abcdef0123456789abcdef',
 *   authToken: process.env.TWILIO_AUTH_TOKEN,
 *   from: 'SALON',
 *   price: { amount: '0.35', currency: 'DKK' },
 *   countries: ['DK', 'SE', 'NO'],
 * });
 * ```
 */
export function twilio(settings?: TwilioSettingsInput): Adapter<TwilioSettings> {
  return {
    key: 'twilio',
    channel: 'sms',
    settings: twilioSettings,
    secrets: ['authToken', 'apiKeySecret'],
    secretsGoTo: ['baseUrl'],
    ...(settings === undefined ? {} : { platform: settings }),
    open: openTwilioTransport,
    defaultSender: ({ from }) => from ?? null,
    estimate: estimateMessage,
    textAsSent: (given, text) => textToSend(text, given),
    phones: async () => phoneReader(),
    webhook: {
      mediaTypes: ['application/x-www-form-urlencoded', 'application/json'],
      maxBodyBytes: MAX_CALLBACK_BYTES,
      receive: receiveCallback,
    },
  };
}
