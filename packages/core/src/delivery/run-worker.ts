import { limitsOf, pauseAccount, resumeMendedPlatform, type Transports } from '../accounts/index.ts';
import type { Context, Opened } from '../context.ts';
import type { AccountPause, Failure, JobHandler, JobRecord, MessageRecord } from '../ports/index.ts';
import { untilAborted } from '../until-aborted.ts';
import { type BuildEnvelope, createEnvelopeBuilder } from './build-envelope.ts';
import { Lane } from './lane.ts';
import { startUpkeep } from './run-upkeep.ts';
import { startDueLoop } from './scan-due.ts';
import { createJobHandler } from './work-job.ts';

/** How a worker works. Times in ms. */
export interface WorkerSettings {
  /** The most jobs in hand at once. */
  readonly concurrency: number;
  /** The most of them for one account. */
  readonly perAccount: number;
  /** The most of them for one account that belong to broadcasts. */
  readonly bulkPerAccount: number;
  /** How long a job stays with a process that says nothing. */
  readonly leaseMs: number;
  /** How often to look where nothing wakes the worker. */
  readonly pollIntervalMs: number;
  /** How long a stop waits for what is being handed over, before it recalls it. */
  readonly stopAfterMs: number;
  /** Spreads the retries; from 0 to 1. */
  readonly random: () => number;
  /** After how many days finished messages go; null: they stay. */
  readonly messagesDays: number | null;
  /** Works a broadcast's own jobs. */
  readonly broadcasts: JobHandler;
}

export const WORKER_DEFAULTS: WorkerSettings = {
  concurrency: 256,
  perAccount: 32,
  // A message that hangs keeps its job, not its place in the window: with four jobs of 250 the window stays filled where one
  // in a hundred hangs (measured: two, three and four jobs sent 94, 148 and 172 a second; eight of a hundred 206).
  bulkPerAccount: 4,
  leaseMs: 15_000,
  pollIntervalMs: 1_000,
  stopAfterMs: 10_000,
  random: Math.random,
  messagesDays: null,
  // The job goes back to the queue, which tries it again more and more rarely.
  broadcasts: () => Promise.reject(new Error('Nobody works broadcasts here.')),
};

/** How long a recalled transport has to answer before its messages count as in doubt. */
const RECALLED_MS = 5_000;

/** A worker at work. */
export interface Run {
  /**
   * Has the platform's accounts go on whose credentials the host has mended. Tries them once, however often it is called;
   * resolves when they have been tried, or the worker stops. Never rejects.
   */
  mend(): Promise<void>;
  /**
   * Begins nothing more, waits for what is being handed over, recalls it once the time is up, and settles and puts back
   * everything. May be called twice.
   */
  stop(): Promise<void>;
}

/** Works the queue and scans for what is due. */
export function runWorker(
  context: Context,
  opened: Opened,
  transports: Transports,
  settings: WorkerSettings,
): Run {
  const { queue, store } = opened;
  const recall = new AbortController();
  const lanes = createLanes({
    // A stop still settles when the instance hands out nothing any more.
    context: { ...context, open: async () => opened },
    opened,
    transports,
    build: createEnvelopeBuilder({
      content: store.content,
      keyring: opened.keyring,
      publicUrl: context.publicUrl,
    }),
    recall: recall.signal,
    random: settings.random,
    onClosed: () => due.wake(),
  });
  const worker = queue.work(
    createJobHandler({ context, opened, laneOf: lanes.of, broadcasts: settings.broadcasts }),
    settings,
  );
  const due = startDueLoop(context, opened, settings.pollIntervalMs);
  const upkeep = startUpkeep(context, opened, settings.messagesDays);
  const ended = new AbortController();
  let mending: Promise<void> | undefined;
  let stopping: Promise<void> | undefined;

  const stop = async (): Promise<void> => {
    ended.abort(new Error('The worker stops.'));
    // At once, whatever the others are about: nothing new is to begin.
    const stopped = worker.stop();
    await Promise.all([due.stop(), upkeep.stop()]);
    const patience = new AbortController();
    const wait = (ms: number) =>
      Promise.race([stopped, context.clock.sleep(ms, patience.signal).catch(() => undefined)]);
    await wait(settings.stopAfterMs);
    recall.abort(new Error('The worker stops.'));
    await wait(RECALLED_MS);
    lanes.abandon();
    await stopped;
    patience.abort();
  };

  return {
    mend() {
      mending ??= untilAborted(resumeMendedPlatform(context, ended.signal), ended.signal).catch(
        () => undefined,
      );
      return mending;
    },
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}

interface LaneSetUp {
  readonly context: Context;
  readonly opened: Opened;
  readonly transports: Transports;
  readonly build: BuildEnvelope;
  readonly recall: AbortSignal;
  readonly random: () => number;
  /** An account's limits are used up: something else is due next. */
  readonly onClosed: () => void;
}

/** The lanes of one process, one for each account that has something to do. */
function createLanes({ transports, onClosed, ...setUp }: LaneSetUp) {
  const { context, opened } = setUp;
  const lanes = new Map<string, Lane>();

  const openLane = (key: string, { accountTenant, account }: JobRecord): Lane => {
    const lane = new Lane({
      ...setUp,
      openAccount: async () => {
        const record = await opened.store.accounts.get(accountTenant, account);
        if (record !== undefined && record.pause !== null) return null;
        const limits = limitsOf(context, accountTenant, account, record);
        return {
          transport: await transports.open(accountTenant, account),
          limits: limits === null ? null : { accountTenant, account, limits },
        };
      },
      pauseAccount: (failure, message, openedAt) =>
        pause({ accountTenant, account }, failure, message, openedAt),
      onSpent: () => {
        const opening = opened.store.deliveries.opensAt(accountTenant, account);
        // If it cannot be asked, the next look for what is due finds out.
        void opening.then((opensAt) => opensAt !== null && onClosed()).catch(() => undefined);
      },
      onIdle: () => lanes.delete(key),
    });
    lanes.set(key, lane);
    return lane;
  };

  const pause = async (
    { accountTenant: tenant, account: key }: Pick<JobRecord, 'accountTenant' | 'account'>,
    failure: Failure,
    { channel }: MessageRecord,
    openedAt: number,
  ): Promise<void> => {
    const record = await opened.store.accounts.get(tenant, key);
    // The platform's own account has the key of its adapter, and no row before its first pause.
    const adapter = record?.adapter ?? key;
    await pauseAccount(
      context,
      { tenant, key, adapter, channel },
      pauseFor(failure, context.clock.now()),
      openedAt,
    );
  };

  return {
    of: (job: JobRecord): Lane => {
      const key = `${job.accountTenant}\n${job.account}`;
      return lanes.get(key) ?? openLane(key, job);
    },
    abandon: (): void => {
      for (const lane of lanes.values()) lane.abandon();
    },
  };
}

function pauseFor({ category, reply }: Failure, at: number): AccountPause {
  const words = [reply?.code, reply?.enhanced, reply?.text].filter((part) => part !== undefined).join(' ');
  const message = `The credentials were refused${words === '' ? '' : `: ${words.replace(/\.$/, '')}`}.`;
  return { reason: category, message, at };
}
