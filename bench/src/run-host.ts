import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { smtp } from '@posthorn/adapter-smtp';
import type { Held, HostJob } from './host-loop.ts';
import { accountAt } from './outgoing.ts';
import { readJob, report } from './run-apart.ts';
import { createCustomers, createSalon, planForEverybody, sendPlanned } from './salon.ts';

/** Node asks for the loop this often, in ms; what it finds has this in it. */
const RESOLUTION = 1;

// A host that does nothing but list and send a broadcast, in its one process.
const { folder, people, port } = readJob<HostJob>();
const customers = createCustomers(join(folder, 'salon.db'), people);
const adapter = smtp(accountAt(port));
const posthorn = await createSalon(customers, join(folder, 'messages.db'), adapter);
const plan = await planForEverybody(posthorn, 'appointment');
await posthorn.start();

const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
delay.enable();
await sendPlanned(posthorn, plan);
delay.disable();

await posthorn.close();
customers.close();
const held: Held = { p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 };
report(held);
