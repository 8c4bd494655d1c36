import type { JobRecord } from '@posthorn/core';
import { all, first, type Program, statement } from '../program.ts';
import type { Database, JobRow } from '../schema.ts';

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
  /** What the worker has in hand already, the latest last. */
  readonly held: readonly JobRecord[];
}

/** All waiting jobs of one tenant by one account; the parts of its name are in the order of the index. */
interface Line {
  readonly account_tenant: string;
  readonly account: string;
  readonly tenant: string;
}

const BEFORE_ALL: Line = { account_tenant: '', account: '', tenant: '' };
/** The most lines that one claim looks at; the next one goes on behind them. */
const MAX_LINES = 64;

// One column at a time: a comparison of whole rows would read through the line that it starts from.
const nextTenant = statement((db, p: Line) =>
  waitingLines(db)
    .where('account_tenant', '=', p.account_tenant)
    .where('account', '=', p.account)
    .where('tenant', '>', p.tenant)
    .orderBy('tenant'),
);
const nextAccount = statement((db, p: Line) =>
  waitingLines(db)
    .where('account_tenant', '=', p.account_tenant)
    .where('account', '>', p.account)
    .orderBy('account')
    .orderBy('tenant'),
);
const nextOwner = statement((db, p: Line) =>
  waitingLines(db)
    .where('account_tenant', '>', p.account_tenant)
    .orderBy('account_tenant')
    .orderBy('account')
    .orderBy('tenant'),
);

function waitingLines(db: Database) {
  return db
    .selectFrom('posthorn_jobs')
    .select(['account_tenant', 'account', 'tenant'])
    .where('lease_token', 'is', null)
    .limit(1);
}

const available = statement((db, p: Line & { now: number; limit: number }) =>
  db
    .selectFrom('posthorn_jobs')
    .selectAll()
    .where('lease_token', 'is', null)
    .where('account_tenant', '=', p.account_tenant)
    .where('account', '=', p.account)
    .where('tenant', '=', p.tenant)
    .where('available_at', '<=', p.now)
    .orderBy('priority')
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
 * the first jobs of some lines.
 */
export function* nextJobs(places: FreePlaces): Program<readonly JobRow[]> {
  const held = places.held.map(lineOf);
  const ofAccount = countBy(held, accountName);
  const candidates = yield* firstOfLines(places, held, ofAccount);
  candidates.sort(
    (a, b) => a.row.priority - b.row.priority || a.before - b.before || (a.row.id < b.row.id ? -1 : 1),
  );
  const chosen: JobRow[] = [];
  for (const { row } of candidates) {
    const account = accountName(row);
    const inHand = ofAccount.get(account) ?? 0;
    const free = places.free - chosen.length;
    const most = places.perAccount === null ? free + inHand : Math.min(places.perAccount, free);
    if (chosen.length >= places.limit || inHand >= most) continue;
    chosen.push(row);
    ofAccount.set(account, inHand + 1);
  }
  return chosen;
}

/** From behind the line that was served last around to it again; full accounts are passed by whole. */
function* firstOfLines(
  { now, limit, perAccount }: FreePlaces,
  held: readonly Line[],
  ofAccount: ReadonlyMap<string, number>,
): Program<Candidate[]> {
  const ofLine = countBy(held, lineName);
  const seen = new Set<string>();
  const candidates: Candidate[] = [];
  let line = yield* lineAfter(held.at(-1) ?? BEFORE_ALL);
  while (line !== undefined && !seen.has(lineName(line)) && seen.size < MAX_LINES) {
    seen.add(lineName(line));
    const room = (perAccount ?? Number.POSITIVE_INFINITY) - (ofAccount.get(accountName(line)) ?? 0);
    if (room > 0) {
      const rows = yield* all(available, { ...line, now, limit: Math.min(limit, room) });
      const inHand = ofLine.get(lineName(line)) ?? 0;
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
    (yield* first(nextOwner, BEFORE_ALL))
  );
}

function countBy<T>(items: readonly T[], nameOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(nameOf(item), (counts.get(nameOf(item)) ?? 0) + 1);
  return counts;
}

function lineOf({ accountTenant, account, tenant }: JobRecord): Line {
  return { account_tenant: accountTenant, account, tenant };
}

function accountName({ account_tenant, account }: Omit<Line, 'tenant'>): string {
  return JSON.stringify([account_tenant, account]);
}

function lineName({ account_tenant, account, tenant }: Line): string {
  return JSON.stringify([account_tenant, account, tenant]);
}
