import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { smtp } from '@posthorn/adapter-smtp';
import type { LimitJob } from './limit-overshoot.ts';
import { openWorker } from './open-worker.ts';
import { accountAt } from './outgoing.ts';
import { readJob, report } from './run-apart.ts';
import { createCustomers, createSalon, planForEverybody, sendPlanned } from './salon.ts';
import type { Stamp } from './stamping-server.ts';

// A broadcast by an account with a limit, sent by two other processes; reports when the server saw each mail, in ms.
const { folder, database, people, perSecond } = readJob<LimitJob>();
const server = fork(join(import.meta.dirname, 'stamping-server.ts'), ['example.com']);
const [{ port }] = (await once(server, 'message')) as [{ port: number }];
const arrivals: number[] = [];
server.on('message', ({ at }: Stamp) => arrivals.push(Number(BigInt(at) / 1_000n) / 1_000));
const file = join(folder, 'salon.db');
const customers = createCustomers(file, people);
const posthorn = await createSalon(customers, database, smtp(accountAt(port)));
await posthorn.accounts.save({
  key: 'limited',
  adapter: 'smtp',
  settings: accountAt(port),
  limits: { perSecond },
});
await posthorn.identities.save({
  key: 'salon',
  channel: 'email',
  name: 'Salon Sol',
  address: 'hej@example.com',
  account: 'limited',
});
const workers = await Promise.all([
  openWorker({ customers: file, database, port }),
  openWorker({ customers: file, database, port }),
]);
await sendPlanned(posthorn, await planForEverybody(posthorn));
await Promise.all(workers.map((worker) => worker.close()));
await posthorn.close();
customers.close();
server.disconnect();
report(arrivals.sort((a, b) => a - b));
