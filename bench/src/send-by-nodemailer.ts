import { createTransport, type SendMailOptions } from 'nodemailer';
import { mailsFor, type SendJob } from './outgoing.ts';
import { readJob, report } from './run-apart.ts';
import { startStopwatch } from './stopwatch.ts';

/*
 * The peer: nodemailer's own pool, as its documentation has it for bulk mail, with texts that are ready. It is given more
 * mails at once than it has connections, so that none waits for us, and not all: that would cost it memory.
 */
const CONNECTIONS = 5;
const AT_ONCE = 10 * CONNECTIONS;

const { port, warmUp, mails, dkim } = readJob<SendJob>();
const transport = createTransport({
  pool: true,
  maxConnections: CONNECTIONS,
  maxMessages: Number.POSITIVE_INFINITY,
  host: '127.0.0.1',
  port,
  ...(dkim === undefined ? {} : { dkim }),
});

async function sendAll(list: readonly SendMailOptions[]): Promise<void> {
  const waiting = list.values();
  const sendNext = async (): Promise<void> => {
    for (const mail of waiting) await transport.sendMail(mail);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sendNext));
}

await sendAll(mailsFor(0, warmUp));
const measured = mailsFor(warmUp, mails);
const stop = startStopwatch();
await sendAll(measured);
report(stop());
transport.close();
