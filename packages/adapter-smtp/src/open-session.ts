import { isIP } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { getCACertificates } from 'node:tls';
import { domainToASCII } from 'node:url';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { type Answer, ask } from './conversation.ts';
import {
  abortedFailure,
  refusedLogin,
  type SmtpFailure,
  type SmtpPhase,
  secretsOf,
  smtpFailure,
} from './failure.ts';
import type { Offer } from './offer.ts';
import { Session } from './session.ts';
import type { SmtpSettings } from './settings.ts';
import { Wire } from './wire.ts';

export type OpenedSession = { readonly session: Session } | { readonly failure: SmtpFailure };

/** A login "method" that sends nothing: nodemailer's documented way to what the server offers. */
const PROBE = 'POSTHORN-PROBE';
const CLOSE_MS = 1000;
/** nodemailer's own timers come first where they run: they know what took so long. */
const GRACE_MS = 100;

/**
 * Finds, connects, encrypts, greets and logs in, by nodemailer; then the connection is ours. Never rejects for what a
 * server or a network does.
 */
export async function openSession(settings: SmtpSettings, signal: AbortSignal): Promise<OpenedSession> {
  const { default: Connection } = await import('nodemailer/lib/smtp-connection');
  const { parseServerMessageId } = await import('nodemailer/lib/smtp-connection/server-message-id');
  let offer: Offer = { extensions: new Set(), maxSize: 0 };
  const probe = ({ extensions, maxAllowedSize, resolve }: SMTPConnection.CustomAuthenticationContext) => {
    offer = { extensions: new Set(extensions), maxSize: maxAllowedSize || 0 };
    resolve();
  };
  const connection = new Connection({ ...optionsOf(settings), customAuth: { [PROBE]: probe } });
  // Whoever waits hears of it in `ask`; this one is for errors while nobody does.
  connection.on('error', () => undefined);

  const timeoutMs = settings.connectionTimeoutMs + GRACE_MS;
  const connected = await ask(connection, { signal, timeoutMs }, (done) => connection.connect(done));
  if (!connected.ok) return { failure: connectFailure(connection, connected, settings) };

  const refused = await login(connection, settings, signal);
  if (refused !== undefined) {
    connection.close();
    return { failure: refused };
  }
  await ask(connection, { signal }, (done) => connection.login({ method: PROBE }, done));
  // nodemailer reads on: what came behind the last answer makes it end the connection.
  await setImmediate();
  const socket = connection._socket;
  // A goodbye in the same breath as the last answer, as TLS delivers it: the pool would open one such after the other.
  if (connection.destroyed || !socket || !socket.writable) {
    connection.close();
    return { failure: smtpFailure(undefined, 'greeting', settings) };
  }
  const wire = new Wire(connection, socket, settings.replyTimeoutMs + GRACE_MS);
  const providerIdIn = (reply: string) => parseServerMessageId(reply, settings.host);
  return { session: new Session({ wire, offer, settings, secrets: secretsOf(settings), providerIdIn }) };
}

function optionsOf(settings: SmtpSettings): SMTPConnection.Options {
  const { host, port, security, connectionTimeoutMs, name, tls } = settings;
  return {
    host: domainToASCII(host) || host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    connectionTimeout: connectionTimeoutMs,
    greetingTimeout: connectionTimeoutMs,
    dnsTimeout: connectionTimeoutMs,
    socketTimeout: settings.replyTimeoutMs,
    socketCloseTimeout: CLOSE_MS,
    ...(name === undefined ? {} : { name: helloName(name) }),
    tls: {
      rejectUnauthorized: tls?.rejectUnauthorized ?? true,
      // `ca` alone would replace what the system trusts.
      ...(tls?.ca === undefined ? {} : { ca: [...getCACertificates('default'), tls.ca] }),
    },
  };
}

/** An IP address is written as a literal (RFC 5321 section 4.1.3). */
function helloName(name: string): string {
  const family = isIP(name);
  if (family === 0) return domainToASCII(name);
  return family === 6 ? `[IPv6:${name}]` : `[${name}]`;
}

async function login(
  connection: SMTPConnection,
  settings: SmtpSettings,
  signal: AbortSignal,
): Promise<SmtpFailure | undefined> {
  const { authentication, username: user, password: pass, connectionTimeoutMs: timeoutMs } = settings;
  if (authentication === 'none') return undefined;
  if (!connection.allowsAuth) return refusedLogin(settings);
  const answer = await ask(connection, { signal, timeoutMs }, (done) =>
    connection.login({ credentials: { user, pass } }, done),
  );
  if (answer.ok) return undefined;
  return answer.aborted ? abortedFailure('auth') : smtpFailure(answer.error, 'auth', settings);
}

function connectFailure(
  connection: SMTPConnection,
  answer: Extract<Answer<unknown>, { ok: false }>,
  settings: SmtpSettings,
): SmtpFailure {
  const phase = connectPhase(connection, answer.error, settings);
  return answer.aborted ? abortedFailure(phase) : smtpFailure(answer.error, phase, settings);
}

const TLS_CODE =
  /^(ERR_TLS|ERR_SSL|ERR_OSSL|EPROTO|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH)/;

function connectPhase(
  connection: SMTPConnection,
  error: SMTPConnection.SMTPError | undefined,
  { security }: SmtpSettings,
): SmtpPhase {
  const code = error?.originalCode ?? '';
  if (error?.code === 'EDNS') return 'resolve';
  if (connection.upgrading || error?.code === 'ETLS' || TLS_CODE.test(code)) return 'tls';
  if (connection.stage !== 'init') return 'greeting';
  // A reset before the port is open is a refusal, so this one came while the connection was being encrypted.
  return security === 'tls' && code === 'ECONNRESET' ? 'tls' : 'connect';
}
