import assert from 'node:assert/strict';
import type { BroadcastCounts, MessageFilter, OutcomeName, Store, StoredMessage, Work } from '@posthorn/core';
import type { BackendLaw } from './backend-harness.ts';
import { aBroadcast, aMailing, aPage, aSkippedMailing } from './broadcast-records.ts';
import { sendBroadcast } from './broadcast-steps.ts';
import { BroadcastWalk } from './broadcast-walk.ts';
import { aFact, anEvent, anId, NOON, TENANT } from './records.ts';
import { idsOf, sendOne } from './steps.ts';

type Status = OutcomeName | Work;

/** Of a walk in which everything happens that may. */
const SEED = 9;

export const countLaws: readonly BackendLaw[] = [
  {
    name: 'broadcasts: whatever happens, counts are what the rows say, and nothing leaves that may not',
    async check(bench) {
      const opened = await bench.open();
      const walk = new BroadcastWalk(bench, opened, SEED);
      await walk.start(2);
      for (let steps = 0; steps < 150; steps += 1) {
        await walk.step();
        for (const id of walk.broadcasts) await countsAgree(opened.store, id);
      }
      await walk.finish();
      for (const id of walk.broadcasts) await countsAgree(opened.store, id);
    },
  },
  {
    name: 'broadcasts: ids of messages by status come in order, page by page, and are its own',
    async check({ open }) {
      const opened = await open();
      const { store } = opened;
      const [broadcast, other] = [aBroadcast(), aBroadcast()];
      for (const one of [broadcast, other]) await store.broadcasts.add(one, [], []);
      const ids: string[] = [];
      let expected = broadcast.cursor;
      for (let pages = 0; pages < 3; pages += 1) {
        // Others' messages come in between.
        await sendOne(opened);
        await store.broadcasts.addPage(aPage(other, [aMailing(other, anId())]));
        const own = [aMailing(broadcast, anId()), aSkippedMailing(broadcast), aMailing(broadcast, anId())];
        const page = aPage(broadcast, own, { expected });
        await store.broadcasts.addPage(page);
        expected = page.cursor;
        ids.push(...own.map(({ message }) => message.id));
      }
      const [first, second] = ids;
      assert(first !== undefined && second !== undefined);
      await store.messages.transition(TENANT, [
        aFact(anEvent({ tenant: TENANT, id: first }, 'bounced', { attempt: 0 })),
      ]);
      const all = async (statuses: readonly Status[]) => {
        const seen: string[] = [];
        while (seen.length <= ids.length) {
          const after = seen.at(-1) ?? null;
          const page = { limit: 2, after };
          const found = await store.broadcasts.messageIds(TENANT, broadcast.id, statuses, page);
          if (found.length === 0) break;
          seen.push(...found);
        }
        return seen;
      };
      const isSkipped = (_: string, i: number) => i % 3 === 1;
      assert.deepEqual(await all(['skipped']), ids.filter(isSkipped));
      assert.deepEqual(await all(['queued', 'skipped', 'bounced', 'done']), ids);
      assert.deepEqual(await all(['skipped', 'bounced']), [first, ...ids.filter(isSkipped)]);
      assert.deepEqual(await all(['accepted', 'done']), []);
      assert.deepEqual(await all([]), []);
    },
  },
  {
    name: 'list: those of one broadcast, also by status, are its own',
    async check({ open }) {
      const opened = await open();
      const { store } = opened;
      await sendOne(opened);
      const { broadcast, ids } = await sendBroadcast(opened, { size: 3 }, { createdAt: NOON + 5 });
      await sendBroadcast(opened, {}, { createdAt: NOON + 5 });
      const [first, second, third] = ids;
      assert(first !== undefined && second !== undefined && third !== undefined);
      await store.messages.transition(TENANT, [
        aFact(anEvent({ tenant: TENANT, id: second }, 'bounced')),
        aFact(anEvent({ tenant: TENANT, id: third }, 'accepted')),
      ]);
      const expectations: readonly (readonly [MessageFilter, readonly string[]])[] = [
        [{}, [third, second, first]],
        [{ status: ['queued'] }, [first]],
        [{ status: ['bounced'] }, [second]],
        [{ status: ['accepted', 'queued'] }, [third, first]],
        [{ channel: 'sms' }, []],
        [{ createdFrom: NOON + 6 }, []],
      ];
      for (const [filter, expected] of expectations) {
        const own = { ...filter, broadcast: broadcast.id };
        const found = await store.messages.list(TENANT, own, { limit: 10 });
        assert.deepEqual(idsOf(found), expected, JSON.stringify(filter));
      }
      assert.deepEqual(await store.messages.list(TENANT, { broadcast: 'unknown' }, { limit: 10 }), []);
    },
  },
];

/** By every way in which they can be asked for. */
async function countsAgree({ messages, broadcasts }: Store, id: string): Promise<void> {
  const rows = await messages.list(TENANT, { broadcast: id }, { limit: 1_000 });
  const byCount = Map.groupBy(rows, countOf);
  const expected = Object.fromEntries([...byCount].map(([name, of]) => [name, of.length]));
  assert.deepEqual(await broadcasts.counts(TENANT, id), expected satisfies BroadcastCounts);
  const byStatus = Map.groupBy(rows, statusOf);
  for (const [status, of] of byStatus) {
    const listed = await messages.list(TENANT, { broadcast: id, status: [status] }, { limit: 1_000 });
    assert.deepEqual(idsOf(listed), idsOf(of), status);
    const ids = await broadcasts.messageIds(TENANT, id, [status], { limit: 1_000, after: null });
    assert.deepEqual(ids, [...idsOf(of)].sort(), status);
  }
}

/** What the provider itself tries again is counted apart. */
function countOf(stored: StoredMessage): keyof BroadcastCounts {
  const status = statusOf(stored);
  return status === 'deferred' && stored.delivery.work === 'done' ? 'postponed' : status;
}

/** What people see. One canceled too late still is being sent. */
function statusOf({ delivery: { work, outcome } }: StoredMessage): Status {
  return work === 'sending' && outcome?.name === 'canceled' ? work : (outcome?.name ?? work);
}
