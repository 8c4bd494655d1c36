import { createPrivateKey } from 'node:crypto';
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { z } from 'zod';

const HOST_ADVICE = 'Write the name alone, such as smtp.example.com: no https://, no port, no spaces.';

const hostname = z
  .string({ error: `A server name is needed. ${HOST_ADVICE}` })
  .trim()
  .max(255)
  .refine(isHost, HOST_ADVICE);

const milliseconds = (max: number) => z.int().min(1).max(max);

/** What a company types in to send through a mail server. Unknown fields are refused. */
export const smtpSettings = z
  .strictObject({
    /** Name or IP address of the mail server. */
    host: hostname,
    /** Default 587, or 465 where `security` is `tls`. */
    port: z.int().min(1).max(65_535).optional(),
    /** `starttls` (default) and `tls` (default on port 465) never send anything in the clear; `none` always does. */
    security: z.enum(['starttls', 'tls', 'none']).optional(),
    /** `none` for a relay that knows us by our network address. */
    authentication: z.enum(['password', 'none']).default('password'),
    username: z.string().trim().max(500).optional(),
    password: z.string().max(2000).optional(),
    /** Where bounces go: the return path becomes `b-<token>@<bounceDomain>`. Without it, the sender's address. */
    bounceDomain: hostname
      .refine((name) => isIP(name) === 0, 'A domain is needed here, not an IP address.')
      .optional(),
    /**
     * For SendGrid's SMTP relay: the key of the SendGrid account of the same company (or of the platform, as this one is)
     * whose webhook reports about what leaves here.
     */
    reportedBy: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'The key of an account is needed here.')
      .optional(),
    /** Signs every message (RFC 6376), with `dkimPrivateKey`. */
    dkim: z
      .strictObject({
        domainName: hostname,
        keySelector: z.string().regex(/^[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/),
      })
      .optional(),
    /** An RSA key of 1024 bits or more (RFC 8301 section 3.2), in PEM form. */
    dkimPrivateKey: z
      .string()
      .max(20_000)
      .refine(
        isSigningKey,
        'A private RSA key of 1024 bits or more in PEM form, without a passphrase, is needed.',
      )
      .optional(),
    /** What we call ourselves in EHLO; default is this machine's name. */
    name: hostname.optional(),
    /** The most connections that are open at once. Default 5. */
    maxConnections: z.int().min(1).max(50).default(5),
    /** Time for finding, connecting, encrypting and logging in, in ms. Default 30 s. */
    connectionTimeoutMs: milliseconds(300_000).default(30_000),
    /**
     * The longest silence we bear, in ms. Default 10 min: giving up earlier on the reply to the data makes doubts
     * (RFC 5321 section 4.5.3.2.6).
     */
    replyTimeoutMs: milliseconds(3_600_000).default(600_000),
    tls: z
      .strictObject({
        /** Certificates to trust beside the system's, PEM. */
        ca: z.string().max(1_000_000).optional(),
        /** False takes any certificate: nothing then proves who the server is. */
        rejectUnauthorized: z.boolean().default(true),
      })
      .optional(),
  })
  .superRefine((settings, context) => {
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (settings.authentication === 'password') checkLogin(settings, refuse);
    else if (settings.username || settings.password) {
      refuse(
        'authentication',
        "A user name and password are given, but authentication is 'none': leave one of them out.",
      );
    }
    if ((settings.dkim === undefined) !== (settings.dkimPrivateKey === undefined)) {
      refuse(
        settings.dkim ? 'dkimPrivateKey' : 'dkim',
        'DKIM needs both: dkim (domain and selector) and dkimPrivateKey.',
      );
    }
  })
  .transform((settings) => {
    const security = settings.security ?? (settings.port === 465 ? ('tls' as const) : ('starttls' as const));
    return { ...settings, security, port: settings.port ?? (security === 'tls' ? 465 : 587) };
  });

/** The settings of an SMTP account, checked and completed. */
export type SmtpSettings = z.output<typeof smtpSettings>;
/** The settings of an SMTP account as they are written. */
export type SmtpSettingsInput = z.input<typeof smtpSettings>;

const LOGIN_ADVICE = "For a relay that knows you by your network address, say authentication: 'none'.";

interface Login {
  readonly host: string;
  readonly security?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

function checkLogin(login: Login, refuse: (path: string, message: string) => void): void {
  if (!login.username) {
    refuse(
      'username',
      `The mail server needs a user name: the one you log in to your mail with. ${LOGIN_ADVICE}`,
    );
  }
  if (!login.password) {
    refuse('password', `The mail server needs the password that belongs to the user name. ${LOGIN_ADVICE}`);
  }
  if (login.security === 'none' && !isLoopback(login.host)) {
    refuse('security', "A password is never sent in the clear: use security 'starttls' or 'tls'.");
  }
}

function isHost(name: string): boolean {
  if (isIP(name) !== 0) return true;
  // domainToASCII drops line breaks instead of refusing them.
  if (/\s/.test(name)) return false;
  return /^[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*\.?$/.test(
    domainToASCII(name),
  );
}

function isSigningKey(pem: string): boolean {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(pem);
    return asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= 1024;
  } catch {
    return false;
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
