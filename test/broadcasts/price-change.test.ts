import { arrayRecipients, type MessageCost } from '@posthorn/core';
import { recordingAdapter, testPosthorn } from '@posthorn/testing';
import { expect, it, onTestFinished } from 'vitest';

type Price = MessageCost['price'];

/** Somebody who is written to by text messages, and their price, which may change. */
async function openShop() {
  let price: Price = { amount: '1.00', currency: 'DKK' };
  const paid = recordingAdapter({
    channel: 'sms',
    key: 'paid',
    estimate: () => ({ segments: 1, price }),
  });
  const { posthorn, settled } = testPosthorn({
    adapters: [paid],
    recipients: {
      customers: arrayRecipients({
        label: 'Customers',
        rows: [{ id: '1', phone: '+4520000001' }],
        id: 'id',
        phone: 'phone',
      }),
    },
  });
  onTestFinished(() => posthorn.close());
  await posthorn.identities.save({ key: 'shop', channel: 'sms', address: 'SHOP', account: 'paid' });
  const where = { combinator: 'and', rules: [] };
  const { id } = await posthorn.broadcasts.plan({ to: { source: 'customers', where }, sms: { text: 'Hi' } });
  const start = async (maxCost: string, changed: Price) => {
    price = changed;
    await posthorn.broadcasts.start(id, { maxCost });
    await settled();
    return { sent: paid.sent.length, broadcast: await posthorn.broadcasts.get(id) };
  };
  return { start };
}

it.each<[string, Price, string]>([
  ['is not said any more', null, 'cannot be said'],
  ['is in another currency', { amount: '0.90', currency: 'EUR' }, '0.90 EUR'],
])('what may cost so much is refused where the price %s', async (_, changed, message) => {
  const { start } = await openShop();
  const { sent, broadcast } = await start('2.00', changed);
  expect(sent).toBe(0);
  expect(broadcast).toMatchObject({
    status: 'refused',
    failure: { code: 'too_expensive', message: expect.stringContaining(message) },
  });
});

it('and leaves where the price is another one in the same currency', async () => {
  const { start } = await openShop();
  expect(await start('2.00', { amount: '1.90', currency: 'DKK' })).toMatchObject({
    sent: 1,
    broadcast: { status: 'finished' },
  });
});
