import { twilio } from '@posthorn/adapter-sms';
import { systemClock } from '@posthorn/core';
import { smsEnvelopesFor } from './outgoing-sms.ts';
import type { ProviderJob } from './provider-job.ts';
import { readJob, report } from './run-apart.ts';
import { sendAll } from './send-all.ts';

/** Few, so that the envelopes themselves weigh nothing. */
const PAGE = 500;

// Sends text messages by the SMS adapter alone, and reports the most live memory it had, in MB.
const { port, messages } = readJob<Pick<ProviderJob, 'port' | 'messages'>>();
const adapter = twilio();
const settings = adapter.settings.parse({
  accountSid: `AC${'a'.repeat(32)}`,
  authToken: 'token',
  baseUrl: `https://localhost:${port}`,
});
const transport = adapter.open(settings, { clock: systemClock, log: console });
let most = 0;
for (let sent = 0; sent < messages; sent += PAGE) {
  await sendAll(transport, smsEnvelopesFor(sent, PAGE));
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  most = Math.max(most, heapUsed + external);
}
await transport.close();
report(most / 2 ** 20);
