import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { smtp } from '@posthorn/adapter-smtp';
import { dataOf } from './mail.ts';
import { accountAt } from './outgoing.ts';
import { readJob, report } from './run-apart.ts';
import { createCustomers, createSalon, planForEverybody, sendPlanned } from './salon.ts';
import type { LatencyJob } from './send-latency.ts';
import type { Stamp } from './stamping-server.ts';

const WARM_UP = 50;
const DOMAIN = 'guests.example.com';

// A host that sends single messages, one after the other: with nothing else to do, then while a broadcast is on its way.
const { folder, sends, people } = readJob<LatencyJob>();
const server = fork(join(import.meta.dirname, 'stamping-server.ts'), [DOMAIN]);
const [{ port }] = (await once(server, 'message')) as [{ port: number }];
const customers = createCustomers(join(folder, 'salon.db'), people);
const posthorn = await createSalon(customers, join(folder, 'messages.db'), smtp(accountAt(port)));
await posthorn.start();

let sent = 0;
const after = (count: number): (() => boolean) => {
  const last = sent + count;
  return () => sent < last;
};
await sendWhile(after(WARM_UP));
const idle = await sendWhile(after(sends));

const plan = await planForEverybody(posthorn, 'appointment');
let isOver = false;
const broadcast = sendPlanned(posthorn, plan).then(() => {
  isOver = true;
});
const busy = await sendWhile(() => !isOver);
await broadcast;

await posthorn.close();
customers.close();
server.disconnect();
report({ idle, busy });

/** Each leaves when the one before is done; answers what each took, in ms. */
async function sendWhile(goOn: () => boolean): Promise<number[]> {
  const latencies: number[] = [];
  while (goOn()) latencies.push(await sendOne());
  return latencies;
}

async function sendOne(): Promise<number> {
  sent += 1;
  const name = `guest.${sent}`;
  const done = accepted();
  const seen = once(server, 'message') as Promise<[Stamp]>;
  const startedAt = process.hrtime.bigint();
  await posthorn.send({
    to: { email: `${name}@${DOMAIN}` },
    template: 'appointment',
    data: dataOf(sent),
  });
  const [{ to, at }] = await seen;
  await done;
  if (to !== name) throw new Error(`The server saw a mail to ${to}, not to ${name}.`);
  return Number(BigInt(at) - startedAt) / 1e6;
}

/** The next mail that belongs to no broadcast. */
function accepted(): Promise<void> {
  return new Promise((resolve) => {
    const leave = posthorn.on('message.accepted', ({ message }) => {
      if (message.broadcast !== null) return;
      leave();
      resolve();
    });
  });
}
