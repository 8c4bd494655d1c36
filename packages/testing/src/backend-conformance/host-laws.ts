import assert from 'node:assert/strict';
import { PosthornError } from '@posthorn/core';
import { type BackendBench, type BackendLaw, type HostTransactions, watch } from './backend-harness.ts';
import { aBatch, aJob, aMessage, anAccount, queued, TENANT } from './records.ts';
import { collectJobs, idsOf, wait } from './steps.ts';

/** What `tx` promises. */
export const hostLaws: readonly BackendLaw[] = [
  {
    name: 'tx: what is written on the host’s transaction is there with its commit, not before',
    needs: 'hostTransaction',
    async check(bench) {
      const { until } = bench;
      const opened = await bench.open();
      const { store } = opened;
      const [tx, host] = await begin(bench);
      const message = aMessage();
      const job = aJob();
      const key = { key: 'booking-1', inputHash: 'hash' };
      const batch = aBatch([queued(message, { chunk: job.chunk })], { key, jobs: [job] });
      assert.deepEqual(await store.messages.enqueue(batch, tx), { status: 'written' });
      assert.deepEqual(idsOf(await store.messages.get(TENANT, [message.id], tx)), [message.id]);
      assert.notEqual(await store.messages.findKey(TENANT, 'booking-1', tx), undefined);
      assert.deepEqual(await store.messages.get(TENANT, [message.id]), []);
      assert.equal(await store.messages.findKey(TENANT, 'booking-1'), undefined);
      const jobs = collectJobs(opened);
      const committed = watch(opened.afterCommit(tx, TENANT, [message.id]));
      await bench.pass(500);
      assert.deepEqual([committed.isSettled(), jobs.length], [false, 0], 'nobody is told before the commit');
      await host.commit();
      await until('the commit is seen', committed.isSettled);
      assert.equal(await committed.promise, true);
      assert.deepEqual(idsOf(await store.messages.get(TENANT, [message.id])), [message.id]);
      await until('its work begins', () => jobs.length > 0);
    },
  },
  {
    name: 'tx: what the host rolls back was never there',
    needs: 'hostTransaction',
    async check(bench) {
      const opened = await bench.open();
      const [tx, host] = await begin(bench);
      const message = aMessage();
      const key = { key: 'booking-1', inputHash: 'hash' };
      await opened.store.messages.enqueue(aBatch([queued(message)], { key, jobs: [aJob()] }), tx);
      const committed = watch(opened.afterCommit(tx, TENANT, [message.id]));
      await host.rollback();
      await bench.until('the rollback is seen', committed.isSettled);
      assert.equal(await committed.promise, false);
      assert.deepEqual(await opened.store.messages.get(TENANT, [message.id]), []);
      assert.equal(await opened.queue.size(), 0);
      const again = await opened.store.messages.enqueue(aBatch([queued(message)], { key }));
      assert.equal(again.status, 'written');
    },
  },
  {
    name: 'tx: a send that fails leaves nothing in a transaction that the host commits all the same',
    needs: 'hostTransaction',
    async check(bench) {
      const { store, queue } = await bench.open();
      const there = aMessage();
      await wait(store, queued(there));
      const [tx, host] = await begin(bench);
      const fine = aMessage();
      const key = { key: 'booking-1', inputHash: 'hash' };
      const batch = aBatch([queued(fine), queued(there)], { key, jobs: [aJob()] });
      await assert.rejects(store.messages.enqueue(batch, tx));
      await host.commit();
      assert.deepEqual(await store.messages.get(TENANT, [fine.id]), []);
      assert.equal(await store.messages.findKey(TENANT, 'booking-1'), undefined);
      assert.equal(await queue.size(), 0);
    },
  },
  {
    name: 'tx: a handle without an open transaction, or a foreign one, is a clear error',
    needs: 'hostTransaction',
    async check(bench) {
      const { store } = await bench.open();
      const [tx, host] = await begin(bench);
      await host.commit();
      const fails = (code: string) => (error: unknown) =>
        error instanceof PosthornError && error.code === code;
      const batch = aBatch([queued(aMessage())]);
      await assert.rejects(store.messages.enqueue(batch, tx), fails('tx_not_open'));
      await assert.rejects(store.messages.enqueue(batch, {}), fails('tx_unsupported'));
    },
  },
  {
    name: 'tx: reads and other work go on beside an open transaction',
    needs: 'hostTransaction',
    async check(bench) {
      const { store } = await bench.open();
      await store.accounts.save(anAccount());
      const [tx, host] = await begin(bench);
      await store.messages.enqueue(aBatch([queued(aMessage())]), tx);
      assert.deepEqual(await store.accounts.get(TENANT, 'own-server'), anAccount());
      const saved = watch(store.accounts.save(anAccount({ label: 'New' })));
      await bench.pass(200);
      await host.commit();
      await bench.until('a write that waited is done', saved.isSettled);
      await saved.promise;
      assert.equal((await store.accounts.get(TENANT, 'own-server'))?.label, 'New');
    },
  },
];

async function begin({ host }: BackendBench): Promise<readonly [unknown, HostTransactions]> {
  assert(host !== undefined, 'a place whose backend supports hostTransaction brings `host`');
  return [await host.begin(), host];
}
