import { smtp } from '@posthorn/adapter-smtp';
import { type Envelope, type Outcome, systemClock, type Transport } from '@posthorn/core';
import { accountAt, envelopesFor, type SendJob } from './outgoing.ts';
import { readJob, report } from './run-apart.ts';
import { startStopwatch } from './stopwatch.ts';

/* The subject: the SMTP adapter alone, with the account's default settings and a VERP return path. */
const { port, warmUp, mails, dkim } = readJob<SendJob>();
const adapter = smtp();
const settings = adapter.settings.parse({
  ...accountAt(port),
  ...(dkim && {
    dkim: { domainName: dkim.domainName, keySelector: dkim.keySelector },
    dkimPrivateKey: dkim.privateKey,
  }),
});
const transport = adapter.open(settings, { clock: systemClock, log: console });

/** Fills the transport's window as core does: with every turn of the event loop as many as have come back. */
function sendAll({ features, send }: Transport, envelopes: readonly Envelope[]): Promise<void> {
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

await sendAll(transport, envelopesFor(0, warmUp));
const measured = envelopesFor(warmUp, mails);
const stop = startStopwatch();
await sendAll(transport, measured);
report(stop());
await transport.close();
