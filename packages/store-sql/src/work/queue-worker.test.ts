import type { JobRecord } from '@posthorn/core';
import { createFakeClock } from '@posthorn/testing';
import { expect, it } from 'vitest';
import type { JobTable } from './job-table.ts';
import { QueueWorker } from './queue-worker.ts';

const LEASE_MS = 15_000;
const OPTIONS = { concurrency: 1, leaseMs: LEASE_MS, pollIntervalMs: 1_000 };

/** A queue with one job, whose database is away for so many calls once the job is done. */
function aQueue(awayFor: number) {
  const clock = createFakeClock();
  const errors: string[] = [];
  const done: string[] = [];
  let left = awayFor;
  const jobs = [{ job: { id: 'job-1', priority: 0 } as JobRecord, token: 'token-1', failures: 0 }];
  const table: JobTable = {
    clock,
    log: { debug() {}, info() {}, warn() {}, error: (text) => errors.push(text) },
    claim: async () => jobs.splice(0),
    extend: async (tokens) => new Set(tokens),
    async finish({ token }) {
      left -= 1;
      if (left >= 0) throw new Error('It is away.');
      done.push(token);
      return true;
    },
    giveBack: async () => undefined,
  };
  return {
    errors,
    done,
    work: () =>
      new QueueWorker(
        table,
        async () => undefined,
        OPTIONS,
        () => undefined,
      ),
    async pass(seconds: number) {
      for (let second = 0; second < seconds; second += 1) {
        await new Promise((resolve) => setImmediate(resolve));
        clock.advance(1_000);
      }
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

it('a job is finished once the database is back, not when its lease has run out', async () => {
  const queue = aQueue(3);
  const worker = queue.work();
  await queue.pass(4);
  expect(queue.done).toEqual(['token-1']);
  expect(queue.errors).toEqual([]);
  await worker.stop();
});

it('is left to whoever takes it next when the database stays away', async () => {
  const queue = aQueue(Number.POSITIVE_INFINITY);
  const worker = queue.work();
  await queue.pass(LEASE_MS / 1_000 + 2);
  expect(queue.errors).toEqual(['A job could not be given back.']);
  await worker.stop();
});

it('a worker that is told to stop does not wait for the database', async () => {
  const queue = aQueue(Number.POSITIVE_INFINITY);
  const worker = queue.work();
  await queue.pass(2);
  const stopped = worker.stop();
  await queue.pass(1);
  await stopped;
  expect(queue.errors).toEqual(['A job could not be given back.']);
});
