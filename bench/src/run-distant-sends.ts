import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { smtp } from '@posthorn/adapter-smtp';
import type { DistantJob } from './latency-postgres.ts';
import { dataOf } from './mail.ts';
import { openWorker } from './open-worker.ts';
import { accountAt } from './outgoing.ts';
import { readJob, report } from './run-apart.ts';
import { createCustomers, createSalon } from './salon.ts';
import type { Stamp } from './stamping-server.ts';

const WARM_UP = 50;
const DOMAIN = 'guests.example.com';

// A host that sends single messages, one after the other, and leaves the work to another process.
const { folder, database, sends } = readJob<DistantJob>();
const server = fork(join(import.meta.dirname, 'stamping-server.ts'), [DOMAIN]);
const [{ port }] = (await once(server, 'message')) as [{ port: number }];
const file = join(folder, 'salon.db');
const customers = createCustomers(file, 1);
const posthorn = await createSalon(customers, database, smtp(accountAt(port)));
const worker = await openWorker({ customers: file, database, port });

const latencies: number[] = [];
for (let sent = 1; sent <= WARM_UP + sends; sent += 1) {
  const seen = once(server, 'message') as Promise<[Stamp]>;
  const startedAt = process.hrtime.bigint();
  await posthorn.send({
    to: { email: `guest.${sent}@${DOMAIN}` },
    template: 'appointment',
    data: dataOf(sent),
  });
  const [{ to, at }] = await seen;
  if (to !== `guest.${sent}`) throw new Error(`The server saw a mail to ${to}, not to guest.${sent}.`);
  latencies.push(Number(BigInt(at) - startedAt) / 1e6);
}
await worker.close();
await posthorn.close();
customers.close();
server.disconnect();
report(latencies.slice(WARM_UP));
