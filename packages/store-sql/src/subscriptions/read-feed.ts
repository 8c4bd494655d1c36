import type { FedEvent, FedType, MarkFact, MessageFact } from '@posthorn/core';
import { sql } from 'kysely';
import { deliveryColumns, deliveryOf } from '../deliveries/delivery-row.ts';
import { eventOf } from '../messages/event-row.ts';
import { headColumns, headOf } from '../messages/message-row.ts';
import { all, type Program, run, statement } from '../program.ts';
import { suppressionOf } from '../suppressions/suppression-row.ts';
import { beatSubscription } from './hold-subscription.ts';

const waiting = statement((db, p: { id: string; limit: number }) =>
  db
    .selectFrom('posthorn_feed')
    .select(['position', 'type', 'message_id', 'source_id'])
    .where('subscription', '=', p.id)
    .orderBy('position')
    .limit(p.limit),
);

type Stretch = { id: string; first: number; last: number };

const events = statement((db, p: Stretch) =>
  db
    .selectFrom('posthorn_feed as f')
    .innerJoin('posthorn_events as e', (join) =>
      join.onRef('e.message_id', '=', 'f.message_id').onRef('e.id', '=', 'f.source_id'),
    )
    .selectAll('e')
    .select('f.position')
    .where('f.subscription', '=', p.id)
    .where('f.position', '>=', p.first)
    .where('f.position', '<=', p.last),
);

const messages = statement((db, p: { ids: string }, dialect) =>
  db
    .selectFrom('posthorn_deliveries as d')
    .innerJoin('posthorn_messages as m', 'm.id', 'd.message_id')
    .select(headColumns.map((column) => `m.${column}` as const))
    .select(deliveryColumns.map((column) => `d.${column}` as const))
    .where('d.message_id', 'in', dialect.each(p.ids)),
);

const marks = statement((db, p: Stretch) =>
  db
    .selectFrom('posthorn_feed as f')
    .innerJoin('posthorn_suppressions as s', (join) =>
      join.onRef('s.tenant', '=', 'f.tenant').onRef('s.id', '=', 'f.source_id'),
    )
    .selectAll('s')
    .select('f.position')
    .where('f.subscription', '=', p.id)
    .where('f.message_id', 'is', null)
    .where('f.position', '>=', p.first)
    .where('f.position', '<=', p.last),
);

/** Those of a stretch alone: one that was committed late may stand between them, and nobody has seen it. */
const drop = statement((db, p: Stretch & { positions: string }, dialect) =>
  db
    .deleteFrom('posthorn_feed')
    .where('subscription', '=', p.id)
    .where('position', '>=', p.first)
    .where('position', '<=', p.last)
    .where(sql<string>`cast(position as text)`, 'in', dialect.each(p.positions)),
);

export function* nextFed(id: string, limit: number): Program<readonly FedEvent[]> {
  const rows = yield* all(waiting, { id, limit });
  const stretch = stretchOf(
    id,
    rows.map(({ position }) => position),
  );
  const facts = new Map<number, MessageFact | MarkFact>();
  const ids = new Set(rows.map((row) => row.message_id).filter((messageId) => messageId !== null));
  if (ids.size > 0) {
    const eventRows = yield* all(events, stretch);
    const messageRows = yield* all(messages, { ids: JSON.stringify([...ids]) });
    const byId = new Map(messageRows.map((row) => [row.id, row]));
    for (const row of eventRows) {
      const message = byId.get(row.message_id);
      if (message === undefined) continue;
      facts.set(row.position, {
        event: eventOf(row),
        message: headOf(message),
        delivery: deliveryOf(message),
      });
    }
  }
  if (rows.some((row) => row.message_id === null)) {
    for (const row of yield* all(marks, stretch)) facts.set(row.position, { mark: suppressionOf(row) });
  }
  return rows.map(({ position, type }) => {
    return { position, type: type as FedType, fact: facts.get(position) ?? null };
  });
}

export function* passFed(id: string, token: string, positions: readonly number[]): Program<boolean> {
  if (!(yield* beatSubscription(id, token))) return false;
  if (positions.length > 0) {
    yield* run(drop, { ...stretchOf(id, positions), positions: JSON.stringify(positions.map(String)) });
  }
  return true;
}

function stretchOf(id: string, positions: readonly number[]): Stretch {
  return { id, first: Math.min(...positions), last: Math.max(...positions) };
}
