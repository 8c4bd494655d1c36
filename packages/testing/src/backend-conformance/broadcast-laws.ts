import assert from 'node:assert/strict';
import type { BroadcastChange, BroadcastState } from '@posthorn/core';
import type { BackendLaw } from './backend-harness.ts';
import { aBroadcast } from './broadcast-records.ts';
import { aContent, aFile, aJob, NEIGHBOUR, NOON, TENANT } from './records.ts';

export const broadcastLaws: readonly BackendLaw[] = [
  {
    name: 'broadcasts: what is added comes back, field by field, with content that is stored once',
    async check({ open }) {
      const { store } = await open();
      const [first, second] = [aContent(), aContent()];
      const added = aBroadcast({
        state: 'refused',
        pausedAt: NOON + 1,
        template: null,
        versionId: first.version.id,
        startAt: NOON + 2,
        maxCost: '250.00',
        cursor: { place: { after: null, groups: 2 }, accounts: ['smtp'] },
        failure: { code: 'too_expensive', message: 'It would cost 300 DKK.' },
        listedAt: NOON + 3,
        endedAt: NOON + 4,
      });
      assert.deepEqual(await store.broadcasts.add(added, [first], [aFile('map')]), added);
      assert.deepEqual(await store.broadcasts.get(TENANT, added.id), added);
      assert.deepEqual(await store.content.skeletonsOf(TENANT, first.version.id), first.skeletons);
      assert.deepEqual(await store.content.knownFiles(TENANT, ['map']), new Set(['map']));
      const again = aBroadcast({ label: null, startedAt: null, versionId: second.version.id });
      const expected = { ...again, versionId: first.version.id };
      assert.deepEqual(await store.broadcasts.add(again, [second], []), expected);
      assert.deepEqual(await store.broadcasts.get(TENANT, again.id), expected);
    },
  },
  {
    name: 'broadcasts: listed newest first; pages lose and repeat nothing, also within one millisecond',
    async check({ open }) {
      const { store } = await open();
      const all = Array.from({ length: 7 }, (_, i) => aBroadcast({ createdAt: NOON + (i >> 1) }));
      for (const broadcast of [...all].reverse()) await store.broadcasts.add(broadcast, [], []);
      await store.broadcasts.add(aBroadcast({ tenant: NEIGHBOUR }), [], []);
      const seen: string[] = [];
      let before: { createdAt: number; id: string } | undefined;
      for (;;) {
        const page = await store.broadcasts.list(TENANT, { limit: 2, ...(before && { before }) });
        before = page.at(-1);
        if (before === undefined) break;
        seen.push(...page.map(({ id }) => id));
        await store.broadcasts.add(aBroadcast({ createdAt: NOON + 99 }), [], []);
      }
      assert.deepEqual(seen, all.map(({ id }) => id).reverse());
    },
  },
  {
    name: 'broadcasts: a change happens only in a state that it expects, and alters nothing else',
    async check({ open }) {
      const { store, queue } = await open();
      const planned = aBroadcast({ state: 'planned', startedAt: null });
      const { id } = planned;
      await store.broadcasts.add(planned, [], []);
      const change = (states: readonly BroadcastState[], parts: BroadcastChange) =>
        store.broadcasts.change(TENANT, id, states, parts, [aJob()]);
      assert.equal(await change(['listing', 'sending', 'refused'], { state: 'canceled' }), false);
      assert.equal(await change([], { state: 'canceled' }), false);
      assert.deepEqual(await store.broadcasts.get(TENANT, id), planned);
      assert.equal(await queue.size(), 0, 'no job of what did not happen');

      const start = { state: 'listing', startedAt: NOON + 1, startAt: NOON + 9, maxCost: '10' } as const;
      assert.equal(await change(['canceled', 'planned'], start), true);
      assert.deepEqual(await store.broadcasts.get(TENANT, id), { ...planned, ...start });
      assert.equal(await queue.size(), 1);
      const failure = { code: 'source_failed', message: 'It did not answer.' };
      for (const parts of [{ failure }, { pausedAt: NOON + 2 }, { failure: null }, { pausedAt: null }]) {
        const before = await store.broadcasts.get(TENANT, id);
        assert.equal(await change(['listing'], parts), true);
        assert.deepEqual(await store.broadcasts.get(TENANT, id), { ...before, ...parts });
      }
    },
  },
  {
    name: 'broadcasts: a change and its jobs happen together or not at all',
    async check({ open }) {
      const { store, queue } = await open();
      const planned = aBroadcast({ state: 'planned' });
      await store.broadcasts.add(planned, [], []);
      const job = {
        ...aJob(),
        get chunk(): string {
          throw new Error('This job cannot be read.');
        },
      };
      const start = { state: 'listing' } as const;
      await assert.rejects(store.broadcasts.change(TENANT, planned.id, ['planned'], start, [aJob(), job]));
      assert.deepEqual(await store.broadcasts.get(TENANT, planned.id), planned);
      assert.equal(await queue.size(), 0);
    },
  },
  {
    name: 'broadcasts: of many that make the same change at once, exactly one makes it',
    async check({ open }) {
      const { store, queue } = await open();
      const planned = aBroadcast({ state: 'planned', startedAt: null });
      await store.broadcasts.add(planned, [], []);
      const start = (startedAt: number) =>
        store.broadcasts.change(TENANT, planned.id, ['planned'], { state: 'listing', startedAt }, [aJob()]);
      const answers = await Promise.all([start(1), start(2), start(3), start(4)]);
      assert.equal(answers.filter(Boolean).length, 1);
      assert.equal(await queue.size(), 1);
      const { startedAt } = (await store.broadcasts.get(TENANT, planned.id)) ?? planned;
      assert.equal(startedAt, answers.indexOf(true) + 1);
    },
  },
  {
    name: 'broadcasts: sealed data is kept while the list is to be made, and wiped then',
    async check({ open }) {
      const { store } = await open();
      const expectations: readonly (readonly [BroadcastState, BroadcastChange, 'kept' | 'wiped'])[] = [
        ['planned', { state: 'listing' }, 'kept'],
        ['planned', { state: 'canceled' }, 'wiped'],
        ['listing', { pausedAt: NOON }, 'kept'],
        ['listing', { state: 'sending' }, 'wiped'],
        ['listing', { state: 'refused' }, 'wiped'],
        ['listing', { state: 'canceled' }, 'wiped'],
      ];
      for (const [state, change, expected] of expectations) {
        const added = aBroadcast({ state });
        await store.broadcasts.add(added, [], []);
        await store.broadcasts.change(TENANT, added.id, [state], change, []);
        const after = await store.broadcasts.get(TENANT, added.id);
        const sealedData = expected === 'kept' ? added.sealedData : null;
        assert.equal(after?.sealedData, sealedData, `${state} → ${JSON.stringify(change)}`);
      }
    },
  },
];
