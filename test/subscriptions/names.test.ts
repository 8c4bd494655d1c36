import { describe, expect, it } from 'vitest';
import { passUntilSettled } from '../clock.test-kit.ts';
import { countsOf } from '../database.test-kit.ts';
import { addressesOf, aFile, openShop } from './shop.test-kit.ts';

describe('the names that have been subscribed to', () => {
  it('are listed with what waits for each, and for how long', async () => {
    const file = aFile();
    const first = await openShop(file);
    await first.record('orders', ['message.accepted', 'message.bounced']).stop();
    await first.record('crm', ['message.opened'], first.sol).stop();
    const since = first.clock.now();
    await first.sol.write('email', '1');
    await first.sol.write('email', '2');
    const [orders, ...more] = await first.posthorn.subscriptions.list();
    expect(more).toEqual([]);
    expect(orders).toMatchObject({
      name: 'orders',
      types: ['message.accepted', 'message.bounced'],
      createdAt: new Date(since),
      waiting: 2,
    });
    expect(orders?.waitingSince?.getTime()).toBeGreaterThanOrEqual(since);
    expect(await first.sol.subscriptions.list()).toMatchObject([
      { name: 'crm', waiting: 0, waitingSince: null },
    ]);
  });

  it('are removed with all that waits, in a file too, and begin anew when somebody subscribes again', async () => {
    const file = aFile();
    const shop = await openShop(file);
    await shop.record('orders', ['message.accepted']).stop();
    for (let i = 0; i < 3; i += 1) await shop.sol.write('email');
    expect(countsOf(file).posthorn_feed).toBe(3);
    expect(await shop.sol.subscriptions.remove('orders'), 'it is not the salon’s').toBe(false);
    expect(await shop.posthorn.subscriptions.remove('orders')).toBe(true);
    expect(await shop.posthorn.subscriptions.remove('orders')).toBe(false);
    expect(await shop.posthorn.subscriptions.list()).toEqual([]);
    await shop.sol.write('email');
    expect(countsOf(file).posthorn_feed).toBe(0);

    const { events } = shop.record('orders', ['message.accepted']);
    await shop.sol.write('email', '2');
    await shop.settle();
    expect(addressesOf(events)).toEqual(['bo@example.dk']);
  });

  it('that are removed while a handler is at work give it nothing more, here and in other processes', async () => {
    const file = aFile();
    const [one, other] = [await openShop(file), await openShop(file)];
    const ofOne = one.record('orders', ['message.accepted']);
    await one.settle();
    await other.posthorn.subscriptions.remove('orders');
    await one.settle();
    await one.sol.write('email');
    await one.settle();
    expect(ofOne.events).toEqual([]);
    const again = one.record('orders', ['message.accepted']);
    await one.sol.write('email');
    await one.posthorn.subscriptions.remove('orders');
    await one.settle();
    expect(again.events.length).toBeLessThanOrEqual(1);
  });
});

describe('who subscribes in a wrong way', () => {
  it.each([
    ['message.bounce', 'Did you mean "message.bounced"?'],
    ['message.queued', 'It is told as it happens, and not stored: listen to it with on().'],
    ['account.paused', 'It is told as it happens, and not stored: listen to it with on().'],
    ['toString', expect.stringContaining('Known: ')],
  ])('to %s is told at once what was meant', async (type, advice) => {
    const { posthorn } = await openShop();
    expect(() => posthorn.subscribe('crm', ['message.opened', type as 'message.opened'], () => {})).toThrow(
      expect.objectContaining({ code: 'invalid_input', path: 'types[1]', advice }),
    );
  });

  it('to no types, under no name or without a handler is told so', async () => {
    const { posthorn } = await openShop();
    expect(() => posthorn.subscribe('crm', [], () => {})).toThrow(expect.objectContaining({ path: 'types' }));
    expect(() => posthorn.subscribe('the crm', ['message.opened'], () => {})).toThrow(
      /name of a subscription/,
    );
    expect(() => posthorn.subscribe('crm', ['message.opened'], undefined as never)).toThrow(/no function/);
  });

  it('twice under one name is told so, until the first has been stopped', async () => {
    const shop = await openShop();
    const first = shop.record('crm', ['message.opened']);
    expect(() => shop.record('crm', ['message.clicked'])).toThrow(expect.objectContaining({ path: 'name' }));
    await first.stop();
    expect(() => shop.record('crm', ['message.clicked'])).not.toThrow();
  });

  it('after the end is told that it has ended', async () => {
    const shop = await openShop();
    await passUntilSettled(shop.clock, shop.posthorn.close());
    expect(() => shop.record('crm', ['message.opened'])).toThrow(expect.objectContaining({ code: 'closed' }));
  });
});
