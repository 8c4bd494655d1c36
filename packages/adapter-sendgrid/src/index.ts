export { sendgrid } from './sendgrid.ts';
export { type SendGridSettings, type SendGridSettingsInput, sendgridSettings } from './settings.ts';
