export { type SmtpSettings, type SmtpSettingsInput, smtpSettings } from './settings.ts';
export { smtp } from './smtp.ts';
