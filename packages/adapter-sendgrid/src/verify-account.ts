import { cleanReply, type Verification, type VerificationStep } from '@posthorn/core';
import type { HttpClient, HttpReply } from '@posthorn/http-client';
import type { SendGridSettings } from './settings.ts';

type StepName = VerificationStep['name'];

interface Trial {
  readonly host: string;
  readonly secrets: readonly string[];
  get(path: string): Promise<HttpReply>;
}

interface VerifyOptions {
  readonly signal: AbortSignal;
  readonly sender?: string;
}

const STEP_OF_PHASE: Readonly<Record<string, StepName>> = { resolve: 'name', tls: 'tls' };
/** How many verified senders are asked for. Of more, one that is not among them may still be there. */
const SENDERS = 500;
const PERMISSION = 'mail.send';

/** Asks SendGrid what the key may do, and whether the sender is verified, where the key may ask that. Sends nothing. */
export async function verifyAccount(
  settings: SendGridSettings,
  client: Pick<HttpClient, 'request'>,
  headers: Readonly<Record<string, string>>,
  { signal, sender }: VerifyOptions,
): Promise<Verification> {
  const trial: Trial = {
    host: new URL(settings.baseUrl).host,
    secrets: [settings.apiKey],
    get: (path) => client.request({ method: 'GET', path, headers, signal }),
  };
  const scopes = await trial.get('/v3/scopes');
  const steps = [connectionStep(scopes, trial)];
  if (steps[0]?.ok && scopes.status === 'answered') steps.push(credentialsStep(scopes));
  if (sender !== undefined && steps.every(({ ok }) => ok)) steps.push(await senderStep(sender, trial));
  const failed = steps.find(({ ok }) => !ok);
  const good = settings.sandbox
    ? 'SendGrid knows the key. The account is a sandbox: nothing is sent.'
    : 'SendGrid takes email from this account.';
  return { ok: failed === undefined, message: failed?.message ?? good, steps };
}

type Answered = HttpReply & { readonly status: 'answered' };

function connectionStep(reply: HttpReply, { host, secrets }: Trial): VerificationStep {
  if (reply.status === 'answered') {
    const isSendGrid = reply.code === 401 || reply.code === 403 || scopesIn(reply) !== undefined;
    const message = isSendGrid
      ? `${host} answers.`
      : `${host} answers ${reply.code}, and not as SendGrid does.`;
    return { name: 'connection', ok: isSendGrid, message };
  }
  const { phase = '', reply: words } = reply.outcome.failure;
  const said = cleanReply(words?.text ?? '', secrets);
  return {
    name: STEP_OF_PHASE[phase] ?? 'connection',
    ok: false,
    message: `No answer from ${host}: ${said || 'the connection failed'}`,
  };
}

function credentialsStep(reply: Answered): VerificationStep {
  const step = (ok: boolean, message: string): VerificationStep => ({ name: 'credentials', ok, message });
  if (reply.code === 401) {
    return step(
      false,
      'SendGrid does not know this API key: it is mistyped, was deleted, or belongs to another region.',
    );
  }
  if (reply.code === 403) {
    return step(
      false,
      'SendGrid does not let this API key in: it lacks permissions, or its account is closed.',
    );
  }
  return scopesIn(reply)?.includes(PERMISSION)
    ? step(true, 'The API key is right, and may send email.')
    : step(false, 'The API key may not send email: give it the permission Mail Send.');
}

function scopesIn({ code, body }: Answered): readonly unknown[] | undefined {
  return code === 200 ? listIn(parse(body), 'scopes') : undefined;
}

/** By its domain, or by itself. Where the key may not ask, only sending will tell. */
async function senderStep(sender: string, trial: Trial): Promise<VerificationStep> {
  const step = (ok: boolean, message: string): VerificationStep => ({ name: 'sender', ok, message });
  const domain = sender.slice(sender.lastIndexOf('@') + 1).toLowerCase();
  const [domains, senders] = await Promise.all([
    trial.get(`/v3/whitelabel/domains?limit=${SENDERS}`).then((reply) => rowsIn(reply, undefined)),
    trial.get(`/v3/verified_senders?limit=${SENDERS}`).then((reply) => rowsIn(reply, 'results')),
  ]);
  const covers = ({ domain: owned, valid }: Row) =>
    valid === true && typeof owned === 'string' && isWithin(domain, owned.toLowerCase());
  const isSender = ({ from_email: address, verified }: Row) =>
    verified === true && typeof address === 'string' && address.toLowerCase() === sender.toLowerCase();
  if (domains?.some(covers)) return step(true, `SendGrid has authenticated the domain ${domain}.`);
  if (senders?.some(isSender)) return step(true, `SendGrid has verified ${sender}.`);
  if (domains === undefined || senders === undefined || Math.max(domains.length, senders.length) >= SENDERS) {
    return step(true, `Whether SendGrid takes mail from ${sender} could not be asked with this key.`);
  }
  return step(
    false,
    `SendGrid does not know ${sender}: authenticate its domain there, or verify the address (Settings, Sender Authentication).`,
  );
}

function isWithin(domain: string, owned: string): boolean {
  return domain === owned || domain.endsWith(`.${owned}`);
}

type Row = Readonly<Record<string, unknown>>;

function rowsIn(reply: HttpReply, name: string | undefined): readonly Row[] | undefined {
  if (reply.status !== 'answered' || reply.code !== 200) return undefined;
  const rows = listIn(parse(reply.body), name);
  return rows?.filter((row): row is Row => typeof row === 'object' && row !== null);
}

function listIn(value: unknown, name: string | undefined): readonly unknown[] | undefined {
  const list = name === undefined ? value : (value as Row | null | undefined)?.[name];
  return Array.isArray(list) ? list : undefined;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
