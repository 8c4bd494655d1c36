import { join } from 'node:path';
import type { Enqueued, EnqueueJob } from './enqueue.ts';
import { readJob, report } from './run-apart.ts';
import { createCustomers, createSalon, listEverybody } from './salon.ts';

const WARM_UP = 10_000;
const LOOK_MS = 50;

// Makes the list of a broadcast, and nothing else.
const { folder, databases, people } = readJob<EnqueueJob>();
await list('warm-up', databases[0], WARM_UP);
globalThis.gc?.();
const before = process.memoryUsage.rss();
let most = before;
const looking = setInterval(() => {
  most = Math.max(most, process.memoryUsage.rss());
}, LOOK_MS);
const ms = await list('list', databases[1], people);
clearInterval(looking);
report({ seconds: ms / 1_000, grownMb: (most - before) / 2 ** 20 } satisfies Enqueued);

async function list(name: string, database: string, count: number): Promise<number> {
  const customers = createCustomers(join(folder, `${name}.db`), count);
  const posthorn = await createSalon(customers, database);
  const taken = await listEverybody(posthorn);
  await posthorn.close();
  customers.close();
  return taken;
}
