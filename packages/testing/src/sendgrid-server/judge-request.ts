import { checkMailSend } from './check-mail-send.ts';
import type { MailSend, SendGridError } from './mail-send.ts';
import type { SendGridRequest } from './sendgrid-request.ts';

/** What a key opens. */
export interface SendGridAccount {
  readonly apiKey: string;
  readonly scopes: readonly string[];
  /** Addresses, and domains as `@salon.example`; undefined where all may send. */
  readonly senders: readonly string[] | undefined;
}

/** What SendGrid would answer. */
export interface Judgement {
  readonly status: number;
  readonly errors: readonly SendGridError[];
  readonly body: string;
}

const MAX_BYTES = 30 * 1000 * 1000;
const TAKEN: Judgement = { status: 202, errors: [], body: '' };
const VALID_IN_SANDBOX: Judgement = { status: 200, errors: [], body: '' };
const FORBIDDEN = refused(403, { message: 'access forbidden' });

/** Decides as SendGrid's documentation says. */
export function judgeRequest(request: SendGridRequest, size: number, account: SendGridAccount): Judgement {
  const { method, path, headers } = request;
  if (headers.authorization !== `Bearer ${account.apiKey}`)
    return refused(401, { message: 'The provided authorization grant is invalid, expired, or revoked' });
  switch (`${method} ${path.split('?', 1)[0]}`) {
    case 'GET /v3/scopes':
      return says({ scopes: account.scopes });
    case 'GET /v3/verified_senders':
      return account.scopes.includes('sender_verification_eligible') ? verifiedSenders(account) : FORBIDDEN;
    case 'GET /v3/whitelabel/domains':
      return account.scopes.includes('whitelabel.read') ? authenticatedDomains(account) : FORBIDDEN;
    case 'POST /v3/mail/send':
      return account.scopes.includes('mail.send') ? judgeMail(request.body, size, account) : FORBIDDEN;
    default:
      return refused(404, { message: 'Not found' });
  }
}

function judgeMail(body: unknown, size: number, { senders }: SendGridAccount): Judgement {
  if (size > MAX_BYTES) return refused(413, { message: 'Payload too large' });
  const errors = checkMailSend(body);
  if (errors.length > 0) return refused(400, ...errors);
  const mail = body as MailSend;
  const from = mail.from.email.toLowerCase();
  const isOwn = (sender: string) => (sender.startsWith('@') ? from.endsWith(sender) : from === sender);
  if (senders !== undefined && !senders.some((sender) => isOwn(sender.toLowerCase()))) {
    const message =
      'The from address does not match a verified Sender Identity. Mail cannot be sent until this error is resolved.';
    return refused(403, { message, field: 'from' });
  }
  return mail.mail_settings?.sandbox_mode?.enable === true ? VALID_IN_SANDBOX : TAKEN;
}

function verifiedSenders({ senders = [] }: SendGridAccount): Judgement {
  const addresses = senders.filter((sender) => !sender.startsWith('@'));
  return says({ results: addresses.map((from_email) => ({ from_email, verified: true })) });
}

function authenticatedDomains({ senders = [] }: SendGridAccount): Judgement {
  const domains = senders.filter((sender) => sender.startsWith('@'));
  return says(domains.map((domain) => ({ domain: domain.slice(1), valid: true })));
}

function refused(status: number, ...errors: readonly SendGridError[]): Judgement {
  return { status, errors, body: '' };
}

function says(value: unknown): Judgement {
  return { status: 200, errors: [], body: JSON.stringify(value) };
}
