import type { EventRecord, ReportedFact, SettledFact } from '@posthorn/core';
import { sql } from 'kysely';
import { StatusCounts } from '../broadcasts/status-counts.ts';
import { openLedger } from '../deliveries/ledger.ts';
import { addressName, lock, lockDeliveries } from '../locks.ts';
import { all, type Program, statement } from '../program.ts';
import { feedMarks } from '../subscriptions/feed.ts';
import { applyAddressReport, knownAddressReports } from './apply-address-report.ts';

/** A message's id and an event's, one behind the other: pairs are looked up by their key, each once. */
const PAIR_BREAK = 37;

const known = statement((db, p: { pairs: string }, dialect) => ({
  compile: () =>
    sql<{ readonly id: string }>`
      select e.id from ${dialect.each(p.pairs)} as pair
      inner join ${sql.table('posthorn_events')} as e
        on e.message_id = substr(pair.value, 1, ${sql.lit(PAIR_BREAK - 1)})
        and e.id = substr(pair.value, ${sql.lit(PAIR_BREAK)})`.compile(db),
}));

/**
 * Events that are there already change nothing: what they were folded into may have been told with another time, as a
 * report without one is given that of its arrival.
 */
export function* settleReports(facts: readonly ReportedFact[]): Program<readonly SettledFact[]> {
  yield* lock(
    ...facts.flatMap(({ address }) =>
      address === null ? [] : [addressName('marks', address.tenant, address.addressKey)],
    ),
  );
  yield* lockDeliveries(JSON.stringify(facts.map(({ event }) => event.messageId)));
  const counts = new StatusCounts();
  const seen = new Set([...(yield* knownEvents(facts)), ...(yield* knownAddressReports(facts))]);
  const ledger = yield* openLedger(
    facts.map(({ event }) => fact(event)),
    counts,
  );
  const settled = facts.map(({ event, address }): SettledFact => {
    if (seen.has(event.id) || (address !== null && seen.has(address.id))) return REPEATED;
    seen.add(event.id);
    if (address !== null) seen.add(address.id);
    const { status, before, after } = ledger.apply(fact(event));
    return { status: status === 'missing' ? 'missing' : 'applied', before, after, marked: [], lifted: [] };
  });
  yield* ledger.write();
  for (const [index, { address }] of facts.entries()) {
    const result = settled[index];
    if (address === null || result?.status !== 'applied') continue;
    const changes = yield* applyAddressReport(address);
    yield* feedMarks(changes.marked, changes.lifted);
    settled[index] = { ...result, ...changes };
  }
  yield* counts.write();
  return settled;
}

const REPEATED: SettledFact = { status: 'repeated', before: null, after: null, marked: [], lifted: [] };

function fact(event: EventRecord) {
  return { event, when: {}, work: null, otherwise: 'record' } as const;
}

function* knownEvents(facts: readonly ReportedFact[]): Program<readonly string[]> {
  const pairs = JSON.stringify(facts.map(({ event: { messageId, id } }) => messageId + id));
  return (yield* all(known, { pairs })).map(({ id }) => id);
}
