import { Queue, Worker } from 'bullmq';
import { readJob, report } from './run-apart.ts';
import { startStopwatch } from './stopwatch.ts';

const AT_ONCE = 500;
const CONCURRENCY = 100;
const WARM_UP = 1_000;

// The peer: BullMQ with its default settings and one worker, from the first job added to the last one completed.
const { port, jobs } = readJob<{ readonly port: number; readonly jobs: number }>();
const connection = { host: '127.0.0.1', port, maxRetriesPerRequest: null };
const queue = new Queue('mails', { connection });
const worker = new Worker('mails', async () => undefined, { connection, concurrency: CONCURRENCY });
await worker.waitUntilReady();

async function run(count: number): Promise<void> {
  let open = count;
  const completed = new Promise<void>((resolve) => {
    worker.on('completed', () => {
      open -= 1;
      if (open === 0) resolve();
    });
  });
  for (let first = 0; first < count; first += AT_ONCE) {
    const size = Math.min(AT_ONCE, count - first);
    await queue.addBulk(Array.from({ length: size }, () => ({ name: 'mail', data: {} })));
  }
  await completed;
  worker.removeAllListeners('completed');
}

await run(WARM_UP);
const stop = startStopwatch();
await run(jobs);
report(stop());
await worker.close();
await queue.close();
