import { arrayRecipients, type Envelope, type RecipientSource } from '@posthorn/core';
import type { Answer } from '@posthorn/testing';
import { expect } from 'vitest';
import { Host, type HostProcess, turns } from '../hosts.test-kit.ts';

export const MEMBERS = 7;
/** The source answers so few at a time that a list has several pages. */
const PAGE = 2;
/** How many broadcasts there are. */
export const TOTAL = 3;
const HOUR = 3_600_000;
const ENDED: readonly (string | undefined)[] = ['finished', 'canceled', 'refused'];

/** What may happen. */
export type Command =
  | { readonly do: 'start'; readonly which: number; readonly delayMs: number }
  | { readonly do: 'pause' | 'resume' | 'cancel' | 'retry'; readonly which: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'answer'; readonly member: number; readonly answers: readonly Answer[] }
  | { readonly do: 'break'; readonly pages: number }
  | { readonly do: 'unblock' }
  | { readonly do: 'freeze'; readonly slot: number; readonly calls: number }
  | { readonly do: 'thaw' | 'replace'; readonly slot: number };

const addressOf = (member: number) => `m-${member}@members.example`;
const everybody = { source: 'members', where: { combinator: 'and', rules: [] } };

/** Some at once, some after a while, some after longer than a lease lasts. */
function answerTime({ messageId, attempt }: Envelope): number {
  return [0, 3_000, 20_000][(Number.parseInt(messageId.slice(-2), 16) + attempt) % 3] ?? 0;
}

/** A time in which nothing of a broadcast may begin: of each message, only the attempts up to this one. */
interface Silence {
  readonly broadcast: string;
  readonly attempts: ReadonlyMap<string, number>;
  readonly from: number;
  to: number;
}

/** A host with two processes, which plays what happens and checks the laws. */
export class World {
  readonly host: Host;
  readonly ids: string[] = [];
  readonly started = new Set<string>();
  readonly workers: HostProcess[] = [];
  readonly silences: Silence[] = [];
  #broken = 0;

  constructor() {
    const source = arrayRecipients({
      label: 'Members',
      rows: Array.from({ length: MEMBERS }, (_, member) => ({ id: `m-${member}`, email: addressOf(member) })),
      id: 'id',
      email: 'email',
    });
    const find: RecipientSource['find'] = async (question, scope) => {
      this.#broken -= 1;
      if (this.#broken >= 0) throw new Error('The database is being moved.');
      const page = await source.find?.({ ...question, limit: PAGE }, scope);
      return page ?? { recipients: [], next: null };
    };
    this.host = new Host(answerTime, { members: { ...source, find } });
  }

  async open(): Promise<void> {
    const { office } = this.host;
    await office.identities.save({ key: 'club', channel: 'email', address: 'hello@club.example' });
    for (let number = 0; number < TOTAL; number += 1) {
      const letter = { subject: `Letter ${number}`, text: 'Hello.' };
      const plan = await office.broadcasts.plan({ to: everybody, channel: 'email', email: letter });
      expect(plan).toMatchObject({ total: MEMBERS, willReceive: MEMBERS });
      this.ids.push(plan.id);
    }
    this.workers.push(await this.host.boot(), await this.host.boot());
  }

  async run(step: Command): Promise<void> {
    const { host, workers } = this;
    const { broadcasts, accounts } = host.office;
    const id = 'which' in step ? (this.ids[step.which] ?? '') : '';
    switch (step.do) {
      case 'start': {
        const options = step.delayMs === 0 ? {} : { at: new Date(host.clock.now() + step.delayMs) };
        const begun = await allowed(broadcasts.start(id, options));
        if (begun !== null) this.started.add(id);
        break;
      }
      case 'wait':
        host.clock.advance(step.ms);
        break;
      case 'pause':
        if ((await allowed(broadcasts.pause(id))) !== null) await this.#hush(id);
        break;
      case 'resume':
        this.#speak(id);
        await allowed(broadcasts.resume(id));
        break;
      case 'cancel':
        if ((await broadcasts.cancel(id)).status === 'canceled') await this.#hush(id);
        break;
      case 'retry':
        await allowed(broadcasts.retryFailed(id));
        break;
      case 'answer':
        host.answer(addressOf(step.member), ...step.answers);
        break;
      case 'break':
        this.#broken = step.pages;
        break;
      case 'unblock':
        await accounts.resume('server');
        break;
      case 'freeze':
        workers[step.slot]?.gate.freezeAfter(step.calls);
        break;
      case 'thaw':
        workers[step.slot]?.gate.thaw();
        break;
      case 'replace':
        workers[step.slot]?.gate.freezeAfter(0);
        workers[step.slot] = await host.boot();
        break;
    }
    await turns(20);
    for (const broadcast of this.ids) await this.checkCounts(broadcast);
  }

  /** From now on nothing of it may begin. */
  async #hush(broadcast: string): Promise<void> {
    const attempts = new Map(
      (await this.rowsOf(broadcast)).map(({ message, delivery }) => [message.id, delivery.attempt]),
    );
    const { status } = (await this.host.office.broadcasts.get(broadcast)) ?? {};
    const isPausedAlready = this.silences.some(
      (it) => it.broadcast === broadcast && it.to === Number.POSITIVE_INFINITY,
    );
    if (isPausedAlready && status !== 'canceled') return;
    this.silences.push({
      broadcast,
      attempts,
      from: this.host.arrivals.length,
      to: Number.POSITIVE_INFINITY,
    });
  }

  #speak(broadcast: string): void {
    for (const silence of this.silences) {
      if (silence.broadcast === broadcast) silence.to = Math.min(silence.to, this.host.arrivals.length);
    }
  }

  /** As the rows themselves say; its spans and counts are not asked. */
  async rowsOf(broadcast: string) {
    const { store } = await this.host.inspect();
    return store.messages.list('default', { broadcast }, { limit: 500 });
  }

  async checkCounts(broadcast: string): Promise<void> {
    const { store } = await this.host.inspect();
    for (let tries = 0; ; tries += 1) {
      const before = await store.broadcasts.counts('default', broadcast);
      const listed = await this.host.office.messages.list({ broadcast, limit: 500 });
      const after = await store.broadcasts.counts('default', broadcast);
      // What changed in between is counted again.
      if (JSON.stringify(before) !== JSON.stringify(after) && tries < 5) continue;
      const counted: Record<string, number> = {};
      for (const { status } of listed.items) counted[status] = (counted[status] ?? 0) + 1;
      expect(counted, 'the counts are those of the rows').toEqual(after);
      return;
    }
  }

  /** Everything works again, what was paused goes on, and time passes. */
  async heal(): Promise<void> {
    const { office, processes, clock } = this.host;
    for (const { gate } of processes) gate.thaw();
    this.#broken = 0;
    for (let round = 0; round < 400; round += 1) {
      await office.accounts.resume('server');
      clock.advance(round % 2 === 0 ? 20_000 : HOUR);
      await turns(20);
      const statuses: (string | undefined)[] = [];
      for (const id of this.started) {
        const { status, counts } = (await office.broadcasts.get(id)) ?? {};
        if (status === 'paused') {
          this.#speak(id);
          await allowed(office.broadcasts.resume(id));
        }
        const { queued = 0, sending = 0, scheduled = 0, deferred = 0 } = counts ?? {};
        statuses.push(queued + sending + scheduled + deferred === 0 ? status : 'open');
      }
      if (statuses.every((status) => ENDED.includes(status))) return;
    }
  }

  async checkLaws(): Promise<void> {
    const { office, arrivals } = this.host;
    for (const id of this.ids) {
      const rows = await this.rowsOf(id);
      await this.checkCounts(id);
      const people = rows.map(({ message }) => message.recipient?.id);
      expect(new Set(people).size, 'each person at most once').toBe(people.length);
      const { status } = (await office.broadcasts.get(id)) ?? {};
      if (!this.started.has(id)) {
        expect(['planned', 'canceled']).toContain(status);
        expect(rows).toEqual([]);
        continue;
      }
      expect(ENDED, 'it comes to an end').toContain(status);
      if (status === 'finished') expect(people.length, 'and each person once').toBe(MEMBERS);
      for (const { message, delivery } of rows) {
        expect(delivery.work).toBe('done');
        const own = arrivals.filter(({ messageId }) => messageId === message.id);
        const mayHaveArrived = own.filter(({ outcome }) => outcome.status !== 'refused');
        expect(mayHaveArrived.length, 'nobody is written to twice').toBeLessThanOrEqual(1);
        const spent = own.filter(
          ({ outcome }) => outcome.status !== 'refused' || outcome.failure.category !== 'credentials',
        );
        expect(new Set(spent.map(({ attempt }) => attempt)).size, 'each attempt once').toBe(spent.length);
      }
    }
    for (const { broadcast, attempts, from, to } of this.silences) {
      const own = new Set((await this.rowsOf(broadcast)).map(({ message }) => message.id));
      const begun = arrivals
        .slice(from, to)
        .filter(({ messageId, attempt }) => own.has(messageId) && attempt > (attempts.get(messageId) ?? 0));
      expect(begun, 'nothing begins while it is paused, or once it is canceled').toEqual([]);
    }
  }
}

/** Null where what is there forbids it. */
async function allowed<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    expect(error).toMatchObject({ code: 'broadcast_state' });
    return null;
  }
}
