import { describe, expect, it } from 'vitest';
import { aReport } from '../reports/reported-salon.test-kit.ts';
import { addressesOf, aFile, aMailing, openShop } from './shop.test-kit.ts';

describe('a shop that keeps its own records', () => {
  it('is given what became of each message, with the message and the event’s own id', async () => {
    const shop = await openShop();
    const { events } = shop.record('orders', ['message.accepted', 'message.bounced']);
    const { id } = await shop.sol.write('email');
    const [token = null] = shop.email.tokens(id);
    const failure = { category: 'mailbox_full', fault: 'recipient', bounceClass: 'soft' } as const;
    await shop.report('test-email', aReport({ type: 'bounced', token, failure }));
    await shop.settle();
    const [accepted, bounced] = events;
    expect(accepted).toMatchObject({ type: 'message.accepted', tenant: 'sol', message: { id } });
    expect(bounced).toMatchObject({
      type: 'message.bounced',
      message: { id, status: 'bounced', to: { address: 'anna@example.dk' } },
      at: new Date('2026-01-01T12:00:30Z'),
      bounce: { class: 'soft', category: 'mailbox_full', fault: 'recipient', reply: null },
    });
    expect(events).toHaveLength(2);
    expect(bounced?.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(bounced?.id).not.toBe(accepted?.id);
  });

  it('is given what people did, which link they followed, and nothing that it did not ask for', async () => {
    const shop = await openShop();
    const { events } = shop.record('visits', ['message.clicked', 'message.skipped']);
    const { id } = await shop.sol.write('email');
    const [token = null] = shop.email.tokens(id);
    const detail = { provider: 'click', url: 'https://shop.example.dk/sale' };
    await shop.report(
      'test-email',
      aReport({ type: 'opened', token }),
      aReport({ type: 'clicked', token, detail }),
    );
    await shop.sol.suppressions.add({ email: 'anna@example.dk' });
    await shop.sol.write('email');
    await shop.settle();
    expect(events).toMatchObject([
      { type: 'message.clicked', url: 'https://shop.example.dk/sale', message: { id } },
      { type: 'message.skipped', message: { status: 'skipped', reason: 'suppressed:blocked' } },
    ]);
  });

  it('is told who has unsubscribed, and who has come back, once each', async () => {
    const shop = await openShop();
    const { events } = shop.record('newsletter', ['address.unsubscribed', 'address.resubscribed']);
    const { id } = await shop.sol.write('email');
    const [token = null] = shop.email.tokens(id);
    const leaves = aReport({ type: 'unsubscribed', token });
    await shop.report('test-email', leaves, leaves);
    await shop.report('test-email', {
      ...aReport({ type: 'resubscribed', token }),
      occurredAt: Date.UTC(2026, 0, 1, 12, 0, 40),
    });
    // What people of the salon do is no word of the recipient.
    await shop.sol.suppressions.add({ email: 'bo@example.dk', reason: 'unsubscribed', by: 'kim' });
    await shop.sol.suppressions.lift({ email: 'bo@example.dk', by: 'kim' });
    await shop.settle();
    const about = {
      tenant: 'sol',
      channel: 'email',
      address: 'anna@example.dk',
      messageId: id,
      broadcast: null,
    };
    expect(events).toEqual([
      {
        ...about,
        type: 'address.unsubscribed',
        id: expect.any(String),
        at: new Date('2026-01-01T12:00:30Z'),
      },
      {
        ...about,
        type: 'address.resubscribed',
        id: expect.any(String),
        at: new Date('2026-01-01T12:00:40Z'),
      },
    ]);
    expect(events[0]?.id).not.toBe(events[1]?.id);
  });

  it('of one salon hears of that salon only, and two salons may use one name', async () => {
    const shop = await openShop();
    const maane = await shop.salonOf('maane');
    const all = shop.record('crm', ['message.accepted']);
    const ofSol = shop.record('crm', ['message.accepted'], shop.sol);
    const ofMaane = shop.record('crm', ['message.accepted'], maane);
    await shop.sol.write('email', '1');
    await maane.write('email', '3');
    await shop.settle();
    expect(all.events.map(({ tenant }) => tenant)).toEqual(['sol', 'maane']);
    expect(ofSol.events.map(({ tenant }) => tenant)).toEqual(['sol']);
    expect(ofMaane.events.map(({ tenant }) => tenant)).toEqual(['maane']);
  });

  it('is given ten thousand events, each once and in order', async () => {
    const shop = await openShop();
    const { events } = shop.record('orders', ['message.skipped']);
    const { addresses, message } = aMailing(500);
    for (const email of addresses) await shop.sol.suppressions.add({ email });
    for (let mailing = 0; mailing < 20; mailing += 1) await shop.sol.send(message);
    while (events.length < 10_000) await shop.pass(1);
    await shop.settle();
    expect(addressesOf(events)).toEqual(Array.from({ length: 20 }, () => addresses).flat());
    expect(new Set(events.map(({ id }) => id)).size).toBe(10_000);
    expect(await shop.posthorn.subscriptions.list()).toMatchObject([{ waiting: 0, waitingSince: null }]);
  });

  it('that subscribes while messages flow misses nothing that is sent after it', async () => {
    const shop = await openShop(aFile());
    const late = await openShop(aFile());
    for (const { record, sol, settle } of [shop, late]) {
      const { addresses, message } = aMailing(20);
      for (const email of addresses) await sol.suppressions.add({ email });
      const before = Promise.all(Array.from({ length: 5 }, () => sol.send(message)));
      const { events } = record('orders', ['message.skipped']);
      const after = aMailing(20, 'late');
      for (const email of after.addresses) await sol.suppressions.add({ email });
      await sol.send(after.message);
      await before;
      await settle();
      const got = addressesOf(events);
      for (const address of after.addresses) expect(got).toContain(address);
    }
  });

  it('begins with what happens from then on', async () => {
    const shop = await openShop();
    await shop.sol.write('email');
    const { events } = shop.record('orders', ['message.accepted']);
    await shop.settle();
    expect(events).toEqual([]);
    await shop.sol.write('email', '2');
    await shop.settle();
    expect(addressesOf(events)).toEqual(['bo@example.dk']);
  });
});
