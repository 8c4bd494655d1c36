import type { RefusedOutcome, UnknownOutcome, Verification, VerificationStep } from '@posthorn/core';
import type { HttpReply } from '@posthorn/http-client';
import type { TwilioApi } from './api.ts';
import { replyOf } from './classify-answer.ts';
import { senderKind } from './sender.ts';
import type { TwilioSettings } from './settings.ts';

type StepName = VerificationStep['name'];
type Answer = Extract<HttpReply, { status: 'answered' }>;

interface Options {
  readonly signal: AbortSignal;
  readonly sender?: string;
}

/** Asks for the account, and whether it has the sender: nothing is sent to anybody. */
export async function verifyAccount(
  api: TwilioApi,
  settings: TwilioSettings,
  { signal, sender = settings.from }: Options,
): Promise<Verification> {
  const isKey = settings.apiKeySid !== undefined;
  // A standard API key may not read the account.
  const reply = await api.get(isKey ? '/Messages.json?PageSize=1' : '.json', signal);
  if (reply.status === 'failed') return unreachable(reply.outcome, settings);
  const steps = connected(settings);
  const refusal = reply.code === 200 ? suspension(reply) : refusalWords(reply, api);
  if (refusal !== null) return ended([...steps, { name: 'credentials', ok: false, message: refusal }]);
  steps.push({ name: 'credentials', ok: true, message: 'Twilio knows the account and lets us in.' });

  const owned = sender === undefined ? null : await ownership(api, sender, signal);
  if (owned !== null) steps.push(owned);
  return ended(steps);
}

function ended(steps: readonly VerificationStep[]): Verification {
  const last = steps.at(-1);
  if (last?.ok === false) return { ok: false, message: last.message, steps };
  return { ok: true, message: 'Twilio takes text messages from this account.', steps };
}

function connected({ baseUrl }: TwilioSettings): VerificationStep[] {
  const { host, protocol } = new URL(baseUrl);
  const steps: VerificationStep[] = [
    { name: 'name', ok: true, message: `The name ${host} was found.` },
    { name: 'connection', ok: true, message: `${host} answers.` },
  ];
  if (protocol === 'https:')
    steps.push({ name: 'tls', ok: true, message: `The connection to ${host} is encrypted.` });
  return steps;
}

const STEP_OF_PHASE: Readonly<Partial<Record<string, StepName>>> = { resolve: 'name', tls: 'tls' };

function unreachable(outcome: RefusedOutcome | UnknownOutcome, settings: TwilioSettings): Verification {
  const { phase = '', reply } = outcome.failure;
  const name = STEP_OF_PHASE[phase] ?? 'connection';
  const { host } = new URL(settings.baseUrl);
  const message = `${host} could not be asked: ${reply?.text ?? 'it did not answer.'}`;
  const all = connected(settings);
  const before = all.slice(
    0,
    all.findIndex((step) => step.name === name),
  );
  return ended([...before, { name, ok: false, message }]);
}

/** An account that is suspended or closed can be read, but sends nothing. */
function suspension({ body }: Answer): string | null {
  const status = fieldOf(body, 'status');
  if (status !== 'suspended' && status !== 'closed') return null;
  return `Twilio has ${status} this account: its console says why.`;
}

function refusalWords(reply: Answer, api: TwilioApi): string {
  const { text } = replyOf(reply, api.secrets);
  const isWrong = reply.code === 401 || reply.code === 403 || reply.code === 404;
  return isWrong
    ? `The account SID, or the token or key that belongs to it, is wrong: ${text}`
    : `Twilio cannot check the account at the moment: ${text}`;
}

/** Whether the account has that number; null where Twilio can't be asked (names, services, keys without the right). */
async function ownership(
  api: TwilioApi,
  sender: string,
  signal: AbortSignal,
): Promise<VerificationStep | null> {
  const kind = senderKind(sender);
  if (kind !== 'number' && kind !== 'short_code') return null;
  const number = encodeURIComponent(sender);
  const [resource, list] =
    kind === 'number'
      ? [`/IncomingPhoneNumbers.json?PhoneNumber=${number}`, 'incoming_phone_numbers']
      : [`/SMS/ShortCodes.json?ShortCode=${number}`, 'short_codes'];
  const reply = await api.get(resource, signal);
  if (reply.status === 'failed' || reply.code !== 200) return null;
  const found = fieldOf(reply.body, list);
  if (!Array.isArray(found)) return null;
  const ok = found.length > 0;
  return {
    name: 'sender',
    ok,
    message: ok
      ? `${sender} belongs to the account.`
      : `${sender} does not belong to this account: messages from it would be refused.`,
  };
}

function fieldOf(body: string, name: string): unknown {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, name) : undefined;
  } catch {
    return undefined;
  }
}
