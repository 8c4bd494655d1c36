import type { Transport } from '@posthorn/core';
import { createFakeClock, type TwilioTestServer } from '@posthorn/testing';
import { type TwilioSettings, type TwilioSettingsInput, twilioSettings } from './settings.ts';
import { openTwilioTransport } from './transport.ts';

const silent = () => undefined;
export const log = { debug: silent, info: silent, warn: silent, error: silent };

export const ACCOUNT_SID = `AC${'0123456789abcdef'.repeat(2)}`;

/** Settings, checked and completed, of an account that needs no server. */
export function settingsOf(settings: Partial<TwilioSettingsInput> = {}): TwilioSettings {
  return twilioSettings.parse({ accountSid: ACCOUNT_SID, authToken: 'the auth token', ...settings });
}

/** The account of a test server, opened. */
export function accountOn(
  { url, accountSid, authToken }: Pick<TwilioTestServer, 'url' | 'accountSid' | 'authToken'>,
  settings: Partial<TwilioSettingsInput> = {},
  webhookUrl?: string,
): Transport {
  const given = twilioSettings.parse({ baseUrl: url, accountSid, authToken, ...settings });
  return openTwilioTransport(given, { clock: createFakeClock(), log, webhookUrl });
}
