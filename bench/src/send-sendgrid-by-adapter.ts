import { sendgrid } from '@posthorn/adapter-sendgrid';
import { systemClock } from '@posthorn/core';
import { envelopesFor } from './outgoing.ts';
import type { ProviderJob } from './provider-job.ts';
import { readJob, report } from './run-apart.ts';
import { sendAll } from './send-all.ts';
import { startStopwatch } from './stopwatch.ts';

/* The subject: the SendGrid adapter alone. */
const { port, warmUp, messages } = readJob<ProviderJob>();
const adapter = sendgrid();
const settings = adapter.settings.parse({ apiKey: 'SG.bench', baseUrl: `http://127.0.0.1:${port}` });
const transport = adapter.open(settings, { clock: systemClock, log: console });

await sendAll(transport, envelopesFor(0, warmUp));
const measured = envelopesFor(warmUp, messages);
const stop = startStopwatch();
await sendAll(transport, measured);
report(stop());
await transport.close();
