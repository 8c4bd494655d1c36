import { twilio } from '@posthorn/adapter-sms';
import { systemClock } from '@posthorn/core';
import { smsEnvelopesFor } from './outgoing-sms.ts';
import type { ProviderJob } from './provider-job.ts';
import { readJob, report } from './run-apart.ts';
import { sendAll } from './send-all.ts';
import { startStopwatch } from './stopwatch.ts';

/* The subject: the SMS adapter alone. */
const { port, warmUp, messages } = readJob<ProviderJob>();
const adapter = twilio();
const settings = adapter.settings.parse({
  accountSid: `AC${'a'.repeat(32)}`,
  authToken: 'token',
  baseUrl: `https://localhost:${port}`,
});
const transport = adapter.open(settings, {
  clock: systemClock,
  log: console,
  webhookUrl: 'https://salon.example.com/messages/webhooks/twilio',
});

await sendAll(transport, smsEnvelopesFor(0, warmUp));
const measured = smsEnvelopesFor(warmUp, messages);
const stop = startStopwatch();
await sendAll(transport, measured);
report(stop());
await transport.close();
