import { createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';

const REGIONS = { global: 'https://api.sendgrid.com', eu: 'https://api.eu.sendgrid.com' } as const;
const KEY_ADVICE =
  "Copy the whole key as SendGrid shows it under Settings, Mail Settings, Event Webhook, 'Verification Key'.";

/** What a company types in to send through SendGrid. Unknown fields are refused. */
export const sendgridSettings = z
  .strictObject({
    /** An API key with the permission Mail Send. */
    apiKey: z
      .string()
      .trim()
      .max(500)
      .regex(
        /^[\x21-\x7e]+$/,
        'An API key is needed: SendGrid shows it once, when it is made. It begins with "SG."',
      ),
    /** Proves that events come from SendGrid. As SendGrid shows it (base64), or in PEM form; without it, events are refused. */
    webhookPublicKey: z.string().trim().max(2000).refine(isVerificationKey, KEY_ADVICE).optional(),
    /** The subuser to send as, with a key of its parent account. */
    subuser: z
      .string()
      .trim()
      .max(200)
      .regex(/^[\x20-\x7e]+$/, "The subuser's user name is needed.")
      .optional(),
    /** `eu` for subusers that SendGrid keeps in the EU. Default `global`. */
    region: z.enum(['global', 'eu']).default('global'),
    /** Whether SendGrid records opens and clicks. Both are on unless they are switched off. */
    tracking: z
      .strictObject({ opens: z.boolean().default(true), clicks: z.boolean().default(true) })
      .prefault({}),
    /** SendGrid's number of an unsubscribe group. Its members who left get nothing. */
    unsubscribeGroup: z.int().min(1).optional(),
    /** SendGrid checks requests and sends nothing. */
    sandbox: z.boolean().default(false),
    /** Another address of the API: a proxy, or a test's server. http only on this machine. */
    baseUrl: z
      .string()
      .refine(isServer, 'Scheme and host alone are needed, such as https://proxy.example.com.')
      .refine(isSafe, 'The API key is never sent in the clear: https is needed, except on this machine.')
      .optional(),
  })
  .transform((settings) => ({
    ...settings,
    baseUrl: (settings.baseUrl ?? REGIONS[settings.region]).replace(/\/+$/, ''),
  }));

/** The settings of a SendGrid account, checked and completed. */
export type SendGridSettings = z.output<typeof sendgridSettings>;
/** The settings of a SendGrid account as they are written. */
export type SendGridSettingsInput = z.input<typeof sendgridSettings>;

/**
 * The key that SendGrid signs events with: P-256.
 *
 * @throws Error where it is none.
 */
export function readVerificationKey(text: string): KeyObject {
  const key = text.startsWith('-----')
    ? createPublicKey(text)
    : createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new Error('Not a P-256 key.');
  return key;
}

function isVerificationKey(text: string): boolean {
  // A private key would yield its public one; it has no business here.
  if (text.includes('PRIVATE')) return false;
  try {
    readVerificationKey(text);
    return true;
  } catch {
    return false;
  }
}

function isServer(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`;
}

function isSafe(text: string): boolean {
  const url = URL.parse(text);
  return url?.protocol !== 'http:' || /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
}
