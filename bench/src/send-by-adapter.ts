import { smtp } from '@posthorn/adapter-smtp';
import { systemClock } from '@posthorn/core';
import { accountAt, envelopesFor, type SendJob } from './outgoing.ts';
import { readJob, report } from './run-apart.ts';
import { sendAll } from './send-all.ts';
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

await sendAll(transport, envelopesFor(0, warmUp));
const measured = envelopesFor(warmUp, mails);
const stop = startStopwatch();
await sendAll(transport, measured);
report(stop());
await transport.close();
