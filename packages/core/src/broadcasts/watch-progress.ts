import type { Context, Opened } from '../context.ts';
import { stayAlive } from '../delivery/index.ts';
import type { BroadcastRecord } from '../ports/index.ts';
import { accountsOf } from './account-progress.ts';
import type { BroadcastProgress, BroadcastStatus } from './broadcast.ts';
import { failureOf, openOf, shownCounts, statusOf, totalOf } from './broadcast-status.ts';
import { Pace } from './pace.ts';
import { cursorOf } from './write-list.ts';

/** How often it is looked where nothing is heard: another process may be sending. */
const LOOK_MS = 1_000;
/** Where other processes tell of what they send; news can be lost. */
const LOOK_WHERE_TOLD_MS = 5_000;
/** The shortest time between two looks, however much happens. */
const REST_MS = 200;

const OVER: ReadonlySet<BroadcastStatus> = new Set(['finished', 'canceled', 'refused']);

type Watched = Pick<BroadcastRecord, 'tenant' | 'id'>;
type Looks = AsyncGenerator<BroadcastProgress, void, undefined>;

/** Every reader looks for itself, until it is over, the reader stops, or the signal is aborted. */
export function watchProgress(
  context: Context,
  watched: Watched,
  signal?: AbortSignal,
): AsyncIterable<BroadcastProgress> {
  return {
    [Symbol.asyncIterator]() {
      const left = new AbortController();
      const looks = lookAgain(context, watched, left.signal, signal);
      return {
        next: () => looks.next(),
        // A generator alone would first wait for the next news, maybe for hours.
        return() {
          left.abort();
          return looks.return();
        },
      };
    },
  };
}

async function* lookAgain(
  context: Context,
  { tenant, id }: Watched,
  left: AbortSignal,
  signal: AbortSignal | undefined,
): Looks {
  const either = signal === undefined ? left : AbortSignal.any([left, signal]);
  const pace = new Pace();
  const news = listen(context, id);
  let shown = '';
  try {
    for (;;) {
      signal?.throwIfAborted();
      if (left.aborted) return;
      // Asked each time: an instance that was closed has nothing to tell any more.
      const opened = await context.open();
      const record = await opened.store.broadcasts.get(tenant, id);
      if (record === undefined) return;
      const progress = await progressOf(context, opened, record, pace);
      const isOver = isAllOver(progress);
      const text = JSON.stringify(progress);
      if (text !== shown) yield progress;
      shown = text;
      if (isOver) return;
      // How a list grows nobody tells.
      const isTold = opened.bulletin !== undefined && progress.status !== 'listing';
      await stayAlive(() => news.next(isTold ? LOOK_WHERE_TOLD_MS : LOOK_MS, either));
    }
  } finally {
    news.stop();
  }
}

/** A canceled one still has messages to end, or one in the air. */
function isAllOver({ status, open }: BroadcastProgress): boolean {
  return OVER.has(status) && open === 0;
}

async function progressOf(
  context: Context,
  opened: Opened,
  record: BroadcastRecord,
  pace: Pace,
): Promise<BroadcastProgress> {
  const counts = await opened.store.broadcasts.counts(record.tenant, record.id);
  const now = context.clock.now();
  const open = openOf(counts);
  const done = totalOf(counts) - open;
  const perSecond = pace.note(now, done);
  const status = statusOf(record, counts, now);
  const { accounts, endsAt } = await accountsOf(context, opened, record, open);
  return {
    id: record.id,
    status,
    total: cursorOf(record)?.tally.total ?? 0,
    counts: shownCounts(counts),
    done,
    open,
    perSecond,
    timeLeftMs: timeLeft(status, open, perSecond, endsAt === null ? null : endsAt - now),
    accounts,
    failure: failureOf(record),
  };
}

/** The limits' word counts where it is later than the pace's. */
function timeLeft(
  status: BroadcastStatus,
  open: number,
  perSecond: number | null,
  limitMs: number | null,
): number | null {
  if (open === 0 && status !== 'listing') return 0;
  if (status !== 'sending') return null;
  const paceMs = perSecond === null || perSecond === 0 ? null : Math.round((open * 1000) / perSecond);
  if (paceMs === null) return limitMs;
  return Math.max(paceMs, limitMs ?? 0);
}

/** Waits for news of the broadcast, its messages and all accounts, or for the next look. */
function listen({ clock, live }: Context, id: string) {
  let heard = false;
  let wake: () => void = () => undefined;
  const stop = live.onStir(({ name, broadcast }) => {
    if (broadcast !== id && name !== 'account.paused' && name !== 'account.resumed') return;
    heard = true;
    wake();
  });
  return {
    async next(lookMs: number, signal: AbortSignal): Promise<void> {
      const nap = new AbortController();
      const either = AbortSignal.any([nap.signal, signal]);
      const rest = clock.sleep(REST_MS, either).catch(() => undefined);
      if (!heard) {
        const look = clock.sleep(lookMs, either).catch(() => undefined);
        await Promise.race([
          look,
          new Promise<void>((resolve) => {
            wake = resolve;
          }),
        ]);
      }
      await rest;
      nap.abort();
      heard = false;
    },
    stop,
  };
}
