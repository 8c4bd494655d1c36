import type { Envelope, Resolution } from '@posthorn/core';
import type { Answer } from '@posthorn/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Host, type HostProcess, turns, WINDOW } from './hosts.test-kit.ts';

/**
 * A host of two processes, under whatever may happen to it. The laws (DESIGN, rule 4): nobody is missed, nobody is written
 * to twice without a person's word, and at most one window is in doubt for each process that freezes or dies.
 */

const PEOPLE = ['anna', 'berta', 'carla', 'dora'].map((name) => `${name}@example.dk`);
const HOUR = 3_600_000;

const person = fc.constantFrom(...PEOPLE);
const which = fc.nat(1_000);
const slot = fc.nat(1);
const answers = fc.array(
  fc.constantFrom<Answer>('accepted', 'deferred', 'unreachable', 'bounced', 'unknown', 'credentials'),
  { maxLength: 4 },
);

const command = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      to: person,
      answers,
      count: fc.integer({ min: 1, max: 12 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(0, 500, 6_000, 20_000, 90_000, HOUR),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), which }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('resolve' as const),
      which,
      as: fc.constantFrom<Resolution>('accepted', 'resend', 'failed'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('suppress' as const), to: person }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lift' as const), to: person }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pause' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('resume' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('freeze' as const), slot, calls: fc.nat(12) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('thaw' as const), slot }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('replace' as const), slot }) },
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

/** Some at once, some after a while, some after longer than a lease lasts. */
function answerTime({ messageId, attempt }: Envelope): number {
  return [0, 3_000, 20_000][(Number.parseInt(messageId.slice(-2), 16) + attempt) % 3] ?? 0;
}

class World {
  readonly host = new Host(answerTime);
  readonly ids: string[] = [];
  readonly workers: HostProcess[] = [];
  /** By message: how often a person said "send it again". */
  readonly resends = new Map<string, number>();
  /** By message: from which arrival on there may be none, and up to which attempt there may. */
  readonly ends: { readonly id: string; readonly from: number; readonly lastAttempt: number }[] = [];

  async open(): Promise<void> {
    await this.host.office.identities.save({ key: 'salon', channel: 'email', address: 'hej@salonsol.dk' });
    this.workers.push(await this.host.boot(), await this.host.boot());
  }

  async run(step: Command): Promise<void> {
    const { host, workers, ids } = this;
    const { suppressions, accounts } = host.office;
    switch (step.do) {
      case 'send': {
        host.answer(step.to, ...step.answers);
        for (let index = 0; index < step.count; index += 1) {
          const { id } = await host.office.send({
            to: { email: step.to },
            email: { subject: 'Hej', text: 'Hej' },
            ...(index % 2 === 1 ? { sendAt: new Date(host.clock.now() + 5_000) } : {}),
          });
          ids.push(id);
        }
        break;
      }
      case 'wait':
        host.clock.advance(step.ms);
        break;
      case 'cancel':
        await this.#cancel(step.which);
        break;
      case 'resolve':
        await this.#resolve(step.which, step.as);
        break;
      case 'suppress':
        await suppressions.add({ email: step.to, by: 'kim' });
        break;
      case 'lift':
        await suppressions.lift({ email: step.to, by: 'kim' });
        break;
      case 'pause':
        await accounts.pause('server');
        break;
      case 'resume':
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
    const { items } = await host.office.messages.list({ status: 'sending', limit: 500 });
    expect(items.length, 'a window for each process').toBeLessThanOrEqual(WINDOW * host.processes.length);
  }

  async #cancel(which: number): Promise<void> {
    const id = this.ids[which % this.ids.length];
    if (id === undefined) return;
    const answer = await this.host.office.messages.cancel(id);
    const lastAttempt = (await this.delivery(id))?.attempt ?? 0;
    const from = this.host.arrivals.length;
    if (answer === 'canceled') this.ends.push({ id, from, lastAttempt: -1 });
    if (answer === 'too_late') this.ends.push({ id, from, lastAttempt });
  }

  async #resolve(which: number, as: Resolution): Promise<void> {
    const { items } = await this.host.office.messages.list({ status: 'unknown', limit: 500 });
    const id = items[which % items.length]?.id;
    if (id === undefined) return;
    await this.host.office.messages.resolve([id], as, { by: 'kim' });
    if (as === 'resend') this.resends.set(id, (this.resends.get(id) ?? 0) + 1);
  }

  async delivery(id: string) {
    const { store } = await this.host.inspect();
    const [stored] = await store.messages.get('default', [id]);
    return stored?.delivery;
  }

  /** Everything works again, and time passes. */
  async heal(): Promise<void> {
    for (const { gate } of this.host.processes) gate.thaw();
    for (let round = 0; round < 400; round += 1) {
      await this.host.office.accounts.resume('server');
      this.host.clock.advance(round % 2 === 0 ? 20_000 : HOUR);
      await turns(20);
      const { items } = await this.host.office.messages.list({
        status: ['scheduled', 'queued', 'sending', 'deferred'],
        limit: 1,
      });
      if (items.length === 0) return;
    }
  }

  async checkLaws(): Promise<void> {
    const { store } = await this.host.inspect();
    const { arrivals, processes } = this.host;
    let lost = 0;
    for (const id of this.ids) {
      const delivery = await this.delivery(id);
      const events = await store.messages.events('default', id);
      const own = arrivals.filter(({ messageId }) => messageId === id);
      const lostHere = events.filter(({ reason }) => reason === 'lease_lost').length;
      lost += lostHere;

      expect(delivery?.work, 'nobody is missed').toBe('done');
      expect(delivery?.outcome?.name, 'every message has an outcome').toBeTypeOf('string');

      if (delivery?.outcome?.name === 'unknown') {
        const doubtful = own.findLast(({ attempt }) => attempt === delivery.attempt);
        expect(doubtful?.outcome.status ?? 'unknown', 'what is known not to be sent is not in doubt').toBe(
          'unknown',
        );
      }

      const mayHaveArrived = own.filter(({ outcome }) => outcome.status !== 'refused').length;
      expect(mayHaveArrived, 'nobody is written to twice without a word').toBeLessThanOrEqual(
        1 + (this.resends.get(id) ?? 0),
      );

      const spent = own.filter(
        ({ outcome }) => outcome.status !== 'refused' || outcome.failure.category !== 'credentials',
      );
      const attempts = spent.map(({ attempt }) => attempt);
      expect(new Set(attempts).size, 'each attempt is handed over once').toBe(attempts.length);
      expect(delivery?.attempt).toBeGreaterThanOrEqual(spent.length);
      expect(delivery?.attempt, 'attempts are counted right').toBeLessThanOrEqual(own.length + lostHere);
      if (processes.every(({ gate }) => gate.freezes === 0)) expect(delivery?.attempt).toBe(spent.length);
    }
    const freezes = processes.reduce((sum, { gate }) => sum + gate.freezes, 0);
    expect(lost, 'one window in doubt for each that froze').toBeLessThanOrEqual(WINDOW * freezes);
    for (const { id, from, lastAttempt } of this.ends) {
      const after = arrivals.slice(from).filter((it) => it.messageId === id && it.attempt > lastAttempt);
      if (!this.resends.has(id)) expect(after, 'canceled is canceled').toEqual([]);
    }
  }
}

it('loses nothing and writes to nobody twice, whatever happens', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 3, maxLength: 25 }), async (steps) => {
      const world = new World();
      try {
        await world.open();
        for (const step of steps) await world.run(step);
        await world.heal();
        await world.checkLaws();
      } finally {
        await world.host.close();
      }
    }),
    { numRuns: 40 },
  );
}, 120_000);
