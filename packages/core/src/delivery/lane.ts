import { setImmediate } from 'node:timers/promises';
import { StoreError } from '../errors.ts';
import { newId } from '../ids.ts';
import type { Log, Outcome, Transport, TurnLimits, TurnResult } from '../ports/index.ts';
import type { Claim } from './claim.ts';
import { conclude, type Finished, type Flight } from './conclude.ts';
import { type Draft, draftRows, MEND_MS } from './draft.ts';
import type { Departure, LaneOptions, OpenedAccount } from './lane-options.ts';
import { SILENT, sendBatches, textOf } from './send-batches.ts';
import { settleOutcome } from './settle-outcome.ts';
import { takeOff } from './take-off.ts';

const STORE_RETRY_MS = 1_000;
/** The longest that an outcome waits for others to be settled with. Of the machine, not the host's clock: nothing is timed. */
const GATHER_MS = 10;
/** The most rows that one turn writes, so that the host's event loop is not held long. */
const WRITTEN_AT_ONCE = 250;
/** With this part of the window still in flight the next ones begin: every turn is a commit that waits for the disk. */
const REFILL_AT = 1 / 4;

/**
 * One account's way out of this process. Everything that leaves by the account passes here, whatever job it came with,
 * so that never more rows are `sending` than the transport's window.
 *
 *    claims: rows `queued` under a job's token
 *        │  as many as the window has room for, singles first
 *        ▼
 *    drafts ──── cannot be built ──▶ released: put back, tried again in a minute
 *        │
 *        ▼  turn: ONE transaction (one for each 250 rows) settles what came back and begins the next
 *    ┌───┴── begun: `sending` ──▶ in flight ──▶ outcome ──▶ finished ──┐
 *    │                                                                │ the next turn
 *    ├── beyond the account's limits ──▶ released: put back, and the account is closed for a while
 *    ├── ended by the store: expired, suppressed                      ▼
 *    └── left out: canceled, lease lost              settled: done, or waiting for its retry
 *
 * Turns follow each other, never side by side; outcomes gather for the next until most of the window is back, or for a
 * moment, so that a commit that waits for the disk is shared by many. A lane that hears of wrong
 * credentials begins nothing until the account's pause is written down; from then on it gets no transport. Limits are the
 * store's to keep, as all processes share them: where they leave no room, the lane lets go of all that it holds.
 */
export class Lane {
  readonly #options: LaneOptions;
  readonly #inFlight = new Map<string, Flight>();
  #claims: readonly Claim[] = [];
  #finished: Finished[] = [];
  /** Unknown until the first turn. */
  #window = 1;
  #halted = false;
  #turning = false;
  /** The next turn waits for no more outcomes. */
  #isUrgent = false;
  #gathering: NodeJS.Timeout | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  /** The claim's rows leave by this lane, until its signal is aborted; resolves when the last has gone. */
  async work(claim: Claim): Promise<void> {
    const release = (): void => claim.releaseAll(this.#now());
    claim.signal.addEventListener('abort', release, { once: true });
    if (claim.signal.aborted || this.#halted) release();
    this.#claims = [...this.#claims, claim].sort((a, b) => a.job.priority - b.job.priority);
    this.#advanceNow();
    await claim.ended;
    this.#claims = this.#claims.filter((other) => other !== claim);
    claim.signal.removeEventListener('abort', release);
    this.#advance();
  }

  /** What is in flight counts as in doubt: for a transport that does not answer even when it is recalled. */
  abandon(): void {
    for (const messageId of [...this.#inFlight.keys()]) this.#land(messageId, SILENT);
  }

  #advance(): void {
    if (this.#turning) return;
    if (!this.#hasWork()) {
      if (this.#claims.length === 0 && this.#inFlight.size === 0) this.#options.onIdle();
    } else if (this.#isRipe()) {
      this.#turning = true;
      void this.#turns();
    } else {
      this.#gathering ??= setTimeout(() => this.#advanceNow(), GATHER_MS);
    }
  }

  #advanceNow(): void {
    this.#isUrgent = true;
    this.#advance();
  }

  async #turns(): Promise<void> {
    try {
      do {
        // What comes back in the same tick is settled in the same turn.
        await setImmediate();
        this.#gather();
        await this.#turn();
      } while (this.#hasWork() && this.#isRipe());
    } catch (error) {
      this.#giveUp(error);
    } finally {
      this.#turning = false;
      this.#advance();
    }
  }

  /** Begins to gather anew. */
  #gather(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    this.#isUrgent = false;
  }

  #isRipe(): boolean {
    return this.#isUrgent || this.#inFlight.size <= this.#window * REFILL_AT;
  }

  #hasWork(): boolean {
    return this.#finished.length > 0 || this.#hasNext();
  }

  #hasNext(): boolean {
    return this.#inFlight.size < this.#window && this.#claims.some(({ waiting }) => waiting > 0);
  }

  async #turn(): Promise<void> {
    const departure = await this.#prepare();
    const settling = this.#finished.splice(0);
    const drafts = departure?.drafts ?? [];
    const begun: Flight[] = [];
    let to = 0;
    for (let from = 0; from < Math.max(settling.length, drafts.length); from = to) {
      if (from > 0) await setImmediate();
      to = from + WRITTEN_AT_ONCE;
      const next = drafts.slice(from, to).filter((draft) => this.#isWanted(draft));
      const flights = await this.#write(settling.slice(from, to), next, departure);
      if (flights === null) break;
      begun.push(...flights);
    }
    // Of those behind a turn that the store did not take, nothing was written.
    this.#finished.push(...settling.slice(to));
    for (const { claim } of drafts.slice(to)) claim.release(this.#now());
    this.#halted = this.#finished.some(({ settlement }) => settlement.pause !== null);
    // Without what the lane gave up meanwhile, which is in doubt.
    const held = begun.filter(({ message }) => this.#inFlight.has(message.id));
    if (departure !== null) this.#handOver(departure.transport, held);
  }

  /** Builds what comes next, before anything is marked as `sending`. */
  async #prepare(): Promise<Departure | null> {
    if (!this.#hasNext()) return null;
    const { context, build, openAccount } = this.#options;
    const openedAt = this.#now();
    let waitUntil = openedAt;
    let account: OpenedAccount | null = null;
    try {
      account = await openAccount();
    } catch (error) {
      this.#log.error('An account cannot be opened; its messages wait.', { error: textOf(error) });
      // A store that does not answer mends by itself, and sooner than somebody can change an account.
      waitUntil += error instanceof StoreError ? STORE_RETRY_MS : MEND_MS;
    }
    if (account === null) {
      this.#releaseAll(waitUntil);
      return null;
    }
    this.#window = account.transport.features.window;
    const room = this.#window - this.#inFlight.size;
    const drafts = await draftRows(this.#claims, room, { build, clock: context.clock, log: this.#log });
    return { ...account, openedAt, drafts };
  }

  /** Whether nothing has ended the claim or halted the lane while the row was built. */
  #isWanted({ claim }: Draft): boolean {
    if (!claim.signal.aborted && !this.#halted) return true;
    claim.release(this.#now());
    return false;
  }

  /** One transaction, and what follows it; answers what began, null where the store did not take it. */
  async #write(
    settling: readonly Finished[],
    drafts: readonly Draft[],
    departure: Departure | null,
  ): Promise<readonly Flight[] | null> {
    if (settling.length === 0 && drafts.length === 0) return [];
    const { context } = this.#options;
    const limits = drafts.length === 0 ? null : (departure?.limits ?? null);
    let result: TurnResult;
    try {
      result = await this.#commit(settling, drafts, limits);
    } catch (error) {
      await this.#refused(error, settling, drafts);
      return null;
    }
    const flights = takeOff(context, drafts, departure?.openedAt ?? 0, result);
    for (const flight of flights) this.#inFlight.set(flight.message.id, flight);
    if (limits !== null) this.#options.onSpent();
    if (result.limited.length > 0) this.#releaseAll(this.#now());
    this.#finished.push(...(await conclude(this.#options, settling, result.settled)));
    return flights;
  }

  #commit(
    settling: readonly Finished[],
    drafts: readonly Draft[],
    limits: TurnLimits | null,
  ): Promise<TurnResult> {
    const { context, opened } = this.#options;
    return opened.store.deliveries.turn({
      now: this.#now(),
      limits,
      settle: settling.flatMap(({ settlement }) => settlement.transitions),
      begin: drafts.map(({ claim, message }) => ({
        tenant: message.tenant,
        messageId: message.id,
        token: claim.token,
      })),
      newEventId: () => newId(context.clock),
    });
  }

  /**
   * The store did not take these, as far as we know. Outcomes are kept and tried again; what was to begin goes back
   * with its job, so that a row that became `sending` all the same is found there, and marked as in doubt.
   */
  async #refused(error: unknown, settling: readonly Finished[], drafts: readonly Draft[]): Promise<void> {
    for (const { claim } of drafts) claim.fail(error);
    this.#finished.unshift(...settling);
    const { context, recall } = this.#options;
    if (recall.aborted) return this.#giveUp(error);
    this.#log.error('The store did not take a turn.', { error: textOf(error), outcomes: settling.length });
    await context.clock.sleep(STORE_RETRY_MS, recall).catch(() => undefined);
  }

  #handOver(transport: Transport, flights: readonly Flight[]): void {
    const envelopes = flights.map(({ envelope }) => envelope);
    void sendBatches(transport, envelopes, {
      signal: this.#options.recall,
      log: this.#log,
      onOutcome: (messageId, outcome) => this.#land(messageId, outcome),
    });
  }

  #land(messageId: string, outcome: Outcome): void {
    const flight = this.#inFlight.get(messageId);
    if (flight === undefined) return;
    const { context, recall, random } = this.#options;
    const { message, attempt, claim } = flight;
    const settlement = settleOutcome({ message, attempt, token: claim.token }, outcome, {
      clock: context.clock,
      recalled: recall.aborted,
      random,
    });
    this.#inFlight.delete(messageId);
    this.#finished.push({ flight, settlement });
    if (settlement.pause !== null) this.#halt();
    this.#advance();
  }

  #halt(): void {
    this.#halted = true;
    this.#isUrgent = true;
    this.#releaseAll(this.#now());
  }

  #releaseAll(waitUntil: number): void {
    for (const claim of this.#claims) claim.releaseAll(waitUntil);
  }

  /** Leaves everything to the next lease, which marks what is in flight as in doubt. */
  #giveUp(error: unknown): void {
    this.#log.error('A lane gives its jobs back.', { error: textOf(error) });
    this.#inFlight.clear();
    this.#finished = [];
    for (const claim of this.#claims) claim.abort(error);
  }

  get #log(): Log {
    return this.#options.context.log;
  }

  #now(): number {
    return this.#options.context.clock.now();
  }
}
