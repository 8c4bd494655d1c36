import { isIP } from 'node:net';
import { getCACertificates } from 'node:tls';
import { domainToASCII } from 'node:url';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { ComposedMessage } from './compose-message.ts';
import { type Answer, ask } from './conversation.ts';
import { type Delivery, deliverMessage } from './deliver-message.ts';
import {
  abortedOutcome,
  ownFailure,
  refusedLogin,
  type SmtpFailure,
  type SmtpPhase,
  smtpFailure,
} from './failure.ts';
import { ReplyWatch } from './reply-watch.ts';
import type { SmtpSettings } from './settings.ts';

/** A connection that is greeted, encrypted and logged in; one message at a time. */
export interface Session {
  /** False once the server, the network or we ended it. */
  readonly alive: boolean;
  /** Messages it was used for. */
  readonly uses: number;
  deliver(message: ComposedMessage, signal: AbortSignal): Promise<Delivery>;
  /** Ends a transaction that was refused. */
  reset(): Promise<void>;
  /** Whether the server takes mail from this address; nothing is sent. */
  checkSender(address: string, signal: AbortSignal): Promise<SmtpFailure | undefined>;
  /** An idle session keeps no process alive. */
  rest(isIdle: boolean): void;
  onEnd(listener: () => void): void;
  /** Between messages: says QUIT. */
  close(): Promise<void>;
  /** In the middle of one: hangs up. */
  drop(): void;
}

export type OpenedSession = { readonly session: Session } | { readonly failure: SmtpFailure };

type AuthContext = SMTPConnection.CustomAuthenticationContext;

/** A login "method" that sends nothing: nodemailer's documented way to the server's extensions and to further commands. */
const PROBE = 'POSTHORN-PROBE';
const QUIT_MS = 1000;
const GRACE_MS = 100;

/** Finds, connects, encrypts, greets, logs in. Never rejects for what a server or a network does. */
export async function openSession(settings: SmtpSettings, signal: AbortSignal): Promise<OpenedSession> {
  const { default: Connection } = await import('nodemailer/lib/smtp-connection');
  let probe: (context: AuthContext) => unknown = () => undefined;
  const connection = new Connection({
    ...optionsOf(settings),
    customAuth: { [PROBE]: async (context: AuthContext) => await probe(context) },
  });
  // Whoever waits hears of it in `ask`; this one is for errors while nobody does.
  connection.on('error', () => undefined);

  // nodemailer's own timers end with the greeting; they come first where they run, as they know what took so long.
  const timeoutMs = settings.connectionTimeoutMs + GRACE_MS;
  const connected = await ask(connection, { signal, timeoutMs }, (done) => connection.connect(done));
  if (!connected.ok) return { failure: connectFailure(connection, connected, settings) };

  const refused = await login(connection, settings, signal);
  if (refused !== undefined) {
    connection.close();
    return { failure: refused };
  }
  const run = (next: typeof probe, runSignal: AbortSignal) => {
    probe = next;
    return ask(connection, { signal: runSignal }, (done) => connection.login({ method: PROBE }, done));
  };
  let extensions: readonly string[] = [];
  await run((context) => {
    extensions = context.extensions;
  }, signal);
  return { session: createSession(connection, settings, extensions, run) };
}

function createSession(
  connection: SMTPConnection,
  settings: SmtpSettings,
  extensions: readonly string[],
  probe: (run: (context: AuthContext) => unknown, signal: AbortSignal) => Promise<Answer<unknown>>,
): Session {
  let uses = 0;
  const watch = new ReplyWatch(connection);
  const ended = new Promise<void>((resolve) => connection.once('end', resolve));
  const rest = (isIdle: boolean) => {
    const socket = connection._socket;
    if (socket) isIdle ? socket.unref() : socket.ref();
  };
  return {
    get alive() {
      return !connection.destroyed;
    },
    get uses() {
      return uses;
    },
    deliver(message, signal) {
      uses += 1;
      return watch.during(() =>
        deliverMessage({ connection, settings, extensions, replies: watch }, message, signal),
      );
    },
    async reset() {
      const signal = AbortSignal.timeout(settings.connectionTimeoutMs);
      const answer = await watch.during(() => ask(connection, { signal }, (done) => connection.reset(done)));
      if (!answer.ok) connection.close();
    },
    async checkSender(address, signal) {
      let response = '';
      const answer = await watch.during(() =>
        probe(async (context) => {
          ({ response } = await context.sendCommand(`MAIL FROM:<${address}>`));
        }, signal),
      );
      if (!answer.ok) return answer.aborted ? aborted('mail') : smtpFailure(answer.error, 'mail', settings);
      return response.startsWith('2') ? undefined : smtpFailure(withReply(response), 'mail', settings);
    },
    rest,
    onEnd(listener) {
      void ended.then(listener);
    },
    drop: () => connection.close(),
    async close() {
      if (connection.destroyed) return;
      const timer = setTimeout(() => connection.close(), QUIT_MS);
      await watch.during(() => {
        connection.quit();
        return ended;
      });
      clearTimeout(timer);
    },
  };
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
    socketCloseTimeout: QUIT_MS,
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
  return answer.aborted ? aborted('auth') : smtpFailure(answer.error, 'auth', settings);
}

function connectFailure(
  connection: SMTPConnection,
  answer: Extract<Answer<unknown>, { ok: false }>,
  settings: SmtpSettings,
): SmtpFailure {
  const phase = connectPhase(connection, answer.error, settings);
  return answer.aborted ? aborted(phase) : smtpFailure(answer.error, phase, settings);
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

function aborted(phase: SmtpPhase): SmtpFailure {
  return ownFailure(phase, abortedOutcome(phase));
}

function withReply(response: string): Error & { response: string } {
  return Object.assign(new Error('Refused'), { response });
}
