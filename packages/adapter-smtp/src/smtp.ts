import type { Adapter } from '@posthorn/core';
import { type SmtpSettings, type SmtpSettingsInput, smtpSettings } from './settings.ts';
import { openSmtpTransport } from './transport.ts';

/**
 * Email over SMTP. With settings they are the platform's account, every tenant's default; without, only companies bring
 * accounts of their own (`posthorn.accounts.save({ adapter: 'smtp', … })`). Settings are checked by `createPosthorn`, and
 * when an account is saved.
 *
 * @example
 * ```ts
 * import { smtp } from '@posthorn/adapter-smtp';
 *
 * const adapter = smtp({
 *   host: 'smtp.example.com', // port 587 with STARTTLS
 *   username: 'hello@example.com',
 *   password: process.env.SMTP_PASSWORD,
 * });
 * ```
 */
export function smtp(settings?: SmtpSettingsInput): Adapter<SmtpSettings> {
  return {
    key: 'smtp',
    channel: 'email',
    settings: smtpSettings,
    secrets: ['password', 'dkimPrivateKey'],
    secretsGoTo: ['host', 'port', 'security'],
    ...(settings === undefined ? {} : { platform: settings }),
    open: openSmtpTransport,
  };
}
