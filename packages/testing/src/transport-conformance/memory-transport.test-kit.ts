import type { Envelope, Outcome, RefusedOutcome, SendOptions, Transport, Verification } from '@posthorn/core';
import { addressOf } from './envelopes.ts';
import type {
  AccountState,
  ArrivedMessage,
  ProviderBehaviour,
  TransportHarness,
  TransportSubject,
} from './transport-harness.ts';

const SECRET = 'hunter22-hunter22';
const WINDOW = 4;

/** A transport without a wire that keeps every law; the broken ones are made from it. */
export function memorySubject(channel: TransportSubject['channel']): TransportSubject {
  return { name: 'memory', channel, open: async (account) => openMemory(account) };
}

function openMemory(account: AccountState): TransportHarness {
  const behaviours = new Map<string, ProviderBehaviour>();
  const arrived: ArrivedMessage[] = [];
  const gate = deferred();
  const waiting = new Set<{ count: number; resolve: () => void }>();
  let held = 0;
  let under = 0;
  let peak = 0;

  async function meet(envelope: Envelope, signal: AbortSignal): Promise<Outcome> {
    if (signal.aborted) return refused('other', true);
    if (account === 'wrong_credentials') return refused('credentials', true);
    if (account === 'unreachable') return refused('connection', true);
    const behaviour = behaviours.get(addressOf(envelope)) ?? 'accept';
    if (behaviour === 'refuse') return refused('unknown_mailbox', false);
    if (behaviour === 'defer') return refused('server_error', true);
    arrived.push(readEnvelope(envelope));
    if (behaviour === 'cut')
      return { status: 'unknown', failure: { category: 'connection', fault: 'network' } };
    if (behaviour === 'hold' && !(await answered(signal))) {
      return { status: 'unknown', failure: { category: 'other', fault: 'nobody' } };
    }
    return { status: 'accepted' };
  }

  /** False where the signal came first. */
  async function answered(signal: AbortSignal): Promise<boolean> {
    held += 1;
    for (const waiter of waiting) if (held >= waiter.count) waiter.resolve();
    const aborted = deferred();
    signal.addEventListener('abort', aborted.resolve, { once: true });
    return await Promise.race([gate.promise.then(() => true), aborted.promise.then(() => false)]);
  }

  async function send(batch: readonly Envelope[], { signal, onOutcome }: SendOptions): Promise<void> {
    const queue = [...batch];
    const lane = async () => {
      for (let envelope = queue.shift(); envelope !== undefined; envelope = queue.shift()) {
        peak = Math.max(peak, ++under);
        await new Promise((resolve) => setImmediate(resolve));
        const outcome = await meet(envelope, signal);
        under -= 1;
        onOutcome(envelope.messageId, outcome);
      }
    };
    await Promise.all(Array.from({ length: WINDOW }, lane));
  }

  const features = {
    maxBatch: 10,
    window: WINDOW,
    attachments: true,
    reports: 'none',
    tracking: false,
  } as const;
  const transport: Transport = {
    features,
    send,
    verify: async ({ signal }) => verification(signal.aborted ? 'unreachable' : account),
    close: async () => undefined,
  };
  return {
    transport,
    behave: (address, behaviour) => behaviours.set(address, behaviour),
    held: (count) =>
      held >= count ? Promise.resolve() : new Promise((resolve) => waiting.add({ count, resolve })),
    release: gate.resolve,
    arrived: async () => arrived,
    peak: () => peak,
    secrets: [SECRET],
    close: async () => undefined,
  };
}

export function refused(category: RefusedOutcome['failure']['category'], retryable: boolean): RefusedOutcome {
  return {
    status: 'refused',
    retryable,
    failure: { category, fault: 'nobody', reply: { text: 'The provider says no.' } },
  };
}

export function verification(account: AccountState): Verification {
  const name = account === 'unreachable' ? 'connection' : 'credentials';
  const ok = account === 'right';
  const message = ok ? 'The provider takes messages from this account.' : 'The provider does not let us in.';
  return { ok, message, steps: [{ name, ok, message }] };
}

function readEnvelope(envelope: Envelope): ArrivedMessage {
  const join = (segments: readonly (string | number)[] = []) =>
    segments.map((segment) => (typeof segment === 'string' ? segment : envelope.slots[segment])).join('');
  if (envelope.channel === 'sms') return { to: envelope.to, text: join(envelope.skeleton.text) };
  const { skeleton, headers, replyTo } = envelope;
  const fields = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value]] as const);
  return {
    to: envelope.to.address,
    text: join(skeleton.text),
    html: join(skeleton.html),
    subject: join(skeleton.subject),
    headers: new Map([...fields, ['reply-to', [replyTo?.address ?? '']]]),
    attachments: envelope.attachments,
  };
}

function deferred() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve: () => resolve() };
}
