// A process that works the queue as core does: it leases, begins, "sends" by telling its parent, and settles. With the
// word `hang` it stops at its first message, in the middle of sending it.
import { randomUUID } from 'node:crypto';
import { sqlite } from './index.ts';
import { runtime } from './real-time.test-kit.ts';

const [file = '', mode = 'work'] = process.argv.slice(2);
const { store, queue } = await sqlite(file).open(runtime);

queue.work(
  async (job, { token }) => {
    const { rows } = await store.deliveries.lease(job, token, Date.now(), randomUUID);
    for (const { message } of rows) {
      const { tenant, id: messageId } = message;
      const next = [{ tenant, messageId, token }];
      const { begun } = await store.deliveries.turn({
        now: Date.now(),
        limits: null,
        settle: [],
        begin: next,
        newEventId: randomUUID,
      });
      for (const { attempt } of begun) {
        process.send?.(messageId);
        if (mode === 'hang') await new Promise(() => undefined);
        const event = {
          id: randomUUID(),
          tenant,
          messageId,
          type: 'accepted',
          attempt,
          occurredAt: Date.now(),
          recordedAt: Date.now(),
          reason: null,
          failure: null,
          detail: {},
        } as const;
        const when = { work: ['sending'], token, attempt } as const;
        const settled = { event, when, work: { work: 'done', dueAt: null }, otherwise: 'record' } as const;
        await store.deliveries.turn({
          now: Date.now(),
          limits: null,
          settle: [settled],
          begin: [],
          newEventId: randomUUID,
        });
      }
    }
  },
  { concurrency: 3, leaseMs: 60_000, pollIntervalMs: 20 },
);
// The parent's channel keeps it alive; a queue at rest would not.
process.on('message', () => undefined);
process.send?.('ready');
