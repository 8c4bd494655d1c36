import { sqlite } from '@posthorn/backend-sqlite';
import { type Backend, createPosthorn, type DeliveryStore, type Posthorn, type Turn } from '@posthorn/core';
import { createFakeClock, type FakeClock, type RecordingAdapter, recordingAdapter } from '@posthorn/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { turns } from './hosts.test-kit.ts';

/** A database that refuses a worker's transactions for a while, or takes them and breaks off before it says so. */

type TurnOf = DeliveryStore['turn'];
type Fault = (turn: Turn, run: TurnOf) => ReturnType<TurnOf>;

const full = new Error('database or disk is full');
const refuses: Fault = () => Promise.reject(full);
const takesSilently: Fault = async (turn, run) => {
  await run(turn);
  throw full;
};

const open: Posthorn[] = [];
afterEach(async () => {
  for (const posthorn of open.splice(0)) await posthorn.close();
});

/** The first turns of a kind, or those after some, go wrong in this way. */
function faulty(kind: 'begin' | 'settle', times: number, fault: Fault, { after = 0 } = {}): Backend {
  const backend = sqlite(':memory:');
  let passing = after;
  let left = times;
  return {
    ...backend,
    async open(runtime) {
      const opened = await backend.open(runtime);
      const { deliveries } = opened.store;
      const turn: TurnOf = (given) => {
        if (given[kind].length === 0 || left === 0) return deliveries.turn(given);
        if (passing > 0) {
          passing -= 1;
          return deliveries.turn(given);
        }
        left -= 1;
        return fault(given, deliveries.turn);
      };
      return { ...opened, store: { ...opened.store, deliveries: { ...deliveries, turn } } };
    },
  };
}

async function openSalon(backend: Backend, email: RecordingAdapter) {
  const clock: FakeClock = createFakeClock();
  const quiet = (): void => undefined;
  const posthorn = createPosthorn({
    backend,
    adapters: [email],
    secrets: { current: 'k1', keys: { k1: 'abcdefghijklmnopqrstuvwxyz0123456789' } },
    clock,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  });
  open.push(posthorn);
  await posthorn.identities.save({ key: 'salon', channel: 'email', address: 'hej@salonsol.dk' });
  await posthorn.start();
  const pass = async (): Promise<void> => {
    for (let second = 0; second < 30; second += 1) {
      await turns(10);
      clock.advance(1_000);
    }
    await turns(10);
  };
  return { posthorn, pass };
}

async function send(backend: Backend) {
  const email = recordingAdapter({ channel: 'email' });
  const { posthorn, pass } = await openSalon(backend, email);
  const { id } = await posthorn.send({
    to: { email: 'anna@example.dk' },
    email: { subject: 'Hej', text: 'Hej' },
  });
  await pass();
  const events = (await posthorn.messages.timeline(id)).map(({ type }) => type);
  return { message: await posthorn.messages.get(id), handedOver: email.handedOver.length, events };
}

/** To 600 people, by a provider that takes a thousand messages at once. */
async function sendMany(backend: Backend) {
  const email = recordingAdapter({ channel: 'email', features: { maxBatch: 1_000, window: 1_000 } });
  const { posthorn, pass } = await openSalon(backend, email);
  const to = Array.from({ length: 600 }, (_, index) => ({ email: `anna${index}@example.dk` }));
  const sent = await posthorn.send({ to, email: { subject: 'Hej', text: 'Hej' } });
  await pass();
  const messages = await Promise.all(sent.map(({ id }) => posthorn.messages.get(id)));
  return {
    statuses: new Set(messages.map((message) => message?.status)),
    people: new Set(email.handedOver.map(({ to: person }) => person)).size,
    handedOver: email.handedOver.length,
    doubts: messages.filter((message) => message?.status === 'unknown').length,
  };
}

describe('a database that fails for a moment', () => {
  it('before a message is handed over: it leaves later, once', async () => {
    const { message, handedOver } = await send(faulty('begin', 2, refuses));
    expect(message).toMatchObject({ status: 'accepted', attempts: 1 });
    expect(handedOver).toBe(1);
  });

  it('after a message was handed over: what became of it is kept and written down later', async () => {
    const { message, handedOver } = await send(faulty('settle', 3, refuses));
    expect(message).toMatchObject({ status: 'accepted', attempts: 1 });
    expect(handedOver).toBe(1);
  });

  it('and may have marked a message as being sent: it is in doubt, and not handed over', async () => {
    const { message, handedOver } = await send(faulty('begin', 1, takesSilently));
    expect(message).toMatchObject({ status: 'unknown', reason: 'lease_lost' });
    expect(handedOver).toBe(0);
  });

  it('and may have written down what became of a message: it is written once', async () => {
    const { message, handedOver, events } = await send(faulty('settle', 1, takesSilently));
    expect(message).toMatchObject({ status: 'accepted', attempts: 1 });
    expect(handedOver).toBe(1);
    expect(events.filter((type) => type === 'accepted')).toHaveLength(1);
  });

  it.each(['begin', 'settle'] as const)(
    'in the middle of a large batch (%s): everybody is written to, once',
    async (kind) => {
      const { statuses, people, handedOver } = await sendMany(faulty(kind, 1, refuses, { after: 1 }));
      expect({ people, handedOver }).toEqual({ people: 600, handedOver: 600 });
      expect(statuses).toEqual(new Set(['accepted']));
    },
  );

  it('and takes a part of a large batch silently: that part is in doubt, nobody else is', async () => {
    const { statuses, handedOver, doubts } = await sendMany(faulty('begin', 1, takesSilently, { after: 1 }));
    expect(statuses).toEqual(new Set(['accepted', 'unknown']));
    expect(doubts).toBeLessThanOrEqual(250);
    expect(handedOver + doubts).toBe(600);
  });
});
