import { sql } from 'kysely';
import { isHeld } from '../deliveries/delivery-index.ts';
import { all, type Program, statement } from '../program.ts';

interface Releasable {
  readonly tenant: string;
  readonly broadcast: string;
}

/** Broadcasts that go on, or have ended, and still hold rows: those of the latter end where they would begin. */
const releasable = statement((db) => ({
  compile: () =>
    sql<Releasable>`
      with recursive leap (tenant, broadcast) as (
        select tenant, broadcast from (
          select tenant, broadcast from ${sql.table('posthorn_deliveries')} where ${isHeld} order by tenant, broadcast limit 1
        ) as first_row
        union all
        select d.tenant, d.broadcast
        from leap inner join ${sql.table('posthorn_deliveries')} as d on d.message_id = coalesce(
          (select message_id from ${sql.table('posthorn_deliveries')}
           where ${isHeld} and tenant = leap.tenant and broadcast > leap.broadcast order by broadcast limit 1),
          (select message_id from ${sql.table('posthorn_deliveries')}
           where ${isHeld} and tenant > leap.tenant order by tenant, broadcast limit 1)
        )
      )
      select leap.tenant, leap.broadcast
      from leap inner join ${sql.table('posthorn_broadcasts')} as b on b.tenant = leap.tenant and b.id = leap.broadcast
      where b.state in ('canceled', 'refused') or (b.state = 'sending' and b.paused_at is null)`.compile(db),
}));

const makeDue = statement((db, p: Releasable & { now: number; limit: number }, dialect) =>
  db
    .updateTable('posthorn_deliveries')
    .set({ due_at: p.now })
    .where('message_id', 'in', (it) =>
      dialect.passLocked(
        it
          .selectFrom('posthorn_deliveries')
          .select('message_id')
          .where(isHeld)
          .where('tenant', '=', p.tenant)
          .where('broadcast', '=', p.broadcast)
          .limit(p.limit),
      ),
    )
    .returning('message_id'),
);

/** Whether there is something to release. */
export function* hasReleasable(): Program<boolean> {
  return (yield* all(releasable, {})).length > 0;
}

/** Makes due what was held and need not be any more, `limit` rows at most. */
export function* releaseHeld(now: number, limit: number): Program<void> {
  let left = limit;
  for (const broadcast of yield* all(releasable, {})) {
    if (left <= 0) return;
    left -= (yield* all(makeDue, { ...broadcast, now: Math.round(now), limit: left })).length;
  }
}
