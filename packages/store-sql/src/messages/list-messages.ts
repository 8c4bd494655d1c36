import type { MessageFilter, MessagePage, StoredMessage, Work } from '@posthorn/core';
import { type ExpressionBuilder, sql } from 'kysely';
import { remarkable, stillOpen } from '../deliveries/delivery-index.ts';
import type { Dialect } from '../dialect.ts';
import { all, type Program, statement } from '../program.ts';
import type { Schema } from '../schema.ts';
import { storedMessageOf, storedMessages } from './stored-message.ts';

const WORKS: ReadonlySet<string> = new Set<Work>(['scheduled', 'queued', 'sending', 'done']);
const ORDINARY: ReadonlySet<string> = new Set(['accepted', 'delivered']);

/** Newest first; the order is that of (createdAt, id), so a page can go on after any message. */
export function* listMessages(
  tenant: string,
  filter: MessageFilter,
  page: MessagePage,
): Program<readonly StoredMessage[]> {
  return (yield* all(matching(filter, page), { tenant })).map(storedMessageOf);
}

function matching(filter: MessageFilter, { limit, before }: MessagePage) {
  return statement((db, p: { tenant: string }, dialect) => {
    const status = statusFilter(filter.status, dialect);
    // The time and the id are in both tables: named by the one whose index can answer.
    const time = status.byDelivery ? 'd.created_at' : 'm.created_at';
    const id = status.byDelivery ? 'd.message_id' : 'm.id';
    let query = storedMessages(db).where(status.byDelivery ? 'd.tenant' : 'm.tenant', '=', p.tenant);
    if (status.condition) query = query.where(status.condition);
    if (filter.channel !== undefined) query = query.where('m.channel', '=', filter.channel);
    if (filter.template !== undefined) query = query.where('m.template', '=', filter.template);
    if (filter.broadcast !== undefined) {
      const { broadcast } = filter;
      // Where in time they lie is known, so no index of their own is kept for this.
      const bound = (column: 'first_created_at' | 'last_created_at', before: number) =>
        sql<number>`coalesce((select ${sql.ref(column)} from ${sql.table('posthorn_broadcasts')} where tenant = ${p.tenant} and id = ${broadcast}), ${before})`;
      query = query
        .where(status.byDelivery ? 'd.broadcast' : 'm.broadcast', '=', broadcast)
        .where(time, '>=', bound('first_created_at', 0))
        .where(time, '<=', bound('last_created_at', Number.MAX_SAFE_INTEGER));
    }
    if (filter.recipient !== undefined) {
      query = query
        .where('m.recipient_source', '=', filter.recipient.source)
        .where('m.recipient_id', '=', filter.recipient.id);
    }
    if (filter.addressKey !== undefined) query = query.where('m.address_key', '=', filter.addressKey);
    if (filter.createdFrom !== undefined) query = query.where(time, '>=', filter.createdFrom);
    if (filter.createdBefore !== undefined) query = query.where(time, '<', filter.createdBefore);
    if (before !== undefined) {
      query = query.where((it) => it(it.refTuple(time, id), '<', it.tuple(before.createdAt, before.id)));
    }
    return query.orderBy(time, 'desc').orderBy(id, 'desc').limit(limit);
  });
}

type Deliveries = ExpressionBuilder<{ d: Schema['posthorn_deliveries'] }, 'd'>;

/** A status is the outcome's name, or the work's where there is no outcome (again). */
function statusFilter(
  status: MessageFilter['status'],
  dialect: Dialect,
): {
  readonly byDelivery: boolean;
  readonly condition?: (it: Deliveries) => ReturnType<Deliveries['or']>;
} {
  if (status === undefined) return { byDelivery: false };
  const works = status.filter((name) => WORKS.has(name));
  const outcomes = status.filter((name) => !WORKS.has(name));
  const [outcome, ...others] = outcomes;
  // With one outcome alone the index is in the order of the page already.
  const ofName = (it: Deliveries) =>
    outcome !== undefined && others.length === 0
      ? it('d.outcome', '=', outcome)
      : it('d.outcome', 'in', dialect.each(JSON.stringify(outcomes)));
  // Canceled too late: it still is being sent, and what that ends with stands.
  const tooLate = (it: Deliveries) =>
    it.and([it('d.outcome', '=', 'canceled'), it('d.work', '=', 'sending')]);
  const named = (it: Deliveries) =>
    outcomes.includes('canceled') ? it.and([ofName(it), it.not(tooLate(it))]) : ofName(it);
  const without = (it: Deliveries) =>
    it.and([
      it.or([it('d.outcome', 'is', null), it('d.outcome', '=', 'requeued'), tooLate(it)]),
      it('d.work', 'in', dialect.each(JSON.stringify(works))),
    ]);
  if (works.length === 0 && !outcomes.some((name) => ORDINARY.has(name))) {
    return { byDelivery: true, condition: (it) => it.and([remarkable, named(it)]) };
  }
  if (outcomes.length === 0 && !works.includes('done')) {
    return { byDelivery: true, condition: (it) => it.and([stillOpen, without(it)]) };
  }
  return { byDelivery: false, condition: (it) => it.or([named(it), without(it)]) };
}
