import {
  classifyConnection,
  classifyReply,
  cleanReply,
  type DeliveryPhase,
  type Outcome,
  parseReply,
  type Reply,
} from '@posthorn/core';
import type { ServerReply } from './reply-reader.ts';
import type { SmtpSettings } from './settings.ts';

/** How far a session or a message had come. */
export type SmtpPhase = Exclude<DeliveryPhase, 'request'>;

/** Why a session or a message failed, without a secret. */
export interface SmtpFailure {
  readonly phase: SmtpPhase;
  readonly outcome: Outcome;
}

/** What nodemailer adds to an error. */
interface SmtpError {
  readonly code?: string | undefined;
  /** The code before nodemailer put its own: `ECONNREFUSED`, `CERT_HAS_EXPIRED`. */
  readonly originalCode?: string | undefined;
  readonly response?: string | undefined;
}

/** Every form in which the credentials go over the wire. */
export function secretsOf({ username = '', password = '', dkimPrivateKey }: SmtpSettings): readonly string[] {
  return [`\0${username}\0${password}`, password, ...(dkimPrivateKey === undefined ? [] : [dkimPrivateKey])];
}

/** What a server said, without a secret. */
export function replyOf({ code, text }: ServerReply, secrets: readonly string[]): Reply {
  return code === 0 ? { text: cleanReply(text, secrets) } : parseReply(text, secrets);
}

/** The failure behind an error of nodemailer's, or behind a session that ended without one. */
export function smtpFailure(
  error: SmtpError | undefined,
  phase: SmtpPhase,
  settings: SmtpSettings,
): SmtpFailure {
  const response = error?.response;
  if (response !== undefined) {
    return { phase, outcome: classifyReply({ ...parseReply(response, secretsOf(settings)), phase }) };
  }
  const code = error?.originalCode ?? error?.code;
  const text = describeConnection(phase, code, settings);
  return { phase, outcome: classifyConnection({ code, phase, text }) };
}

/** What the caller's signal ended. */
export function abortedFailure(phase: SmtpPhase): SmtpFailure {
  return { phase, outcome: abortedOutcome(phase) };
}

/** What the caller's signal ended: not sent before the data, in doubt after them. */
export function abortedOutcome(phase: SmtpPhase): Outcome {
  const reply = { text: 'Stopped before the server had answered.' };
  const failure = { category: 'other', fault: 'nobody', phase, reply } as const;
  if (phase === 'body' || phase === 'after_body') return { status: 'unknown', failure };
  return { status: 'refused', retryable: true, failure };
}

const CERTIFICATES: readonly (readonly [start: string, sentence: (host: string) => string])[] = [
  [
    'CERT_HAS_EXPIRED',
    (host) => `The certificate of ${host} has expired; whoever runs the server must renew it.`,
  ],
  [
    'CERT_NOT_YET_VALID',
    (host) => `The certificate of ${host} is not valid yet; one of the two clocks may be wrong.`,
  ],
  [
    'ERR_TLS_CERT_ALTNAME',
    (host) => `The certificate is not for the name ${host}; use the name that stands in it.`,
  ],
  [
    'DEPTH_ZERO_SELF_SIGNED',
    (host) => `${host} shows a certificate that it signed itself; add it as tls.ca to trust it.`,
  ],
  [
    'SELF_SIGNED_CERT',
    (host) =>
      `The certificate of ${host} comes from an authority of its own; add that as tls.ca to trust it.`,
  ],
  ['UNABLE_TO_', (host) => `The certificate of ${host} comes from an authority that is not trusted here.`],
  ['CERT_', (host) => `The certificate of ${host} is not valid.`],
];

/** One sentence for a connection that failed without a reply. */
function describeConnection(phase: SmtpPhase, code = '', { host, port }: SmtpSettings): string {
  const suffix = /^E[A-Z_]+$/.test(code) ? ` (${code})` : '';
  if (code === 'EPROTOCOL') return `${host} does not answer on port ${port} as a mail server does.`;
  switch (phase) {
    case 'resolve':
      return `The name ${host} could not be found${suffix}.`;
    case 'connect':
      if (code === 'ECONNREFUSED')
        return `${host} refuses connections on port ${port}: no mail server listens there.`;
      if (code === 'ETIMEDOUT')
        return `${host} does not answer on port ${port}; a firewall may stand between.`;
      return `No connection to ${host} on port ${port}${suffix}.`;
    case 'greeting':
      return code === 'ETIMEDOUT'
        ? `${host} takes connections on port ${port}, but did not greet in time.`
        : `${host} ended the connection before greeting${suffix}.`;
    case 'tls': {
      const certificate = CERTIFICATES.find(([start]) => code.startsWith(start));
      return certificate?.[1](host) ?? `No encrypted connection to ${host} on port ${port}${suffix}.`;
    }
    default:
      return code === 'ETIMEDOUT'
        ? `${host} did not answer in time.`
        : `The connection to ${host} ended before it had answered${suffix}.`;
  }
}

/** The server takes no login at all, so ours cannot be right. */
export function refusedLogin({ host }: SmtpSettings): SmtpFailure {
  const text = `${host} takes no login on this connection; another port, security or server may be meant.`;
  const failure = { category: 'credentials', fault: 'sender', phase: 'auth', reply: { text } } as const;
  return { phase: 'auth', outcome: { status: 'refused', retryable: true, failure } };
}
