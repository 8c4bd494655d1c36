import { sqlite } from '@posthorn/backend-sqlite';
import type { StoredEvent } from '@posthorn/core';
import { describe, expect, it } from 'vitest';
import { passUntilSettled } from '../clock.test-kit.ts';
import { addressesOf, aFile, aMailing, openShop } from './shop.test-kit.ts';

describe('a subscription goes on', () => {
  it('after a restart where it was, with what happened while nobody listened', async () => {
    const file = aFile();
    const first = await openShop(file);
    const before = first.record('orders', ['message.accepted']);
    await first.sol.write('email', '1');
    await first.settle();
    expect(addressesOf(before.events)).toEqual(['anna@example.dk']);
    await passUntilSettled(first.clock, first.posthorn.close());

    const meanwhile = await openShop(file);
    await meanwhile.sol.write('email', '2');
    await passUntilSettled(meanwhile.clock, meanwhile.posthorn.close());

    const second = await openShop(file);
    const after = second.record('orders', ['message.accepted']);
    await second.settle();
    expect(addressesOf(after.events)).toEqual(['bo@example.dk']);
  });

  it('with the event whose handler fails, and keeps the others waiting, more patiently each time', async () => {
    const warnings: object[] = [];
    const log = {
      debug() {},
      info() {},
      error() {},
      warn: (_: string, fields?: object) => warnings.push({ ...fields }),
    };
    const shop = await openShop(undefined, { log });
    const { addresses, message } = aMailing(3);
    for (const email of addresses) await shop.sol.suppressions.add({ email });
    const tried: { readonly event: StoredEvent; readonly at: number }[] = [];
    shop.posthorn.subscribe('orders', ['message.skipped'], (event) => {
      tried.push({ event, at: shop.clock.now() });
      if (event.message.to.address === addresses[1] && tried.length < 6) throw new Error('The CRM is away.');
    });
    await shop.sol.send(message);
    await shop.pass(30);
    const [a, b, c] = addresses;
    expect(addressesOf(tried.map(({ event }) => event))).toEqual([a, b, b, b, b, b, c]);
    expect(new Set(tried.slice(1, 6).map(({ event }) => event.id)).size).toBe(1);
    const pauses = tried.slice(2, 6).map(({ at }, index) => at - (tried[index + 1]?.at ?? 0));
    for (const [index, pause] of pauses.entries()) {
      expect(pause).toBeGreaterThanOrEqual(800 * 2 ** index);
      expect(pause).toBeLessThanOrEqual(1_300 * 2 ** index);
    }
    expect(warnings).toHaveLength(4);
    expect(warnings[0]).toMatchObject({
      subscription: 'orders',
      error: 'The CRM is away.',
      type: 'message.skipped',
    });
  });

  it('with other types from where it is, and is not given any more what it no longer wants', async () => {
    const shop = await openShop();
    const first = shop.record('orders', ['message.accepted', 'message.skipped']);
    await shop.sol.write('email', '1');
    await shop.settle();
    await first.stop();
    await shop.sol.suppressions.add({ email: 'anna@example.dk' });
    await shop.sol.write('email', '1');
    await shop.sol.write('email', '2');
    const second = shop.record('orders', ['message.accepted', 'message.canceled']);
    await shop.settle();
    expect(first.events.map(({ type }) => type)).toEqual(['message.accepted']);
    expect(addressesOf(second.events)).toEqual(['bo@example.dk']);
  });

  it('in another process as soon as one lets it go, and both together are given each event once', async () => {
    const file = aFile();
    const [one, other] = [await openShop(file), await openShop(file)];
    const ofOne = one.record('orders', ['message.accepted']);
    const ofOther = other.record('orders', ['message.accepted']);
    for (const id of ['1', '2', '1', '2']) {
      await one.sol.write('email', id);
      await one.pass(1);
      await other.pass(1);
    }
    await ofOne.stop();
    await one.sol.write('email', '1');
    await other.settle();
    const ids = [...ofOne.events, ...ofOther.events].map(({ id }) => id);
    expect(ids).toHaveLength(5);
    expect(new Set(ids).size).toBe(5);
    expect(ofOther.events.length).toBeGreaterThan(0);
  });

  it('in another process once a silent one’s lease has run out, and not while a handler only takes its time', async () => {
    const file = aFile();
    const [slow, other] = [await openShop(file), await openShop(file)];
    let finish = (): void => undefined;
    const ofSlow: StoredEvent[] = [];
    slow.posthorn.subscribe('orders', ['message.accepted'], (event) => {
      ofSlow.push(event);
      return new Promise<void>((resolve) => {
        finish = resolve;
      });
    });
    await slow.sol.write('email', '1');
    await slow.settle();
    expect(ofSlow).toHaveLength(1);
    const { events } = other.record('orders', ['message.accepted']);
    for (let seconds = 0; seconds < 90; seconds += 5) {
      await slow.pass(5);
      await other.pass(5);
    }
    expect(events, 'its holder lives').toEqual([]);

    await other.pass(35);
    expect(
      events.map(({ id }) => id),
      'its holder says nothing any more',
    ).toEqual([ofSlow[0]?.id]);
    // The one that wakes has lost it: it neither takes back nor passes what the other has.
    finish();
    await slow.settle();
    await other.sol.write('email', '2');
    await other.settle();
    await slow.settle();
    expect(addressesOf(events)).toEqual(['anna@example.dk', 'bo@example.dk']);
    expect(ofSlow).toHaveLength(1);
  });

  it('in the same process as soon as the store is back, though it could not let go while that was away', async () => {
    const backend = sqlite(':memory:');
    let isAway = false;
    const reached = async <R>(call: () => Promise<R>): Promise<R> => {
      if (isAway) throw new Error('It is away.');
      return call();
    };
    const shop = await openShop(undefined, {
      backend: {
        ...backend,
        async open(runtime) {
          const opened = await backend.open(runtime);
          const { subscriptions } = opened.store;
          const leaky = {
            ...subscriptions,
            next: (id: string, limit: number) => reached(() => subscriptions.next(id, limit)),
            release: (id: string, token: string) => reached(() => subscriptions.release(id, token)),
          };
          return { ...opened, store: { ...opened.store, subscriptions: leaky } };
        },
      },
    });
    const { events } = shop.record('orders', ['message.accepted']);
    await shop.sol.write('email', '1');
    await shop.settle();
    isAway = true;
    await shop.sol.write('email', '2');
    await shop.pass(5);
    expect(addressesOf(events)).toEqual(['anna@example.dk']);
    isAway = false;
    await shop.pass(3);
    expect(addressesOf(events)).toEqual(['anna@example.dk', 'bo@example.dk']);
  });

  it('once what it has in hand is done: a stop waits for it, and begins nothing more', async () => {
    const shop = await openShop();
    let finish = (): void => undefined;
    const given: StoredEvent[] = [];
    const { stop } = shop.posthorn.subscribe('orders', ['message.accepted'], (event) => {
      given.push(event);
      return new Promise<void>((resolve) => {
        finish = resolve;
      });
    });
    await shop.sol.write('email', '1');
    await shop.sol.write('email', '2');
    await shop.settle();
    let isStopped = false;
    const stopping = stop().then(() => {
      isStopped = true;
    });
    await shop.pass(2);
    expect(isStopped).toBe(false);
    finish();
    await stopping;
    expect(given).toHaveLength(1);
    const rest = shop.record('orders', ['message.accepted']);
    await shop.settle();
    expect(addressesOf(rest.events)).toEqual(['bo@example.dk']);
  });
});
