import { describe, expect, it } from 'vitest';
import { everybody } from './salon.test-kit.ts';
import { openTwilioSalon } from './twilio-salon.test-kit.ts';

const DANE = { id: '1', phone: '+4520123456' };
const SWEDE = { id: '2', phone: '+46701234567' };
const settings = { from: '+4520000000', price: { amount: { DK: '0.35' }, currency: 'DKK' } };
const text = { channel: 'sms', to: everybody, sms: { text: 'Hej' } } as const;

describe('a broadcast to a country that no price is said for', () => {
  it.each([
    ['before', [SWEDE, DANE]],
    ['behind', [DANE, SWEDE]],
  ])('has no cost, %s those that have a price, and the plan says why', async (_place, customers) => {
    const { posthorn } = await openTwilioSalon({ customers, settings });
    const plan = await posthorn.broadcasts.plan(text);
    expect(plan).toMatchObject({ willReceive: 2, segments: 2, cost: null });
    expect(plan.warnings).toEqual([
      {
        code: 'no_price',
        message:
          '1 sms går til lande, som kontoen ikke kender nogen pris for, så ingen ved, hvad det hele koster.',
      },
    ]);
    const english = await posthorn
      .tenant('london', { locale: 'en' })
      .broadcasts.plan({ ...text, to: customers.map(({ phone }) => ({ phone })) });
    expect(english.warnings[0]?.message).toBe(
      '1 text messages are to countries that the account says no price for, so nobody knows what all of it costs.',
    );
  });

  it('cannot be started with a bound, as it might cost more', async () => {
    const { posthorn } = await openTwilioSalon({ customers: [DANE, SWEDE], settings });
    const { id } = await posthorn.broadcasts.plan(text);
    await expect(posthorn.broadcasts.start(id, { maxCost: '1000.00' })).rejects.toMatchObject({
      code: 'invalid_input',
      path: 'maxCost',
    });
  });

  it('is not warned about where the account says no price at all', async () => {
    const { posthorn } = await openTwilioSalon({
      customers: [DANE, SWEDE],
      settings: { ...settings, price: undefined },
    });
    expect(await posthorn.broadcasts.plan(text)).toMatchObject({ segments: 2, cost: null, warnings: [] });
  });
});
