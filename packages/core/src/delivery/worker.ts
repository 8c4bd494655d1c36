import { z } from 'zod';
import { applyPlatformLimits, type Transports } from '../accounts/index.ts';
import { checkInput } from '../check-input.ts';
import type { Context } from '../context.ts';
import { ConfigurationError } from '../errors.ts';
import type { Backend, StoredMessage } from '../ports/index.ts';
import { untilAborted } from '../until-aborted.ts';
import { awaitAnswers } from './hand-over.ts';
import { becomeTheWorker, isWorked, leavePlace } from './one-worker.ts';
import { doUpkeep } from './run-upkeep.ts';
import { type Run, runWorker, WORKER_DEFAULTS, type WorkerSettings } from './run-worker.ts';
import { scanDue } from './scan-due.ts';
import { stayAlive } from './stay-alive.ts';
import { createQueueWatch, type QueueWatch } from './watch-queue.ts';

/** How long a drain may take. */
export interface DrainOptions {
  /** Nothing new is begun after this time, in ms; what is being handed over then is waited for. */
  readonly maxMs: number;
}

/** How a drain ended. */
export interface DrainResult {
  /** Whether nothing is due any more; false where the time was up first. */
  readonly finished: boolean;
}

/** The sending side of one instance in this process: at most one worker, begun when it is needed. */
interface Worker extends QueueWatch {
  /** Works the queue until `stop`. A worker that this process still has for the same database is stopped first. */
  start(): Promise<void>;
  /**
   * Works the queue until nothing is due, or the time is up.
   *
   * @throws InputError `invalid_input`.
   */
  drain(options: DrainOptions): Promise<DrainResult>;
  /** Has these messages sent now, and answers them once each has had its first answer. */
  handOver(tenant: string, ids: readonly string[], signal?: AbortSignal): Promise<readonly StoredMessage[]>;
  /** Ends all of it. Nothing begins afterwards. */
  stop(): Promise<void>;
}

const drainSchema = z.strictObject({ maxMs: z.number().min(0) });

/** How often a drain looks whether anything is left. */
const LOOK_MS = 25;

const workers = new WeakMap<Context, Worker>();

/** The sending side of the instance whose context this is: for the rooms that send. */
export function workerOf(context: Context): Worker {
  const worker = workers.get(context);
  if (worker === undefined) throw new Error('This context has no worker: createWorker comes first.');
  return worker;
}

/** Makes the sending side of an instance; nothing is opened or worked yet. */
export function createWorker(
  context: Context,
  transports: Transports,
  { location }: Pick<Backend, 'location'>,
  settings: Partial<WorkerSettings> = {},
): Worker {
  const { clock } = context;
  const { messagesDays = WORKER_DEFAULTS.messagesDays } = settings;
  const ended = new AbortController();
  let run: Promise<Run> | undefined;
  let halting: Promise<void> = Promise.resolve();
  let started = false;
  let limitsApplied = false;
  let visitors = 0;

  const place = {
    async stop(): Promise<void> {
      started = false;
      await halt();
    },
  };

  const begin = async (): Promise<Run> => {
    await halting;
    // First, so that nobody is stopped for an instance that is closed or cannot open its database.
    const opened = await context.open();
    await becomeTheWorker(location, place, context.log);
    if (!limitsApplied) await applyPlatformLimits(context);
    limitsApplied = true;
    return runWorker(context, opened, transports, { ...WORKER_DEFAULTS, ...settings });
  };

  const work = async (): Promise<Run> => {
    const beginning = run ?? begin();
    run = beginning;
    try {
      return await beginning;
    } catch (error) {
      if (run === beginning) run = undefined;
      leavePlace(location, place);
      throw error;
    }
  };

  const halt = (): Promise<void> => {
    const running = run;
    run = undefined;
    leavePlace(location, place);
    if (running === undefined) return halting;
    const earlier = halting;
    halting = (async () => {
      await earlier;
      const begun = await running.catch(() => undefined);
      await begun?.stop();
    })();
    return halting;
  };

  /** Works the queue for as long as the visit takes, unless somebody in this process does so anyway. */
  const visit = async <T>(visiting: (own?: Run) => Promise<T>): Promise<T> => {
    if (run === undefined && isWorked(location)) return visiting();
    visitors += 1;
    try {
      return await visiting(await work());
    } finally {
      visitors -= 1;
      if (visitors === 0 && !started) await halt();
    }
  };

  /** Waits for it, but not longer than this. */
  const within = async (work: Promise<void>, ms: number): Promise<void> => {
    const nap = new AbortController();
    await Promise.race([work, clock.sleep(ms, nap.signal).catch(() => undefined)]);
    nap.abort();
  };

  const drained = async (maxMs: number, own?: Run): Promise<DrainResult> => {
    const until = clock.now() + maxMs;
    let mending = own?.mend();
    const opened = await context.open();
    for (;;) {
      const { queued } = await scanDue(context, opened);
      const leftMs = until - clock.now();
      if (queued === 0 && (await opened.queue.size()) === 0) {
        if (mending === undefined || leftMs <= 0) {
          if (own !== undefined) await doUpkeep(context, opened, messagesDays, until, ended.signal);
          return { finished: true };
        }
        // An account that goes on makes its messages due.
        await within(mending, leftMs);
        mending = undefined;
        continue;
      }
      if (leftMs <= 0 || ended.signal.aborted) return { finished: false };
      await clock.sleep(Math.min(LOOK_MS, leftMs), ended.signal).catch(() => undefined);
    }
  };

  const worker: Worker = {
    async start() {
      started = true;
      const begun = await work().catch((error: unknown) => {
        started = false;
        throw error;
      });
      void begun.mend();
    },
    async drain(options) {
      const { maxMs } = checkInput(drainSchema, options, 'options of drain');
      return stayAlive(() => visit((own) => drained(maxMs, own)));
    },
    handOver(tenant, ids, signal) {
      const either = signal === undefined ? ended.signal : AbortSignal.any([ended.signal, signal]);
      const visiting = stayAlive(() =>
        visit(async () => awaitAnswers(context, await context.open(), tenant, ids, either)),
      );
      // A visit ends when its worker has halted, which waits for what is being handed over.
      return signal === undefined ? visiting : untilAborted(visiting, signal);
    },
    async stop() {
      ended.abort(new ConfigurationError('closed', 'This Posthorn was closed.'));
      await stayAlive(place.stop);
    },
    ...createQueueWatch(context, () => run !== undefined || isWorked(location), ended.signal),
  };
  workers.set(context, worker);
  return worker;
}
