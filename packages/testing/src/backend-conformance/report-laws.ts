import assert from 'node:assert/strict';
import type { BackendLaw } from './backend-harness.ts';
import { sendBroadcast } from './broadcast-steps.ts';
import { aMessage, NEIGHBOUR, NOON, TENANT } from './records.ts';
import { ACCOUNT, anUnmatched, aReport, aWord, leave, reasonsOf, settleAll } from './report-steps.ts';
import { stored } from './steps.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

export const reportLaws: readonly BackendLaw[] = [
  {
    name: 'reports: an event is stored once, and told as repeated, also within one call and of two at once',
    async check({ open }) {
      const opened = await open();
      const message = await leave(opened);
      const report = aReport(message, 'delivered');
      const later = { ...report, event: { ...report.event, occurredAt: NOON + 9 } };
      const both = await Promise.all([
        settleAll(opened.store, report, report),
        settleAll(opened.store, later),
      ]);
      // Either of the two may be first.
      const statuses = both.map((results) => results.map(({ status }) => status).join(' '));
      const [isFirst, occurredAt] =
        statuses[1] === 'repeated' ? ['applied repeated', NOON] : ['repeated repeated', NOON + 9];
      assert.deepEqual(statuses, [isFirst, occurredAt === NOON ? 'repeated' : 'applied']);
      const events = await opened.store.messages.events(TENANT, message.id);
      assert.equal(events.length, 2);
      assert.equal((await stored(opened.store, message)).delivery.outcome?.occurredAt, occurredAt);
    },
  },
  {
    name: 'reports: those of many tenants become outcomes and flags, and what was before and after is told',
    async check({ open }) {
      const opened = await open();
      const own = await leave(opened);
      const other = await leave(opened, { tenant: NEIGHBOUR });
      const results = await settleAll(
        opened.store,
        aReport(own, 'opened', { occurredAt: NOON + 5 }),
        aReport(own, 'delivered', { occurredAt: NOON + 3 }),
        aReport(other, 'bounced'),
        aReport(own, 'opened', { occurredAt: NOON + 4 }),
        aReport(own, 'reported'),
      );
      const { delivery } = await stored(opened.store, own);
      assert.deepEqual(delivery.flags, { opened: NOON + 4 });
      assert.deepEqual([delivery.outcome?.name, delivery.work], ['delivered', 'done']);
      assert.deepEqual((await stored(opened.store, other)).delivery.outcome?.name, 'bounced');
      assert.deepEqual(results.at(-1)?.after, delivery);
      assert.deepEqual(results[0]?.before?.flags, {});
      const known = await opened.store.messages.list(TENANT, {}, { limit: 1 });
      assert.deepEqual(known[0]?.delivery, delivery);
    },
  },
  {
    name: 'reports: nothing is written of a message that is not there, or not that tenant’s',
    async check({ open }) {
      const opened = await open();
      const message = await leave(opened);
      const foreign = { ...message, tenant: NEIGHBOUR };
      const results = await settleAll(
        opened.store,
        aWord(aMessage(), 'complained'),
        aWord(foreign, 'complained'),
      );
      assert.deepEqual(
        results.map(({ status }) => status),
        ['missing', 'missing'],
      );
      assert.deepEqual((await stored(opened.store, message)).delivery.flags, {});
      assert.deepEqual(await reasonsOf(opened.store), []);
      assert.deepEqual(await opened.store.suppressions.history(NEIGHBOUR, 'email', 'anna'), []);
    },
  },
  {
    name: 'reports: what proves that a message has arrived ends work that waits, and is counted',
    async check({ open }) {
      const { store } = await open();
      const { broadcast, ids } = await sendBroadcast({ store }, { size: 2 });
      const [id = '', other = ''] = ids;
      const results = await settleAll(store, aReport({ id, tenant: TENANT }, 'delivered'));
      assert.equal(results[0]?.after?.work, 'done');
      assert.deepEqual(await store.broadcasts.counts(TENANT, broadcast.id), { delivered: 1, queued: 1 });
      await settleAll(store, aReport({ id: other, tenant: TENANT }, 'accepted'));
      await settleAll(store, aReport({ id: other, tenant: TENANT }, 'deferred'));
      // Its provider is still trying: that is no work of ours.
      assert.deepEqual(await store.broadcasts.counts(TENANT, broadcast.id), { delivered: 1, postponed: 1 });
    },
  },
  {
    name: 'reports: all of a call happens or nothing',
    async check({ open }) {
      const opened = await open();
      const message = await leave(opened);
      const evidence = {
        toJSON() {
          throw new Error('There is no text of this.');
        },
      };
      const broken = aWord(message, 'complained', { evidence: evidence as never });
      await assert.rejects(settleAll(opened.store, aReport(message, 'delivered'), broken));
      assert.equal((await stored(opened.store, message)).delivery.outcome?.name, 'accepted');
      assert.equal((await opened.store.messages.events(TENANT, message.id)).length, 1);
    },
  },
  {
    name: 'reports: an address is marked once and freed once, whichever message tells of it',
    async check({ open }) {
      const opened = await open();
      const [one, other] = [await leave(opened), await leave(opened)];
      const stop = aWord(one, 'unsubscribed', { id: 'STOP' });
      const [marked] = await settleAll(opened.store, stop);
      assert.deepEqual(
        marked?.marked.map(({ reason, address, evidence }) => ({ reason, address, evidence })),
        [{ reason: 'unsubscribed', address: 'anna@example.dk', evidence: stop.address?.evidence }],
      );
      const start = aWord(one, 'resubscribed', { id: 'START', occurredAt: NOON + 1 });
      const [freed] = await settleAll(opened.store, start);
      assert.deepEqual(
        freed?.lifted.map(({ id }) => id),
        marked?.marked.map(({ id }) => id),
      );
      const replay = aWord(other, 'unsubscribed', { id: 'STOP', occurredAt: NOON + 2 });
      const [replayed] = await settleAll(opened.store, replay);
      assert.equal(replayed?.status, 'repeated');
      assert.deepEqual((await stored(opened.store, other)).delivery.flags, {});
      assert.deepEqual(await reasonsOf(opened.store), []);
    },
  },
  {
    name: 'reports: the last word about an address holds, in whatever order words come',
    async check({ open }) {
      const opened = await open();
      const message = await leave(opened);
      const { store } = opened;
      await settleAll(store, aWord(message, 'resubscribed', { occurredAt: NOON + 5 }));
      await settleAll(store, aWord(message, 'unsubscribed', { occurredAt: NOON + 4 }));
      assert.deepEqual(await reasonsOf(store), [], 'an old refusal after a newer return');
      await settleAll(store, aWord(message, 'unsubscribed', { occurredAt: NOON + 9 }));
      await settleAll(store, aWord(message, 'resubscribed', { occurredAt: NOON + 8 }));
      assert.deepEqual(await reasonsOf(store), ['unsubscribed'], 'an old return after a newer refusal');
    },
  },
  {
    name: 'reports: joining a list again ends what leaving that list did, and nothing else',
    async check({ open }) {
      const opened = await open();
      const message = await leave(opened);
      const { store } = opened;
      const at = (occurredAt: number, list: string | null = null) => ({
        occurredAt: NOON + occurredAt,
        list,
      });
      await settleAll(store, aWord(message, 'unsubscribed', at(1, 'news')));
      const [swapped] = await settleAll(store, aWord(message, 'unsubscribed', at(2)));
      assert.deepEqual(
        [swapped?.marked.length, swapped?.lifted.length],
        [1, 1],
        'all of it is more than a list',
      );
      await settleAll(store, aWord(message, 'resubscribed', at(3, 'news')));
      assert.deepEqual(await reasonsOf(store), ['unsubscribed']);
      await settleAll(
        store,
        aWord(message, 'unsubscribed', at(4, 'news')),
        aWord(message, 'resubscribed', at(5)),
      );
      assert.deepEqual(await reasonsOf(store), []);
    },
  },
  {
    name: 'reports: what a person marks or frees is theirs to decide',
    async check({ open }) {
      const opened = await open();
      const message = await leave(opened);
      const { store } = opened;
      const place = [TENANT, 'email', 'anna'] as const;
      const mark = (type: 'complained' | 'unsubscribed' | 'resubscribed', occurredAt: number) =>
        settleAll(store, aWord(message, type, { occurredAt }));
      await mark('complained', NOON);
      await mark('unsubscribed', NOON);
      await store.suppressions.lift(...place, { by: 'kim' }, NOON + 5);
      await mark('complained', NOON + 1);
      await mark('unsubscribed', NOON + 2);
      assert.deepEqual(await reasonsOf(store), [], 'what was said before does not count any more');
      for (const reason of ['unsubscribed', 'blocked'] as const) {
        await store.suppressions.add({
          id: reason,
          tenant: TENANT,
          channel: 'email',
          addressKey: 'anna',
          address: null,
          reason,
          evidence: { by: 'kim' },
          createdAt: NOON + 6,
          liftedAt: null,
          lifted: null,
        });
      }
      await mark('unsubscribed', NOON + 7);
      await mark('resubscribed', NOON + 8);
      assert.deepEqual([...(await reasonsOf(store))].sort(), ['blocked', 'unsubscribed']);
    },
  },
  {
    name: 'reports: unmatched ones are kept once, of their own account, newest first, page by page',
    async check({ open }) {
      const { store } = await open();
      const rows = [0, 0, 1, 1, 2].map((later) => anUnmatched({ receivedAt: NOON + later }));
      await store.reports.keepUnmatched(ACCOUNT, rows, NOON + 2);
      const again = rows.map((row) => ({ ...row, receivedAt: NOON + 9 }));
      await store.reports.keepUnmatched(ACCOUNT, again, NOON + 9);
      await store.reports.keepUnmatched({ ...ACCOUNT, tenant: TENANT }, [anUnmatched()], NOON);
      const seen: unknown[] = [];
      let before: { receivedAt: number; id: string } | undefined;
      for (;;) {
        const page = await store.reports.unmatched(ACCOUNT, { limit: 2, ...(before && { before }) });
        before = page.at(-1);
        if (before === undefined) break;
        seen.push(...page);
      }
      assert.deepEqual(seen, [...rows].reverse());
    },
  },
  {
    name: 'reports: of an account the newest 10,000 unmatched ones stay, and none that is older than 30 days',
    async check({ open }) {
      const { store } = await open();
      const page = { limit: 20_000 };
      const old = anUnmatched();
      await store.reports.keepUnmatched(ACCOUNT, [old, anUnmatched({ receivedAt: NOON + 1 })], NOON);
      await store.reports.keepUnmatched(ACCOUNT, [], NOON + 30 * DAY_MS + 1);
      assert.equal((await store.reports.unmatched(ACCOUNT, page)).length, 1);
      const many = Array.from({ length: 10_003 }, (_, later) =>
        anUnmatched({ receivedAt: NOON + 2 + later }),
      );
      await store.reports.keepUnmatched(ACCOUNT, many, NOON + 20_000);
      const kept = await store.reports.unmatched(ACCOUNT, page);
      assert.deepEqual(
        kept.map(({ id }) => id),
        many
          .slice(3)
          .reverse()
          .map(({ id }) => id),
      );
    },
  },
];
