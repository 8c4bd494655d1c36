import { createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { sendgrid } from '@posthorn/adapter-sendgrid';
import type { AnyAdapter, Envelope } from '@posthorn/core';
import { acceptingAdapter } from './accepting-adapter.ts';
import { readJob, report } from './run-apart.ts';
import { createCustomers, createSalon, sendToEverybody } from './salon.ts';
import type { IngestJob, IngestRun } from './webhook-ingest.ts';

const BATCH = 1_000;

// Sends a broadcast that SendGrid takes at once, and is then told, in signed batches, that all of it was delivered.
const { folder, people } = readJob<IngestJob>();
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const webhookPublicKey = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
const sent: Envelope[] = [];
const file = join(folder, 'messages.db');
const customers = createCustomers(join(folder, 'salon.db'), people);
const posthorn = await createSalon(customers, file, listeningAdapter());
await sendToEverybody(posthorn);

const requests: Request[] = [];
for (let at = 0; at < sent.length; at += BATCH) requests.push(requestOf(sent.slice(at, at + BATCH)));
const startedAt = performance.now();
for (const request of requests) {
  const { status } = await posthorn.handler(request);
  if (status !== 204) throw new Error(`A batch was answered ${status}.`);
}
const seconds = (performance.now() - startedAt) / 1000;
await posthorn.close();
customers.close();
const run: IngestRun = { file, events: sent.length, seconds };
report(run);

/** SendGrid's webhook, and nobody behind it. */
function listeningAdapter(): AnyAdapter {
  const accepting = acceptingAdapter().open(
    {},
    { clock: { now: Date.now, sleep: async () => undefined }, log: console },
  );
  return {
    ...sendgrid({ apiKey: 'SG.bench', webhookPublicKey }),
    open: () => ({
      ...accepting,
      send(batch, options) {
        sent.push(...batch);
        return accepting.send(batch, options);
      },
    }),
  };
}

function requestOf(envelopes: readonly Envelope[]): Request {
  const timestamp = Math.floor(Date.now() / 1000);
  const events = envelopes.map(({ to, returnToken }) => ({
    email: typeof to === 'string' ? to : to.address,
    timestamp: timestamp + 5,
    'smtp-id': '<14c5d75ce93.dfd.64b469@ismtpd-555>',
    event: 'delivered',
    category: ['broadcast'],
    sg_event_id: randomUUID(),
    sg_message_id: `${randomUUID()}.filter0001.16648.5515E0B88.0`,
    response: '250 OK',
    posthorn_token: returnToken,
  }));
  const body = JSON.stringify(events);
  const signature = createSign('sha256').update(`${timestamp}${body}`).sign(privateKey, 'base64');
  return new Request('http://localhost/posthorn/webhooks/sendgrid', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-twilio-email-event-webhook-signature': signature,
      'x-twilio-email-event-webhook-timestamp': String(timestamp),
    },
    body,
  });
}
