import assert from 'node:assert/strict';
import type {
  BroadcastRecord,
  EventRecord,
  JobRecord,
  OpenedBackend,
  QueueWorker,
  Store,
  StoredMessage,
  Transition,
} from '@posthorn/core';
import { type BackendBench, watch } from './backend-harness.ts';
import { aBroadcast, aMailing, aPage, aSkippedMailing, COMPLETE } from './broadcast-records.ts';
import { alter } from './broadcast-steps.ts';
import { limited } from './limit-steps.ts';
import { randomNumbers } from './random-numbers.ts';
import { aFact, anEvent, anId, aSuppression, TENANT } from './records.ts';

/** A job that the walk has got from the queue. */
interface Held {
  readonly job: JobRecord;
  readonly token: string;
  rows: readonly StoredMessage[];
  /** Ends its handler: the job is done, or given back. */
  end(error?: Error): void;
}

/** Whatever may happen to broadcasts, step by step, at random from a seed. */
export class BroadcastWalk {
  readonly #bench: BackendBench;
  readonly #store: Store;
  readonly #random: (below: number) => number;
  readonly #worker: QueueWorker;
  readonly #broadcasts: BroadcastRecord[] = [];
  #held: Held[] = [];

  constructor(bench: BackendBench, opened: OpenedBackend, seed: number) {
    this.#bench = bench;
    this.#store = opened.store;
    this.#random = randomNumbers(seed);
    this.#worker = opened.queue.work((job, { token, signal }) => this.#hold(job, token, signal), {
      concurrency: 20,
      leaseMs: 3_600_000,
      pollIntervalMs: 20,
    });
  }

  get broadcasts(): readonly string[] {
    return this.#broadcasts.map(({ id }) => id);
  }

  async start(count: number): Promise<void> {
    for (let i = 0; i < count; i += 1) {
      const broadcast = aBroadcast({ startAt: i === 0 ? this.#now + 5_000 : null });
      this.#broadcasts.push(await this.#store.broadcasts.add(broadcast, [], []));
    }
  }

  async step(): Promise<void> {
    const steps = [
      () => this.#list(),
      () => this.#list(),
      () => this.#pauseOrResume(),
      () => this.#store.deliveries.queueDue(this.#now, 3, anId),
      () => this.#store.deliveries.queueDue(this.#now, 3, anId),
      () => this.#turn(),
      () => this.#turn(),
      () => this.#turn(),
      () => this.#turn(),
      () => this.#turn(),
      () => this.#turn(),
      () => this.#leave(),
      () => this.#news(),
      () => this.#news(),
      () => this.#askAgain(),
      () => this.#bench.clock.advance(this.#random(20_000)),
    ];
    await this.#oneOf(steps)?.();
    await this.#bench.pass(20);
  }

  /** Everything that can go out does. */
  async finish(): Promise<void> {
    for (const broadcast of this.#broadcasts) {
      await alter(this.#store, broadcast, { pausedAt: null });
      while (await this.#list(broadcast));
    }
    for (let rounds = 0; (await this.#open()) > 0; rounds += 1) {
      assert(rounds < 100, 'everything is done in the end');
      await this.#store.deliveries.queueDue(this.#now, 100, anId);
      await this.#bench.pass(20);
      while (this.#held.length > 0) await this.#leave();
      this.#bench.clock.advance(30_000);
    }
    const stopped = watch(this.#worker.stop());
    await this.#bench.until('the worker stops', stopped.isSettled);
  }

  get #now(): number {
    return this.#bench.clock.now();
  }

  #oneOf<T>(things: readonly T[]): T | undefined {
    return things[this.#random(Math.max(1, things.length))];
  }

  #hold(job: JobRecord, token: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (error?: Error): void => (error === undefined ? resolve() : reject(error));
      this.#held.push({ job, token, rows: [], end });
      signal.addEventListener('abort', () => end(new Error('stopped')));
    });
  }

  /** A page more of a list; false where there is nothing to list. */
  async #list(one = this.#oneOf(this.#broadcasts)): Promise<boolean> {
    const broadcast = one && (await this.#store.broadcasts.get(TENANT, one.id));
    if (broadcast?.state !== 'listing') return false;
    const chunks = [anId(), anId()] as const;
    const messages = Array.from({ length: 5 + this.#random(15) }, () =>
      this.#random(4) === 0
        ? aSkippedMailing(broadcast)
        : aMailing(broadcast, chunks[this.#random(2)] ?? chunks[0], { createdAt: this.#now }),
    );
    const again = messages.map(({ message: { recipient } }) => aMailing(broadcast, chunks[0], { recipient }));
    const end = this.#random(2) === 0 ? COMPLETE : null;
    const page = aPage(broadcast, [...messages, ...again.slice(0, 1)], { end, now: this.#now });
    assert.equal(await this.#store.broadcasts.addPage(page), 'added');
    return true;
  }

  async #pauseOrResume(): Promise<void> {
    const one = this.#oneOf(this.#broadcasts);
    const broadcast = one && (await this.#store.broadcasts.get(TENANT, one.id));
    if (broadcast === undefined || (broadcast.pausedAt === null && this.#random(3) > 0)) return;
    await alter(this.#store, broadcast, { pausedAt: broadcast.pausedAt === null ? this.#now : null });
  }

  async #lease(held: Held): Promise<void> {
    held.rows = (await this.#store.deliveries.lease(held.job, held.token, this.#now, anId)).rows;
  }

  /** Settles some of what is being sent, and begins what is allowed to. */
  async #turn(held = this.#oneOf(this.#held)): Promise<void> {
    if (held === undefined) return;
    if (held.rows.length === 0) await this.#lease(held);
    const rows = await this.#current(held.rows);
    if (rows.every(({ delivery }) => delivery.chunk !== held.job.chunk)) return this.#end(held);
    const next = rows.filter(({ delivery }) => delivery.work === 'queued').slice(0, 1 + this.#random(4));
    const { begun } = await this.#store.deliveries.turn({
      now: this.#now,
      limits: this.#random(2) === 0 ? null : limited({ perMinute: 12 }),
      settle: rows
        .filter(({ delivery }) => delivery.work === 'sending' && this.#random(2) === 0)
        .map((row) => this.#outcome(row, held.token)),
      begin: next.map(({ message: { tenant, id } }) => ({ tenant, messageId: id, token: held.token })),
      newEventId: anId,
    });
    for (const { messageId } of begun) await this.#wasAllowed(rows, messageId);
  }

  #outcome({ message, delivery: { attempt } }: StoredMessage, token: string): Transition {
    const type =
      this.#oneOf(['accepted', 'bounced', 'deferred', 'deferred', 'failed', 'failed', 'unknown'] as const) ??
      'accepted';
    const event = anEvent(message, type, { attempt, occurredAt: this.#now, recordedAt: this.#now });
    const again = type === 'deferred' && attempt < 3;
    const work = again ? ({ work: 'queued', dueAt: this.#now + 9_000 } as const) : DONE;
    return { event, when: { work: ['sending'], token, attempt }, work, otherwise: 'record' };
  }

  async #wasAllowed(rows: readonly StoredMessage[], messageId: string): Promise<void> {
    const { message } = rows.find((row) => row.message.id === messageId) ?? {};
    const owner = await this.#store.broadcasts.get(TENANT, message?.broadcast ?? '');
    assert(owner?.state === 'sending' && owner.pausedAt === null, 'it may leave');
    assert((owner.startAt ?? 0) <= this.#now, 'not before its time');
  }

  /** The worker goes: in order, or all of a sudden. */
  async #leave(held = this.#oneOf(this.#held)): Promise<void> {
    if (held === undefined) return;
    if (this.#random(4) === 0) return this.#end(held, new Error('a crash'));
    await this.#lease(held);
    await this.#turn(held);
    await this.#turn(held);
    await this.#store.deliveries.putBack(held.job, held.token, this.#now + this.#random(9_000));
    this.#end(held);
    await this.#bench.pass(20);
  }

  #end(held: Held, error?: Error): void {
    this.#held = this.#held.filter((other) => other !== held);
    held.end(error);
  }

  /** Something from outside: a report, a person who cancels, an address that is suppressed. */
  async #news(): Promise<void> {
    const all = await this.#all();
    const sending = all.filter(({ delivery }) => delivery.work === 'sending');
    const row = this.#oneOf(sending.length > 0 && this.#random(2) === 0 ? sending : all);
    if (row === undefined) return;
    const { message, delivery } = row;
    const times = { occurredAt: this.#now, recordedAt: this.#now };
    const type: EventRecord['type'] = this.#oneOf(['delivered', 'deferred', 'bounced'] as const) ?? 'bounced';
    const inFlight = delivery.work === 'sending';
    const attempt = delivery.attempt - (inFlight ? 1 : 0);
    const cancel: Transition = {
      event: anEvent(message, 'canceled', { ...times, attempt }),
      when: { work: inFlight ? ['sending'] : ['scheduled', 'queued'] },
      work: inFlight ? null : DONE,
      otherwise: 'drop',
    };
    const news = [aFact(anEvent(message, type, { ...times, attempt: delivery.attempt })), cancel];
    const some = this.#oneOf([...news, null]);
    if (some) await this.#store.messages.transition(TENANT, [some]);
    else await this.#store.suppressions.add(aSuppression({ addressKey: message.addressKey ?? '' }));
  }

  /** One more attempt for what has failed. */
  async #askAgain(): Promise<void> {
    const failed = (await this.#all()).filter(({ delivery }) => delivery.outcome?.name === 'failed');
    const transitions = failed.map(({ message, delivery: { attempt } }): Transition => {
      const event = anEvent(message, 'requeued', { attempt: attempt + 1, occurredAt: this.#now });
      const work = { work: 'scheduled', dueAt: this.#now + 5_000, attempt: attempt + 1 } as const;
      return { event, when: { work: ['done'], outcome: ['failed'] }, work, otherwise: 'drop' };
    });
    await this.#store.messages.transition(TENANT, transitions);
  }

  async #all(): Promise<readonly StoredMessage[]> {
    const pages = this.broadcasts.map((broadcast) =>
      this.#store.messages.list(TENANT, { broadcast }, { limit: 1_000 }),
    );
    return (await Promise.all(pages)).flat();
  }

  #current(rows: readonly StoredMessage[]): Promise<readonly StoredMessage[]> {
    return this.#store.messages.get(
      TENANT,
      rows.map(({ message }) => message.id),
    );
  }

  async #open(): Promise<number> {
    return (await this.#all()).filter(({ delivery }) => delivery.work !== 'done').length;
  }
}

const DONE = { work: 'done', dueAt: null } as const;
