import type { Envelope, Outcome, Transport } from '@posthorn/core';

/** Fills the transport's window as core does: with every turn of the event loop as many as have come back. */
export function sendAll({ features, send }: Transport, envelopes: readonly Envelope[]): Promise<void> {
  const { window, maxBatch } = features;
  const { signal } = new AbortController();
  return new Promise((resolve, reject) => {
    let next = 0;
    let inFlight = 0;
    let isFilling = false;
    const fillSoon = (): void => {
      if (isFilling) return;
      isFilling = true;
      setImmediate(fill);
    };
    const onOutcome = (_id: string, outcome: Outcome): void => {
      if (outcome.status !== 'accepted') reject(new Error(`Not accepted: ${JSON.stringify(outcome)}`));
      inFlight -= 1;
      if (inFlight === 0 && next === envelopes.length) resolve();
      else if (next < envelopes.length) fillSoon();
    };
    const fill = (): void => {
      isFilling = false;
      while (inFlight < window && next < envelopes.length) {
        const batch = envelopes.slice(next, next + Math.min(maxBatch, window - inFlight));
        next += batch.length;
        inFlight += batch.length;
        send(batch, { signal, onOutcome }).catch(reject);
      }
    };
    fill();
  });
}
