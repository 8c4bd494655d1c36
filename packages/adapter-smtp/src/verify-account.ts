import { isIP } from 'node:net';
import type { Verification, VerificationStep } from '@posthorn/core';
import type { SmtpFailure, SmtpPhase } from './failure.ts';
import { openSession } from './open-session.ts';
import type { SmtpSettings } from './settings.ts';

type StepName = VerificationStep['name'];

const STEP_OF_PHASE: Readonly<Partial<Record<SmtpPhase, StepName>>> = {
  resolve: 'name',
  connect: 'connection',
  tls: 'tls',
  greeting: 'greeting',
  auth: 'credentials',
};

/** An account, and the address that mail from it would come from, where one is known. */
interface Trial extends SmtpSettings {
  readonly sender: string | undefined;
}

/** Tries an account as far as `MAIL FROM`: nothing is sent to anybody. */
export async function verifyAccount(
  settings: SmtpSettings,
  {
    signal,
    sender = senderOf(settings),
  }: { readonly signal: AbortSignal; readonly sender?: string | undefined },
): Promise<Verification> {
  const trial: Trial = { ...settings, sender };
  const opened = await openSession(settings, signal);
  if ('failure' in opened)
    return failedAt(STEP_OF_PHASE[opened.failure.phase] ?? 'greeting', opened.failure, trial);
  const { session } = opened;
  try {
    const failure = sender === undefined ? undefined : await session.checkSender(sender, signal);
    if (failure !== undefined) return failedAt('sender', failure, trial);
    const steps = stepsOf(trial).map((name) => passed(name, trial));
    return { ok: true, message: `${settings.host} takes email from this account.`, steps };
  } finally {
    await session.close();
  }
}

/** The steps in the order in which they happen: STARTTLS comes after the greeting, TLS before it. */
function stepsOf(trial: Trial): readonly StepName[] {
  const { security, authentication, host, sender: address } = trial;
  const name: StepName[] = isIP(host) === 0 ? ['name'] : [];
  const greeting: Readonly<Record<typeof security, StepName[]>> = {
    none: ['greeting'],
    tls: ['tls', 'greeting'],
    starttls: ['greeting', 'tls'],
  };
  const credentials: StepName[] = authentication === 'password' ? ['credentials'] : [];
  const sender: StepName[] = address === undefined ? [] : ['sender'];
  return [...name, 'connection', ...greeting[security], ...credentials, ...sender];
}

function passed(name: StepName, trial: Trial): VerificationStep {
  const { host, port, tls, sender } = trial;
  const sentences: Readonly<Record<StepName, string>> = {
    name: `The name ${host} was found.`,
    connection: `${host} answers on port ${port}.`,
    greeting: `${host} greets us as a mail server.`,
    tls:
      tls?.rejectUnauthorized === false
        ? 'The connection is encrypted, but the certificate was not checked: nothing proves who the server is.'
        : `The connection is encrypted, and the certificate is right for ${host}.`,
    credentials: 'The user name and the password are right.',
    sender: `${host} takes mail from ${sender}.`,
  };
  return { name, ok: true, message: sentences[name] };
}

function failedAt(name: StepName, failure: SmtpFailure, trial: Trial): Verification {
  const message = failed(name, failure, trial);
  const names = stepsOf(trial);
  const before = names.slice(0, Math.max(0, names.indexOf(name))).map((step) => passed(step, trial));
  return { ok: false, message, steps: [...before, { name, ok: false, message }] };
}

/** One sentence; the server's own words stand in it where it said any. */
function failed(name: StepName, { outcome }: SmtpFailure, trial: Trial): string {
  const reply = outcome.status === 'accepted' ? undefined : outcome.failure.reply;
  const words = reply?.text ?? '';
  if (reply?.code === undefined) return `${words}${portAdvice(name, words, trial)}`;
  const { host, port, sender } = trial;
  const sentences: Readonly<Record<StepName, string>> = {
    name: `The name ${host} could not be found`,
    connection: `${host} answers on port ${port}, but refuses us`,
    greeting: `${host} answers on port ${port}, but refuses us`,
    tls: `${host} offers no encryption (STARTTLS) on port ${port}`,
    credentials: wrongLogin(outcome.status === 'refused' && outcome.failure.category === 'credentials', host),
    sender: `${host} refuses ${sender} as a sender`,
  };
  return `${sentences[name]}: ${reply.code} ${words}`;
}

/** Where nobody answers as expected, the port may be one that speaks the other way. */
function portAdvice(name: StepName, words: string, { security, port }: Trial): string {
  if (security === 'tls' && /WRONG_VERSION_NUMBER|PACKET_LENGTH/.test(words))
    return ` If port ${port} begins without encryption, choose security 'starttls'.`;
  if (security !== 'tls' && name === 'greeting')
    return ` If port ${port} is encrypted from the start, choose security 'tls'.`;
  return '';
}

function wrongLogin(isWrong: boolean, host: string): string {
  return isWrong ? 'The user name or the password is wrong' : `${host} cannot check the login at the moment`;
}

/** Most servers want the sender to be the user. */
function senderOf({ authentication, username }: SmtpSettings): string | undefined {
  if (authentication === 'none' || username === undefined) return undefined;
  return /^[\w.+-]+@[\w-]+(\.[\w-]+)+$/.test(username) ? username : undefined;
}
