export { isSenderName } from './sender.ts';
export { type TwilioSettings, type TwilioSettingsInput, twilioSettings } from './settings.ts';
export { twilio } from './twilio.ts';
