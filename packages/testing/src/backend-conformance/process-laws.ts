import assert from 'node:assert/strict';
import { PosthornError } from '@posthorn/core';
import { createFakeClock } from '../fake-clock.ts';
import type { BackendLaw } from './backend-harness.ts';
import { push } from './queue-laws.ts';
import { aBatch, aJob, aMessage, anAccount, NOON, queued, TENANT } from './records.ts';
import { collectJobs, stored, wait } from './steps.ts';

/** What holds over several openings of one place. */
export const processLaws: readonly BackendLaw[] = [
  {
    name: 'processes: what one writes another reads, and both open the place at once',
    needs: 'multiProcess',
    async check({ open }) {
      const [one, other] = await Promise.all([open(), open()]);
      const message = aMessage();
      await wait(one.store, queued(message));
      assert.deepEqual((await stored(other.store, message)).message, message);
    },
  },
  {
    name: 'processes: what is closed and opened again holds what it held',
    needs: 'multiProcess',
    async check({ open, until }) {
      const one = await open();
      const message = aMessage();
      const job = aJob();
      await one.store.messages.enqueue(aBatch([queued(message, { chunk: job.chunk })], { jobs: [job] }));
      await one.store.accounts.save(anAccount());
      await one.close();
      const again = await open();
      assert.deepEqual((await stored(again.store, message)).message, message);
      assert.deepEqual(await again.store.accounts.get(TENANT, 'own-server'), anAccount());
      const jobs = collectJobs(again);
      await until('its work goes on', () => jobs.length > 0);
    },
  },
  {
    name: 'processes: writers at the same time wait for each other and lose nothing',
    needs: 'multiProcess',
    async check({ open }) {
      const opened = await Promise.all([open(), open(), open()]);
      const messages = Array.from({ length: 30 }, () => aMessage());
      await Promise.all(
        messages.map((message, i) => wait((opened[i % 3] ?? opened[0]).store, queued(message))),
      );
      const ids = messages.map(({ id }) => id);
      assert.equal((await opened[0].store.messages.get(TENANT, ids)).length, 30);
    },
  },
  {
    name: 'processes: the jobs of one that says nothing any more go to another, and it is told when it comes back',
    needs: 'multiProcess',
    async check(bench) {
      const { open, clock, until } = bench;
      const silentClock = createFakeClock(NOON);
      const [silent, other] = [await open(silentClock), await open()];
      await push(silent, aJob());
      const work = { concurrency: 1, leaseMs: 1_000, pollIntervalMs: 100 };
      const gate = bench.gate();
      const leases: { readonly token: string; readonly signal: AbortSignal }[] = [];
      silent.queue.work(async (_, lease) => {
        leases.push(lease);
        await gate.opened;
      }, work);
      await until('it has the job', () => leases.length === 1);
      other.queue.work(async (_, lease) => {
        leases.push(lease);
        await gate.opened;
      }, work);
      await until('another has it', () => leases.length === 2);
      assert(clock.now() >= NOON + 1_000, 'not before its lease ran out');
      assert.notEqual(leases[0]?.token, leases[1]?.token);
      silentClock.advance(1_000);
      await until('it is told', () => leases[0]?.signal.aborted === true);
      assert.equal(leases[1]?.signal.aborted, false);
      gate.open();
      await until('the job is done', async () => (await other.queue.size()) === 0);
    },
  },
  {
    name: 'processes: a job that was lost is not done because the one that lost it says so',
    needs: 'multiProcess',
    async check(bench) {
      const { open, until, pass } = bench;
      const silentClock = createFakeClock(NOON);
      const [silent, other] = [await open(silentClock), await open()];
      await push(silent, aJob());
      const work = { concurrency: 1, leaseMs: 1_000, pollIntervalMs: 100 };
      const [late, failed] = [bench.gate(), bench.gate()];
      let taken = 0;
      silent.queue.work(async () => {
        taken += 1;
        await late.opened;
      }, work);
      await until('it has the job', () => taken === 1);
      other.queue.work(async () => {
        taken += 1;
        if (taken > 2) return;
        await failed.opened;
        throw new Error('not now');
      }, work);
      await until('another has it', () => taken === 2);
      late.open();
      await pass(100);
      failed.open();
      await until('it comes again', () => taken === 3);
    },
  },
  {
    name: 'processes: what one pushed whose clock is ahead is worked at once',
    needs: 'multiProcess',
    async check({ open, until, clock }) {
      // Or: whose time was set back after the push.
      const now = NOON + 3_600_000;
      const [ahead, other] = [await open(createFakeClock(now)), await open()];
      await ahead.store.messages.enqueue(aBatch([queued(aMessage())], { jobs: [aJob()], now }));
      const jobs = collectJobs(other);
      await until('the job is done', () => jobs.length === 1);
      assert(clock.now() < NOON + 60_000);
    },
  },
  {
    name: 'processes: rows are not leased back by one that has lost their job',
    needs: 'multiProcess',
    async check(bench) {
      const { open, until } = bench;
      const [silent, other] = [await open(createFakeClock(NOON)), await open()];
      const message = aMessage();
      const job = aJob();
      await silent.store.messages.enqueue(aBatch([queued(message, { chunk: job.chunk })], { jobs: [job] }));
      const work = { concurrency: 1, leaseMs: 1_000, pollIntervalMs: 100 };
      const gate = bench.gate();
      const tokens: string[] = [];
      for (const opened of [silent, other]) {
        opened.queue.work(async (_, { token }) => {
          tokens.push(token);
          await gate.opened;
        }, work);
        const so = tokens.length + 1;
        await until('the job is in hand', () => tokens.length >= so);
      }
      const [lost, held] = tokens;
      assert(lost !== undefined && held !== undefined);
      const lease = (token: string) => other.store.deliveries.lease(job, token, NOON, () => 'event');
      assert.equal((await lease(held)).rows.length, 1);
      assert.equal((await lease(lost)).rows.length, 0);
      gate.open();
    },
  },
  {
    name: 'processes: a closed backend says so, and closing it again is nothing',
    async check({ open }) {
      const opened = await open();
      await opened.close();
      await opened.close();
      const isClosed = (error: unknown) => error instanceof PosthornError && error.code === 'closed';
      await assert.rejects(opened.store.accounts.list(TENANT), isClosed);
      await assert.rejects(opened.store.accounts.save(anAccount()), isClosed);
      await assert.rejects(opened.queue.size(), isClosed);
    },
  },
];
