import assert from 'node:assert/strict';
import type { Envelope, Outcome, Transport } from '@posthorn/core';
import { addressOf, numberedEnvelope } from './envelopes.ts';
import type {
  AccountState,
  ProviderBehaviour,
  TransportHarness,
  TransportSubject,
} from './transport-harness.ts';

/** Opens a harness, runs the check, ends transport and provider. */
export async function exercise(
  subject: TransportSubject,
  check: (harness: TransportHarness) => Promise<void>,
  account: AccountState = 'right',
): Promise<void> {
  const harness = await subject.open(account);
  try {
    await check(harness);
  } finally {
    harness.release();
    await harness.transport.close();
    await harness.close();
  }
}

/** What came of a batch: outcomes in the order in which they were told. */
export interface Handed {
  readonly told: readonly (readonly [messageId: string, outcome: Outcome])[];
  of(envelope: Envelope): Outcome;
}

/** Hands a batch over. Every envelope must get one outcome, and none afterwards. */
export async function hand(
  transport: Transport,
  batch: readonly Envelope[],
  signal: AbortSignal = new AbortController().signal,
): Promise<Handed> {
  const told: [string, Outcome][] = [];
  await transport.send(batch, { signal, onOutcome: (id, outcome) => told.push([id, outcome]) });
  return {
    told,
    of(envelope) {
      const outcome = told.find(([id]) => id === envelope.messageId)?.[1];
      assert(outcome !== undefined, `no outcome for ${envelope.messageId}`);
      return outcome;
    },
  };
}

/** One envelope per behaviour, each to a recipient of its own. */
export function scripted(
  { channel }: TransportSubject,
  harness: TransportHarness,
  behaviours: readonly ProviderBehaviour[],
): readonly Envelope[] {
  return behaviours.map((behaviour, index) => {
    const envelope = numberedEnvelope(channel, index);
    harness.behave(addressOf(envelope), behaviour);
    return envelope;
  });
}

/** How often messages to this envelope's recipient reached the provider. */
export async function arrivals(harness: TransportHarness, envelope: Envelope): Promise<number> {
  return (await harness.arrived()).filter(({ to }) => to === addressOf(envelope)).length;
}

/** Refused, retryable, with one of these categories where they are given. */
export function assertRetryable(outcome: Outcome, ...categories: readonly string[]): void {
  assert(outcome.status === 'refused', `expected refused, got ${outcome.status}`);
  assert.equal(outcome.retryable, true, 'it may work later, so it is retryable');
  assert.equal(outcome.failure.bounceClass, undefined, 'nothing bounced');
  if (categories.length > 0) {
    assert(
      categories.includes(outcome.failure.category),
      `${outcome.failure.category} is none of ${categories.join(', ')}`,
    );
  }
}

/** Lets everything that is ready happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
