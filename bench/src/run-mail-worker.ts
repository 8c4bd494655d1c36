import { Queue, Worker } from 'bullmq';
import { Liquid } from 'liquidjs';
import { createTransport } from 'nodemailer';
import { dataOf, HTML, SUBJECT, TEXT } from './mail.ts';
import { readJob, report } from './run-apart.ts';
import { startStopwatch } from './stopwatch.ts';

/** What the hand-built worker is told. */
export interface MailWorkerJob {
  /** Redis's port. */
  readonly redis: number;
  /** The mail server's. */
  readonly port: number;
  readonly warmUp: number;
  readonly mails: number;
}

/** As many connections as Posthorn's adapter opens, and jobs enough to keep them busy. */
const CONNECTIONS = 5;
const CONCURRENCY = 20;
const AT_ONCE = 500;

// The peer: what a host builds in an afternoon. A job for each mail, a template, a pool of connections.
const { redis, port, warmUp, mails } = readJob<MailWorkerJob>();
const connection = { host: '127.0.0.1', port: redis, maxRetriesPerRequest: null };
const transport = createTransport({
  host: '127.0.0.1',
  port,
  ignoreTLS: true,
  pool: true,
  maxConnections: CONNECTIONS,
  maxMessages: Number.POSITIVE_INFINITY,
});
const liquid = new Liquid({ outputEscape: 'escape' });
const [subject, html, text] = [SUBJECT, HTML, TEXT].map((part) => liquid.parse(part));

const queue = new Queue<{ readonly customer: number }>('mails', { connection });
const worker = new Worker<{ readonly customer: number }>(
  'mails',
  async ({ data: { customer } }) => {
    const data = dataOf(customer);
    await transport.sendMail({
      from: { name: 'Salon Sol', address: 'hej@example.com' },
      to: { name: `Anna Sørensen ${customer}`, address: `customer.${customer}@example.net` },
      subject: await liquid.render(subject ?? [], data),
      html: await liquid.render(html ?? [], data),
      text: await liquid.render(text ?? [], data),
    });
  },
  { connection, concurrency: CONCURRENCY },
);
worker.on('failed', (_job, error) => {
  throw error;
});
await worker.waitUntilReady();

async function send(first: number, count: number): Promise<void> {
  let open = count;
  const completed = new Promise<void>((resolve) => {
    worker.on('completed', () => {
      open -= 1;
      if (open === 0) resolve();
    });
  });
  for (let done = 0; done < count; done += AT_ONCE) {
    const size = Math.min(AT_ONCE, count - done);
    const jobs = Array.from({ length: size }, (_, index) => ({
      name: 'mail',
      data: { customer: first + done + index },
    }));
    await queue.addBulk(jobs);
  }
  await completed;
  worker.removeAllListeners('completed');
}

await send(1, warmUp);
const stop = startStopwatch();
await send(warmUp + 1, mails);
report(stop());
await worker.close();
await queue.close();
transport.close();
