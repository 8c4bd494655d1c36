import type { SubscriptionHold, SubscriptionState } from '@posthorn/core';
import { first, type Program, run, statement } from '../program.ts';
import type { Database } from '../schema.ts';

const state = statement((db, p: { id: string }) =>
  db
    .selectFrom('posthorn_subscriptions as s')
    .select(['s.types', 's.holder', 's.beat'])
    .select((it) =>
      it
        .selectFrom('posthorn_feed as f')
        .select('f.position')
        .where('f.subscription', '=', p.id)
        .orderBy('f.position')
        .limit(1)
        .as('waiting'),
    )
    .where('s.id', '=', p.id)
    .where('s.removed_at', 'is', null),
);

const takeFree = statement((db, p: { id: string; token: string }) =>
  counting(db, p.id).set({ holder: p.token }).where('holder', 'is', null),
);

const takeOver = statement((db, p: { id: string; token: string; seenToken: string; seenBeat: number }) =>
  counting(db, p.id)
    .set({ holder: p.token })
    .where('holder', '=', p.seenToken)
    .where('beat', '=', p.seenBeat),
);

const countOn = statement((db, p: { id: string; token: string }) =>
  counting(db, p.id).where('holder', '=', p.token),
);

const letGo = statement((db, p: { id: string; token: string }) =>
  db
    .updateTable('posthorn_subscriptions')
    .set({ holder: null })
    .where('id', '=', p.id)
    .where('holder', '=', p.token),
);

export function* lookAtSubscription(id: string): Program<SubscriptionState | undefined> {
  const row = yield* first(state, { id });
  if (row === undefined) return undefined;
  return {
    types: JSON.parse(row.types),
    hold: row.holder === null ? null : { token: row.holder, beat: row.beat },
    isWaiting: row.waiting !== null,
  };
}

export function* claimSubscription(
  id: string,
  token: string,
  seen: SubscriptionHold | null,
): Program<boolean> {
  const taken =
    seen === null
      ? yield* first(takeFree, { id, token })
      : yield* first(takeOver, { id, token, seenToken: seen.token, seenBeat: seen.beat });
  return taken !== undefined;
}

/** The row is locked from here on: of what else its holder does nothing comes after somebody else has taken it. */
export function* beatSubscription(id: string, token: string): Program<boolean> {
  return (yield* first(countOn, { id, token })) !== undefined;
}

export function* releaseSubscription(id: string, token: string): Program<void> {
  yield* run(letGo, { id, token });
}

function counting(db: Database, id: string) {
  return db
    .updateTable('posthorn_subscriptions')
    .set((it) => ({ beat: it('beat', '+', 1) }))
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .returning('id');
}
