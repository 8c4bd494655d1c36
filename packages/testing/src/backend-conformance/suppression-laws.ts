import assert from 'node:assert/strict';
import type { BackendLaw } from './backend-harness.ts';
import { aSuppression, NOON, TENANT } from './records.ts';

export const suppressionLaws: readonly BackendLaw[] = [
  {
    name: 'suppressions: of one address and reason one is in force, and whoever adds it is answered that one',
    async check({ open }) {
      const { store } = await open();
      const answers = await Promise.all([1, 2, 3].map(() => store.suppressions.add(aSuppression())));
      const history = await store.suppressions.history(TENANT, 'email', 'anna');
      assert.equal(history.length, 1);
      for (const answer of answers) assert.deepEqual(answer, history[0]);
    },
  },
  {
    name: 'suppressions: lifting ends what is in force, keeps it as history, and makes room for a new one',
    async check({ open }) {
      const { store } = await open();
      const blocked = await store.suppressions.add(aSuppression());
      const invalid = await store.suppressions.add(aSuppression({ reason: 'invalid', createdAt: NOON + 1 }));
      const by = { by: 'kim' };
      const lifted = await store.suppressions.lift(TENANT, 'email', 'anna', by, NOON + 2, 'blocked');
      assert.deepEqual(lifted, [{ ...blocked, liftedAt: NOON + 2, lifted: by }]);
      assert.deepEqual(await store.suppressions.list(TENANT, undefined, { limit: 10 }), [invalid]);
      const rest = await store.suppressions.lift(TENANT, 'email', 'anna', by, NOON + 3);
      assert.deepEqual(
        rest.map(({ id }) => id),
        [invalid.id],
      );
      const again = await store.suppressions.add(aSuppression({ createdAt: NOON + 4 }));
      const history = await store.suppressions.history(TENANT, 'email', 'anna');
      assert.deepEqual(
        history.map(({ id }) => id),
        [again.id, invalid.id, blocked.id],
      );
    },
  },
  {
    name: 'suppressions: what is found of an address is the earliest in force, on its own channel',
    async check({ open }) {
      const { store } = await open();
      await store.suppressions.add(aSuppression({ reason: 'unsubscribed', createdAt: NOON + 5 }));
      const earliest = await store.suppressions.add(aSuppression({ createdAt: NOON + 1 }));
      await store.suppressions.add(aSuppression({ channel: 'sms', addressKey: 'bent', createdAt: NOON }));
      const found = await store.suppressions.find(TENANT, 'email', ['anna', 'bent', 'carl']);
      assert.deepEqual([...found], [['anna', earliest]]);
    },
  },
  {
    name: 'suppressions: pages of the list lose and repeat nothing, also within one millisecond',
    async check({ open }) {
      const { store } = await open();
      const expected: string[] = [];
      for (let i = 0; i < 7; i += 1) {
        const added = await store.suppressions.add(
          aSuppression({ addressKey: `a${i}`, createdAt: NOON + (i >> 1) }),
        );
        expected.unshift(added.id);
      }
      await store.suppressions.add(aSuppression({ channel: 'sms' }));
      const seen: string[] = [];
      let before: { createdAt: number; id: string } | undefined;
      for (;;) {
        const page = await store.suppressions.list(TENANT, 'email', { limit: 2, ...(before && { before }) });
        before = page.at(-1);
        if (before === undefined) break;
        seen.push(...page.map(({ id }) => id));
      }
      assert.deepEqual(seen, expected);
    },
  },
];
