import { z } from 'zod';
import { senderKind } from './sender.ts';

const sid = (prefix: string, what: string) =>
  z
    .string()
    .trim()
    .regex(
      new RegExp(`^${prefix}[0-9a-fA-F]{32}$`),
      `${what} is needed: ${prefix} and 32 digits and letters a to f.`,
    );

const secret = z.string().trim().min(1).max(500);
const country = z.string().regex(/^[A-Z]{2}$/, 'A country is needed in two capital letters, such as DK.');
const amount = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,9})?$/, 'An amount is needed as a decimal in quotes, such as "0.35".');

/** What a company types in to send text messages through Twilio. Unknown fields are refused. */
export const twilioSettings = z
  .strictObject({
    /** Of the account, or of a subaccount: `AC…`. */
    accountSid: sid('AC', 'The account SID'),
    /** Proves us to Twilio, and Twilio to us: without it no webhook is believed. */
    authToken: secret.optional(),
    /** An API key in place of the token, for sending: `SK…`. */
    apiKeySid: sid('SK', 'The SID of an API key').optional(),
    apiKeySecret: secret.optional(),
    /** The sender where no identity names one: a number, a messaging service (`MG…`), or a name of 1 to 11 characters. */
    from: z
      .string()
      .trim()
      .refine(
        (sender) => senderKind(sender) !== null,
        'A number with its country code, a messaging service (MG…), or 1 to 11 letters, digits and spaces are needed.',
      )
      .optional(),
    /** What a segment costs: one amount, or one for each country and `default` for others. */
    price: z
      .strictObject({
        amount: z.union([amount, z.record(z.union([country, z.literal('default')]), amount)]),
        currency: z
          .string()
          .regex(/^[A-Z]{3}$/, 'A currency is needed in three capital letters, such as DKK.'),
      })
      .optional(),
    /** Sends to these countries and no others, so that nobody makes money by having texts sent to far ones. */
    countries: z.array(country).min(1).optional(),
    /** Typographic quotes, dashes and the like are sent as plain ones where that makes the text cheaper. */
    smartReplacement: z.boolean().default(false),
    /** Where Twilio's API is; another region has its own: `https://api.dublin.ie1.twilio.com`. */
    baseUrl: z
      .string()
      .refine(isServer, 'Scheme and host are needed and nothing behind them, such as https://api.twilio.com.')
      .default('https://api.twilio.com'),
    /** A certificate to trust beside the system's, PEM. */
    ca: z.string().max(1_000_000).optional(),
    /** The most connections that are open at once. */
    maxConnections: z.int().min(1).max(200).default(50),
    /** The longest wait for an answer, in ms. Giving up earlier makes doubts. */
    replyTimeoutMs: z.int().min(1).max(600_000).default(60_000),
  })
  .superRefine((settings, context) => {
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if ((settings.apiKeySid === undefined) !== (settings.apiKeySecret === undefined)) {
      refuse(
        settings.apiKeySid === undefined ? 'apiKeySid' : 'apiKeySecret',
        'An API key needs both: apiKeySid and apiKeySecret.',
      );
    } else if (settings.authToken === undefined && settings.apiKeySid === undefined) {
      refuse('authToken', 'Twilio needs the auth token of the account, or an API key.');
    }
  });

/** The settings of a Twilio account, checked and completed. */
export type TwilioSettings = z.output<typeof twilioSettings>;
/** The settings of a Twilio account as they are written. */
export type TwilioSettingsInput = z.input<typeof twilioSettings>;

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;

/** Whether an URL is of this machine. */
export function isLoopback(url: string): boolean {
  return LOOPBACK.test(URL.parse(url)?.hostname ?? '');
}

/** Passwords travel encrypted, or do not leave the machine. */
function isServer(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.href !== `${url.origin}/`) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(text));
}
