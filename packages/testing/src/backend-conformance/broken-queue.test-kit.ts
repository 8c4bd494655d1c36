import { sqlite } from '@posthorn/backend-sqlite';
import type { JobRecord } from '@posthorn/core';
import { type BrokenBackend, brokenQueue, brokenRoom } from './broken-backend.test-kit.ts';
import { TENANT } from './records.ts';

export const brokenQueues: readonly BrokenBackend[] = [
  brokenQueue(
    'queue: a job comes as it was pushed, and is gone once its handler has resolved',
    ({ work }) => ({
      work: (handler, options) => work((job, lease) => handler({ ...job, priority: 0 }, lease), options),
    }),
  ),
  brokenQueue(
    'queue: a job comes as it was pushed, and is gone once its handler has resolved',
    ({ work }) => ({
      work: (handler, options) => work((job, lease) => handler({ ...job, kind: 'messages' }, lease), options),
    }),
  ),
  brokenRoom('queue: lower priority numbers come first, then the oldest', 'messages', (messages) => ({
    enqueue: (batch, tx) =>
      messages.enqueue({ ...batch, jobs: batch.jobs.map((job) => ({ ...job, priority: 0 })) }, tx),
  })),
  brokenRoom('queue: tenants take turns, however much one of them has waiting', 'messages', (messages) => ({
    enqueue: (batch, tx) =>
      messages.enqueue({ ...batch, jobs: batch.jobs.map((job) => ({ ...job, tenant: TENANT })) }, tx),
  })),
  brokenQueue(
    'queue: what is pushed in this process is worked without waiting for a poll',
    ({ work }, { clock }) => ({
      work: (handler, options) =>
        work(async (...job) => {
          await clock.sleep(1_000);
          await handler(...job);
        }, options),
    }),
  ),
  brokenQueue('queue: no more jobs at once than asked for, of one account too', ({ work }) => ({
    work: (handler, { perAccount: _, ...options }) => work(handler, options),
  })),
  brokenQueue('queue: accounts that hang leave a place for another one', ({ work }) => ({
    work: (handler, { perAccount: _, ...options }) => work(handler, options),
  })),
  brokenQueue(
    'queue: a worker that is stopped as it begins loses no job that it did not work',
    ({ work }) => ({
      // What comes while it stops is taken, and let fall.
      work(handler, options) {
        let isStopping = false;
        const worker = work(async (...job) => {
          await Promise.resolve();
          if (!isStopping) await handler(...job);
        }, options);
        return {
          async stop() {
            isStopping = true;
            for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
            await worker.stop();
          },
        };
      },
    }),
  ),
  brokenQueue('queue: a job is in one hand at a time, over all workers', ({ work }) => ({
    work: (handler, options) =>
      work(async (...job) => {
        await Promise.all([handler(...job), handler(...job)]);
      }, options),
  })),
  brokenQueue('queue: a job whose handler rejects comes back later, under another token', ({ work }) => ({
    work: (handler, options) => work((...job) => handler(...job).catch(() => undefined), options),
  })),
  brokenQueue('queue: a job that is done while rows of its chunk are open comes back', ({ work }) => {
    const done = new Set<string>();
    return {
      work: (handler, options) =>
        work(async (job: JobRecord, lease) => {
          if (done.has(job.id)) return;
          done.add(job.id);
          await handler(job, lease);
        }, options),
    };
  }),
  brokenQueue('queue: a handler that takes longer than the lease keeps its job', ({ work }, { clock }) => ({
    work: (handler, options) =>
      work(async (...job) => {
        void clock.sleep(options.leaseMs).then(() => handler(...job));
        await handler(...job);
      }, options),
  })),
  brokenQueue(
    'queue: a clock that leaps takes no job from a worker that is alive',
    // What seems to have run out is taken, also by the one that has it.
    ({ work }, { clock }) => ({
      work(handler, options) {
        return work(async (...job) => {
          const until = clock.now() + options.leaseMs;
          const watch = async (): Promise<void> => {
            while (!job[1].signal.aborted && clock.now() < until) await clock.sleep(options.leaseMs / 3);
          };
          void watch().then(() => handler(...job));
          await handler(...job);
        }, options);
      },
    }),
  ),
  brokenQueue(
    'queue: a worker that stops takes no more, tells its handlers, and waits for them',
    ({ work }) => ({
      work(handler, options) {
        const worker = work(handler, options);
        return {
          async stop() {
            void worker.stop();
          },
        };
      },
    }),
  ),
  brokenQueue(
    'queue: a job that was given back by a stop is there for the next worker at once',
    ({ work }) => ({
      work: (handler, options) => work((...job) => handler(...job).catch(() => undefined), options),
    }),
  ),
  ...[
    'queue: broadcasts have at most half of the places, so that single messages find one',
    'queue: no more jobs at once of one account’s broadcasts than asked for, and its single messages beside',
  ].map((breaks) =>
    brokenQueue(breaks, ({ work }) => ({
      work: (handler, { bulkPerAccount: _, ...options }) => work(handler, options),
    })),
  ),
  brokenQueue('queue: a worker with one place works broadcasts too', ({ work }) => ({
    work: (handler, options) =>
      work(async (job, lease) => {
        if (job.priority > 0) throw new Error('Half of one place is none.');
        await handler(job, lease);
      }, options),
  })),
];

let writers = 0;
const saidToBeDone = new Set<string>();

export const brokenProcesses: readonly BrokenBackend[] = [
  ...[
    'processes: what one writes another reads, and both open the place at once',
    'processes: what is closed and opened again holds what it held',
  ].map(
    (breaks): BrokenBackend => ({
      breaks,
      // Each opening has a state of its own.
      async spoil(opened, runtime) {
        await opened.close();
        return sqlite(':memory:').open(runtime);
      },
    }),
  ),
  brokenRoom(
    'processes: writers at the same time wait for each other and lose nothing',
    'messages',
    (messages) => ({
      async enqueue(batch, tx) {
        if (writers > 0) throw new Error('busy');
        writers += 1;
        await new Promise((resolve) => setImmediate(resolve));
        return messages.enqueue(batch, tx).finally(() => {
          writers -= 1;
        });
      },
    }),
  ),
  brokenQueue(
    'processes: the jobs of one that says nothing any more go to another, and it is told when it comes back',
    ({ work }) => ({
      work: (handler, options) =>
        work((job, { token }) => handler(job, { token, signal: new AbortController().signal }), options),
    }),
  ),
  brokenQueue(
    'processes: a job that was lost is not done because the one that lost it says so',
    ({ work }) => ({
      work: (handler, options) =>
        work(async (job, lease) => {
          if (saidToBeDone.has(job.id)) return;
          await handler(job, lease);
          saidToBeDone.add(job.id);
        }, options),
    }),
  ),
  brokenRoom(
    'processes: what one pushed whose clock is ahead is worked at once',
    'messages',
    (messages, _, { clock }) => ({
      // Its jobs are there when its own clock has moved on.
      async enqueue(batch, tx) {
        void clock.sleep(1).then(() => messages.enqueue({ ...batch, messages: [] }, tx));
        return messages.enqueue({ ...batch, jobs: [] }, tx);
      },
    }),
  ),
  brokenRoom(
    'processes: rows are not leased back by one that has lost their job',
    'deliveries',
    (deliveries) => ({
      lease: (job, ...rest) => deliveries.lease({ ...job, id: 'not asked for' }, ...rest),
    }),
  ),
  {
    breaks: 'processes: a closed backend says so, and closing it again is nothing',
    spoil: (opened) => ({ ...opened, close: async () => undefined }),
  },
];

export const brokenHosts: readonly BrokenBackend[] = [
  ...[
    'tx: what is written on the host’s transaction is there with its commit, not before',
    'tx: what the host rolls back was never there',
  ].map(
    (breaks): BrokenBackend => ({
      breaks,
      spoil: (opened) => ({ ...opened, afterCommit: async () => true }),
    }),
  ),
  brokenRoom(
    'tx: a send that fails leaves nothing in a transaction that the host commits all the same',
    'messages',
    (messages) => ({
      async enqueue(batch, tx) {
        for (const message of batch.messages) await messages.enqueue({ ...batch, messages: [message] }, tx);
        return { status: 'written' };
      },
    }),
  ),
  brokenRoom(
    'tx: a handle without an open transaction, or a foreign one, is a clear error',
    'messages',
    (messages) => ({
      // Writes beside the transaction instead.
      enqueue: (batch) => messages.enqueue(batch),
    }),
  ),
  brokenRoom('tx: reads and other work go on beside an open transaction', 'accounts', (accounts) => {
    let saves = 0;
    return {
      async save(record) {
        saves += 1;
        if (saves > 1) throw new Error('The database is locked.');
        await accounts.save(record);
      },
    };
  }),
];
