import type { JobRecord } from '@posthorn/core';
import { all, first, type Program, statement } from '../program.ts';
import type { Database } from '../schema.ts';
import type { JobRow } from './job-table.ts';

/** What a worker has room for. */
export interface FreePlaces {
  readonly now: number;
  /** The most jobs to take now. */
  readonly limit: number;
  /** The places that nobody has. */
  readonly free: number;
  /**
   * The most jobs of one account, those in `held` included; null: as many as there are places. Where there is a limit, an
   * account has no more than it leaves free, either: however many of them hang, another one finds a place.
   */
  readonly perAccount: number | null;
  /** What broadcasts' jobs (priority above 0) may have of the places, those in `held` included; null: all of them. */
  readonly bulk: { readonly places: number; readonly perAccount: number } | null;
  /** What the worker has in hand already, the latest last. */
  readonly held: readonly JobRecord[];
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
  const hand = new Hand(places);
  const chosen: JobRow[] = [];
  let next = yield* first(nextPriority, { priority: Number.MIN_SAFE_INTEGER });
  while (next !== undefined && chosen.length < places.limit) {
    const { priority } = next;
    if (isBulk(next) && hand.bulkRoom === 0) break;
    const candidates = yield* firstOfLines(priority, places, hand);
    candidates.sort((a, b) => a.before - b.before || (a.row.id < b.row.id ? -1 : 1));
    for (const { row } of candidates) {
      if (chosen.length >= places.limit) break;
      if (hand.roomFor(row) <= 0) continue;
      hand.take(row);
      chosen.push(row);
    }
    next = yield* first(nextPriority, { priority });
  }
  return chosen;
}

/** What the worker has in hand, with what it has chosen already. */
class Hand {
  readonly #places: FreePlaces;
  readonly #ofAccount = new Map<string, number>();
  readonly #bulkOfAccount = new Map<string, number>();
  readonly #ofLine = new Map<string, number>();
  #bulk = 0;
  #taken = 0;

  constructor(places: FreePlaces) {
    this.#places = places;
    for (const job of places.held) this.#count(lineOf(job));
  }

  /** The places that broadcasts' jobs may still have. */
  get bulkRoom(): number {
    const { bulk } = this.#places;
    return bulk === null ? Number.POSITIVE_INFINITY : Math.max(0, bulk.places - this.#bulk);
  }

  /** How many more jobs of this line could be taken. */
  roomFor(line: Line): number {
    const { free, perAccount, bulk } = this.#places;
    const account = accountName(line);
    const inHand = this.#ofAccount.get(account) ?? 0;
    const left = free - this.#taken;
    const room = perAccount === null ? left : Math.min(perAccount, left) - inHand;
    if (bulk === null || !isBulk(line)) return room;
    return Math.min(room, this.bulkRoom, bulk.perAccount - (this.#bulkOfAccount.get(account) ?? 0));
  }

  /** How many of this line are in hand. */
  ofLine(line: Line): number {
    return this.#ofLine.get(lineName(line)) ?? 0;
  }

  take(line: Line): void {
    this.#taken += 1;
    this.#count(line);
  }

  #count(line: Line): void {
    add(this.#ofAccount, accountName(line));
    add(this.#ofLine, lineName(line));
    if (!isBulk(line)) return;
    add(this.#bulkOfAccount, accountName(line));
    this.#bulk += 1;
  }
}

/** From behind the line that was served last around to it again; full accounts are passed by whole. */
function* firstOfLines(priority: number, { now, limit, held }: FreePlaces, hand: Hand): Program<Candidate[]> {
  const seen = new Set<string>();
  const candidates: Candidate[] = [];
  const last = held.findLast((job) => job.priority === priority);
  let line = yield* lineAfter(last === undefined ? { priority, ...BEFORE_ALL } : lineOf(last));
  while (line !== undefined && !seen.has(lineName(line)) && seen.size < MAX_LINES) {
    seen.add(lineName(line));
    const room = hand.roomFor(line);
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

function isBulk({ priority }: Pick<Line, 'priority'>): boolean {
  return priority > 0;
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function lineOf({ priority, accountTenant, account, tenant }: JobRecord): Line {
  return { priority, account_tenant: accountTenant, account, tenant };
}

function accountName({ account_tenant, account }: Line): string {
  return JSON.stringify([account_tenant, account]);
}

function lineName(line: Line): string {
  return JSON.stringify([line.priority, line.account_tenant, line.account, line.tenant]);
}
