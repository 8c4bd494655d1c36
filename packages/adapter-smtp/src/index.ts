export type { SmtpSettings, SmtpSettingsInput } from './settings.ts';
export { smtp } from './smtp.ts';
