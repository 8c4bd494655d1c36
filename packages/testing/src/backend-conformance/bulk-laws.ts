import assert from 'node:assert/strict';
import type { WorkOptions } from '@posthorn/core';
import type { BackendLaw } from './backend-harness.ts';
import { BULK } from './broadcast-records.ts';
import { push } from './queue-laws.ts';
import { aJob } from './records.ts';

const options: WorkOptions = { concurrency: 6, bulkPerAccount: 6, leaseMs: 10_000, pollIntervalMs: 1_000 };

/** What broadcasts may have of a worker. */
export const bulkLaws: readonly BackendLaw[] = [
  {
    name: 'queue: broadcasts have at most half of the places, so that single messages find one',
    async check(bench) {
      const { open, until, pass } = bench;
      const opened = await open();
      const bulk = ['a', 'b', 'c', 'd'].flatMap((account) =>
        [1, 2].map(() => aJob({ account, priority: BULK })),
      );
      await push(opened, ...bulk);
      const gate = bench.gate();
      const inHand: number[] = [];
      opened.queue.work(async ({ priority }) => {
        inHand.push(priority);
        await gate.opened;
      }, options);
      await until('half of the places are taken', () => inHand.length >= 3);
      await pass(2_000);
      assert.deepEqual(inHand, [BULK, BULK, BULK]);
      await push(opened, aJob({ account: 'a' }), aJob({ account: 'e' }), aJob({ account: 'e' }));
      await pass(200);
      assert.deepEqual(inHand.slice(3), [0, 0, 0], 'single messages have a place at once');
      gate.open();
      await until('all jobs are done', () => inHand.length === 11);
    },
  },
  {
    name: 'queue: no more jobs at once of one account’s broadcasts than asked for, and its single messages beside',
    async check(bench) {
      const { open, until, pass } = bench;
      const opened = await open();
      await push(opened, ...[1, 2, 3, 4].map(() => aJob({ account: 'a', priority: BULK })));
      const gate = bench.gate();
      const inHand: string[] = [];
      opened.queue.work(
        async ({ account, priority }) => {
          inHand.push(`${account} ${priority}`);
          await gate.opened;
        },
        { ...options, concurrency: 8, bulkPerAccount: 2 },
      );
      await until('two are in hand', () => inHand.length >= 2);
      await pass(2_000);
      assert.deepEqual(inHand, [`a ${BULK}`, `a ${BULK}`]);
      await push(opened, aJob({ account: 'a' }), aJob({ account: 'a' }), aJob({ account: 'a' }));
      await push(opened, aJob({ account: 'b', priority: BULK }));
      await pass(2_000);
      assert.deepEqual(inHand.slice(2).sort(), ['a 0', 'a 0', 'a 0', `b ${BULK}`]);
      gate.open();
      await until('all jobs are done', () => inHand.length === 8);
    },
  },
  {
    name: 'queue: a worker with one place works broadcasts too',
    async check({ open, until }) {
      const opened = await open();
      await push(opened, aJob({ priority: BULK }), aJob());
      const taken: number[] = [];
      opened.queue.work(
        async ({ priority }) => {
          taken.push(priority);
        },
        { ...options, concurrency: 1, perAccount: 1, bulkPerAccount: 1 },
      );
      await until('both are done', () => taken.length === 2);
      assert.deepEqual(taken, [0, BULK]);
    },
  },
];
