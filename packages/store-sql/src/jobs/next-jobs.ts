import type { JobRecord } from '@posthorn/core';
import { all, first, type Program, statement } from '../program.ts';
import type { Database } from '../schema.ts';
import { Hand, isBulk, type Placed, type Room } from '../work/hand.ts';
import type { JobRow } from './job-table.ts';

/** Which jobs are looked for, and the room there is for them. */
export interface FreePlaces extends Room {
  readonly now: number;
  /** The most jobs to take now. */
  readonly limit: number;
}

/** All waiting jobs of one priority and tenant by one account; the parts of its name are in the order of the index. */
interface Line {
  readonly priority: number;
  readonly account_tenant: string;
  readonly account: string;
  readonly tenant: string;
}

const BEFORE_ALL = { account_tenant: '', account: '', tenant: '' };
/** The most lines of one priority that one claim looks at; the next one goes on behind them. */
const MAX_LINES = 64;

const nextPriority = statement((db, p: { priority: number }) =>
  db
    .selectFrom('posthorn_jobs')
    .select('priority')
    .where('lease_token', 'is', null)
    .where('priority', '>', p.priority)
    .orderBy('priority')
    .limit(1),
);

// One column at a time: a comparison of whole rows would read through the line that it starts from.
const nextTenant = statement((db, p: Line) =>
  waitingLines(db)
    .where('priority', '=', p.priority)
    .where('account_tenant', '=', p.account_tenant)
    .where('account', '=', p.account)
    .where('tenant', '>', p.tenant)
    .orderBy('tenant'),
);
const nextAccount = statement((db, p: Line) =>
  waitingLines(db)
    .where('priority', '=', p.priority)
    .where('account_tenant', '=', p.account_tenant)
    .where('account', '>', p.account)
    .orderBy('account')
    .orderBy('tenant'),
);
const nextOwner = statement((db, p: Line) =>
  waitingLines(db)
    .where('priority', '=', p.priority)
    .where('account_tenant', '>', p.account_tenant)
    .orderBy('account_tenant')
    .orderBy('account')
    .orderBy('tenant'),
);

function waitingLines(db: Database) {
  return db
    .selectFrom('posthorn_jobs')
    .select(['priority', 'account_tenant', 'account', 'tenant'])
    .where('lease_token', 'is', null)
    .limit(1);
}

const available = statement((db, p: Line & { now: number; limit: number }) =>
  db
    .selectFrom('posthorn_jobs')
    .selectAll()
    .where('lease_token', 'is', null)
    .where('priority', '=', p.priority)
    .where('account_tenant', '=', p.account_tenant)
    .where('account', '=', p.account)
    .where('tenant', '=', p.tenant)
    .where('available_at', '<=', p.now)
    .orderBy('id')
    .limit(p.limit),
);

/** A job that could be taken, and how many of its line would be in hand before it. */
interface Candidate {
  readonly row: JobRow;
  readonly before: number;
}

/**
 * By priority; then those whose line has the fewest in hand; then the oldest. However much waits, no more is read than
 * the first jobs of some lines; and while broadcasts have all their places, nothing of theirs.
 */
export function* nextJobs(places: FreePlaces): Program<readonly JobRow[]> {
  const hand = new LinedHand(places);
  const chosen: JobRow[] = [];
  let next = yield* first(nextPriority, { priority: Number.MIN_SAFE_INTEGER });
  while (next !== undefined && chosen.length < places.limit) {
    const { priority } = next;
    if (isBulk(next) && hand.bulkRoom === 0) break;
    const candidates = yield* firstOfLines(priority, places, hand);
    candidates.sort((a, b) => a.before - b.before || (a.row.id < b.row.id ? -1 : 1));
    for (const { row } of candidates) {
      if (chosen.length >= places.limit) break;
      if (hand.roomForLine(row) <= 0) continue;
      hand.takeOf(row);
      chosen.push(row);
    }
    next = yield* first(nextPriority, { priority });
  }
  return chosen;
}

/** The worker's hand, which also knows of each line. */
class LinedHand extends Hand {
  readonly #ofLine = new Map<string, number>();

  constructor(room: Room) {
    super(room);
    for (const job of room.held) this.#count(lineOf(job));
  }

  roomForLine(line: Line): number {
    return this.roomFor(placeOf(line));
  }

  /** How many of this line are in hand. */
  ofLine(line: Line): number {
    return this.#ofLine.get(lineName(line)) ?? 0;
  }

  takeOf(line: Line): void {
    this.take(placeOf(line));
    this.#count(line);
  }

  #count(line: Line): void {
    const name = lineName(line);
    this.#ofLine.set(name, (this.#ofLine.get(name) ?? 0) + 1);
  }
}

/** From behind the line that was served last around to it again; full accounts are passed by whole. */
function* firstOfLines(
  priority: number,
  { now, limit, held }: FreePlaces,
  hand: LinedHand,
): Program<Candidate[]> {
  const seen = new Set<string>();
  const candidates: Candidate[] = [];
  const last = held.findLast((job) => job.priority === priority);
  let line = yield* lineAfter(last === undefined ? { priority, ...BEFORE_ALL } : lineOf(last));
  while (line !== undefined && !seen.has(lineName(line)) && seen.size < MAX_LINES) {
    seen.add(lineName(line));
    const room = hand.roomForLine(line);
    if (room > 0) {
      const rows = yield* all(available, { ...line, now, limit: Math.min(limit, room) });
      const inHand = hand.ofLine(line);
      candidates.push(...rows.map((row, index) => ({ row, before: inHand + index })));
    }
    line = yield* lineAfter(line, room <= 0);
  }
  return candidates;
}

/** The first one again after the last. Whether its jobs may be taken yet is not asked. */
function* lineAfter(line: Line, passAccount = false): Program<Line | undefined> {
  return (
    (passAccount ? undefined : yield* first(nextTenant, line)) ??
    (yield* first(nextAccount, line)) ??
    (yield* first(nextOwner, line)) ??
    (yield* first(nextOwner, { priority: line.priority, ...BEFORE_ALL }))
  );
}

function lineOf({ priority, accountTenant, account, tenant }: JobRecord): Line {
  return { priority, account_tenant: accountTenant, account, tenant };
}

function placeOf({ priority, account_tenant: accountTenant, account }: Line): Placed {
  return { priority, accountTenant, account };
}

function lineName(line: Line): string {
  return JSON.stringify([line.priority, line.account_tenant, line.account, line.tenant]);
}
