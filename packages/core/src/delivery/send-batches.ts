import type { Envelope, Log, Outcome, Transport } from '../ports/index.ts';

/** What is known of an envelope that a transport took and said nothing about. */
export const SILENT: Outcome = {
  status: 'unknown',
  failure: { category: 'other', fault: 'nobody', reply: { text: 'The transport gave no outcome.' } },
};

interface Sending {
  readonly signal: AbortSignal;
  readonly log: Log;
  onOutcome(messageId: string, outcome: Outcome): void;
}

/**
 * Hands all of them over, in batches side by side, and gives the transport back; resolves when each has had its outcome.
 * Never rejects.
 */
export async function sendBatches(
  transport: Transport,
  envelopes: readonly Envelope[],
  options: Sending,
): Promise<void> {
  const { maxBatch } = transport.features;
  const batches: Promise<void>[] = [];
  for (let from = 0; from < envelopes.length; from += maxBatch) {
    batches.push(handBatchOver(transport, envelopes.slice(from, from + maxBatch), options));
  }
  await Promise.all(batches);
  await transport.close().catch((error: unknown) => {
    options.log.error('A transport could not be given back.', { error: textOf(error) });
  });
}

/**
 * A transport that breaks its contract (rejects, or forgets some) may have sent what it says nothing about, so that is in
 * doubt.
 */
async function handBatchOver(
  transport: Transport,
  batch: readonly Envelope[],
  { signal, log, onOutcome }: Sending,
): Promise<void> {
  const silent = new Set(batch.map(({ messageId }) => messageId));
  const heard = (messageId: string, outcome: Outcome): void => {
    onOutcome(messageId, outcome);
    silent.delete(messageId);
  };
  try {
    await transport.send(batch, { signal, onOutcome: heard });
    if (silent.size > 0) log.error('A transport gave no outcome for some messages.', { count: silent.size });
  } catch (error) {
    log.error('A transport failed in a way that it should not.', {
      error: textOf(error),
      count: silent.size,
    });
  }
  for (const messageId of silent) onOutcome(messageId, SILENT);
}

/** What a log line says of an error. */
export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
