import assert from 'node:assert/strict';
import type { JobRecord, OpenedBackend, WorkOptions } from '@posthorn/core';
import { type BackendLaw, watch } from './backend-harness.ts';
import { aBatch, aJob, aMessage, anId, NEIGHBOUR } from './records.ts';
import { collectJobs, sendOne } from './steps.ts';

const options: WorkOptions = { concurrency: 4, leaseMs: 10_000, pollIntervalMs: 1_000 };

export const queueLaws: readonly BackendLaw[] = [
  {
    name: 'queue: a job comes as it was pushed, and is gone once its handler has resolved',
    async check({ open, until }) {
      const opened = await open();
      const messages = aJob({ account: 'own-server', accountTenant: 'salon-sol', priority: 3 });
      const broadcast = aJob({ kind: 'broadcast', account: '$broadcasts', priority: 4 });
      await push(opened, messages, broadcast);
      assert.equal(await opened.queue.size(), 2);
      const jobs = collectJobs(opened);
      await until('both are done', async () => jobs.length > 1 && (await opened.queue.size()) === 0);
      assert.deepEqual(jobs, [messages, broadcast]);
    },
  },
  {
    name: 'queue: lower priority numbers come first, then the oldest',
    async check({ open, until }) {
      const opened = await open();
      const [old, young, urgent] = [aJob({ priority: 10 }), aJob({ priority: 10 }), aJob({ priority: 0 })];
      await push(opened, young, urgent, old);
      const jobs = collectJobs(opened);
      await until('all jobs are done', () => jobs.length === 3);
      assert.deepEqual(jobs, [urgent, old, young]);
    },
  },
  {
    name: 'queue: tenants take turns, however much one of them has waiting',
    async check(bench) {
      const { open, until } = bench;
      const opened = await open();
      const many = Array.from({ length: 20 }, () => aJob());
      const few = [aJob({ tenant: NEIGHBOUR }), aJob({ tenant: NEIGHBOUR })];
      await push(opened, ...many, ...few);
      const taken: string[] = [];
      opened.queue.work(
        async ({ id }) => {
          taken.push(id);
          await bench.pass(20);
        },
        { ...options, concurrency: 4, perAccount: 4 },
      );
      await until('every job is taken', () => taken.length === 22);
      const last = Math.max(...few.map(({ id }) => taken.indexOf(id)));
      assert(last < 8, `the neighbour's jobs came among the first, and not after ${last} others`);
    },
  },
  {
    name: 'queue: what is pushed in this process is worked without waiting for a poll',
    async check({ open, pass }) {
      const opened = await open();
      const jobs: JobRecord[] = [];
      opened.queue.work(
        async (job) => {
          jobs.push(job);
        },
        { ...options, pollIntervalMs: 3_600_000 },
      );
      await pass(100);
      await push(opened, aJob());
      await pass(100);
      assert.equal(jobs.length, 1);
    },
  },
  {
    name: 'queue: no more jobs at once than asked for, of one account too',
    async check(bench) {
      const { open, until, pass } = bench;
      const opened = await open();
      const pushFor = (...accounts: string[]) =>
        push(opened, ...accounts.map((account) => aJob({ account })));
      await pushFor('a', 'a', 'a', 'a', 'b');
      const gate = bench.gate();
      const inHand: string[] = [];
      opened.queue.work(
        async ({ account }) => {
          inHand.push(account);
          await gate.opened;
        },
        { ...options, concurrency: 4, perAccount: 2 },
      );
      await until('three jobs are in hand', () => inHand.length >= 3);
      await pass(2_000);
      assert.deepEqual(inHand.sort(), ['a', 'a', 'b'], 'no more of one account');
      await pushFor('c', 'd');
      await pass(2_000);
      assert.equal(inHand.length, 4, 'no more in all');
      gate.open();
      await until('all jobs are done', () => inHand.length === 7);
    },
  },
  {
    name: 'queue: accounts that hang leave a place for another one',
    async check(bench) {
      const { open, until } = bench;
      const opened = await open();
      const gate = bench.gate();
      const inHand: string[] = [];
      const hanging = ['a', 'b', 'c'].flatMap((account) =>
        Array.from({ length: 6 }, () => aJob({ account })),
      );
      await push(opened, ...hanging);
      opened.queue.work(
        async ({ account }) => {
          inHand.push(account);
          await gate.opened;
        },
        { ...options, concurrency: 12, perAccount: 4 },
      );
      await until('each has some in hand', () => new Set(inHand).size === 3);
      await push(opened, aJob({ account: 'healthy' }));
      await until('the healthy one has its turn', () => inHand.includes('healthy'));
      gate.open();
      await until('all jobs are done', () => inHand.length === 19);
    },
  },
  {
    name: 'queue: a job is in one hand at a time, over all workers',
    async check(bench) {
      const { open, until, pass } = bench;
      const opened = await open();
      const jobs = Array.from({ length: 12 }, () => aJob());
      await push(opened, ...jobs);
      const gate = bench.gate();
      const taken: string[] = [];
      for (let i = 0; i < 3; i += 1) {
        opened.queue.work(
          async (job) => {
            taken.push(job.id);
            await gate.opened;
          },
          { ...options, concurrency: 5 },
        );
      }
      await until('every job is in a hand', () => taken.length >= jobs.length);
      await pass(3_000);
      gate.open();
      assert.deepEqual(
        [...taken].sort(),
        jobs.map(({ id }) => id),
      );
    },
  },
  {
    name: 'queue: a job whose handler rejects comes back later, under another token',
    async check({ open, until, pass }) {
      const opened = await open();
      await push(opened, aJob());
      const tokens: string[] = [];
      opened.queue.work(async (_, { token }) => {
        tokens.push(token);
        if (tokens.length === 1) throw new Error('not now');
      }, options);
      await until('the job was tried', () => tokens.length === 1);
      await pass(100);
      assert.equal(tokens.length, 1, 'not at once');
      await until('the job is done', async () => (await opened.queue.size()) === 0);
      assert.equal(new Set(tokens).size, 2);
    },
  },
  {
    name: 'queue: a job that is done while rows of its chunk are open comes back',
    async check({ open, until }) {
      const opened = await open();
      const { job } = await sendOne(opened);
      const jobs = collectJobs(opened);
      await until('it came again', () => jobs.length > 1);
      assert.deepEqual([jobs[0], jobs[1]], [job, job]);
    },
  },
  {
    name: 'queue: a handler that takes longer than the lease keeps its job',
    async check(bench) {
      const { open, until, pass } = bench;
      const opened = await open();
      await push(opened, aJob());
      const gate = bench.gate();
      const signals: AbortSignal[] = [];
      const handler = async (_: JobRecord, { signal }: { readonly signal: AbortSignal }): Promise<void> => {
        signals.push(signal);
        await gate.opened;
      };
      for (let i = 0; i < 2; i += 1) opened.queue.work(handler, { ...options, leaseMs: 300 });
      await until('the job is in hand', () => signals.length > 0);
      await pass(2_000);
      gate.open();
      assert.equal(signals.length, 1);
      assert.equal(signals[0]?.aborted, false);
    },
  },
  {
    name: 'queue: a clock that leaps takes no job from a worker that is alive',
    async check(bench) {
      const { open, clock, until, pass } = bench;
      const opened = await open();
      await push(opened, aJob(), aJob());
      const gate = bench.gate();
      const signals: AbortSignal[] = [];
      opened.queue.work(async (_, { signal }) => {
        signals.push(signal);
        await gate.opened;
      }, options);
      await until('both are in hand', () => signals.length === 2);
      // As after a suspension of the machine, or a correction of its time.
      clock.advance(3_600_000);
      await pass(2_000);
      assert.deepEqual(
        signals.map(({ aborted }) => aborted),
        [false, false],
      );
      gate.open();
      await until('both are done', async () => (await opened.queue.size()) === 0);
      assert.equal(signals.length, 2);
    },
  },
  {
    name: 'queue: a worker that stops takes no more, tells its handlers, and waits for them',
    async check(bench) {
      const { open, until, pass } = bench;
      const opened = await open();
      await push(opened, aJob(), aJob());
      const events: string[] = [];
      const gate = bench.gate();
      const worker = opened.queue.work(
        async (_, { signal }) => {
          events.push('begun');
          await gate.opened;
          events.push(signal.aborted ? 'told and done' : 'done');
        },
        { ...options, concurrency: 1 },
      );
      await until('the first is in hand', () => events.length > 0);
      const stopped = worker.stop().then(() => events.push('stopped'));
      await pass(100);
      gate.open();
      await pass(2_000);
      await stopped;
      assert.deepEqual(events, ['begun', 'told and done', 'stopped']);
    },
  },
  {
    name: 'queue: a worker that is stopped as it begins loses no job that it did not work',
    async check({ open, until }) {
      const opened = await open();
      await push(opened, aJob());
      let worked = 0;
      const worker = opened.queue.work(async () => {
        worked += 1;
      }, options);
      const stopped = watch(worker.stop());
      await until('the worker stops', stopped.isSettled);
      assert.equal(worked + (await opened.queue.size()), 1);
    },
  },
  {
    name: 'queue: a job that was given back by a stop is there for the next worker at once',
    async check({ open, until }) {
      const opened = await open();
      await push(opened, aJob());
      let taken = 0;
      const first = opened.queue.work(async (_, { signal }) => {
        taken += 1;
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      }, options);
      await until('it is in hand', () => taken > 0);
      const stopped = watch(first.stop());
      await until('the worker stops', stopped.isSettled);
      const jobs = collectJobs(opened);
      await until('the next has it', () => jobs.length > 0);
    },
  },
];

/** A message of its own carries the jobs in; their chunks are empty. */
export async function push(
  { store }: Pick<OpenedBackend, 'store'>,
  ...jobs: readonly JobRecord[]
): Promise<void> {
  const message = aMessage({ id: anId() });
  const row = {
    message,
    work: 'scheduled',
    dueAt: Number.MAX_SAFE_INTEGER,
    chunk: null,
    priority: 0,
    event: null,
  } as const;
  await store.messages.enqueue(aBatch([row], { jobs }));
}
