import { describe, expect, it } from 'vitest';
import { everybody, openSalon } from './salon.test-kit.ts';

const HOUR = 3_600_000;
const sms = { text: 'Hej' };
const to = { phone: '20112233' };
const limits = { 'test-sms': { perRecipientPerDay: 2 } };

describe('an account that sends so many messages to one number within a day', () => {
  it('skips what would be more, says why, and begins anew when a day is over', async () => {
    const { posthorn, clock, allSent } = openSalon([], { limits });
    await posthorn.send({ channel: 'sms', to, sms });
    clock.advance(HOUR);
    await posthorn.send({ channel: 'sms', to, sms });
    await allSent();
    const third = await posthorn.send({ channel: 'sms', to, sms });
    expect(third).toMatchObject({ status: 'skipped', reason: 'recipient_limit' });
    const [, skipped] = await posthorn.messages.timeline(third.id, { locale: 'da' });
    expect(skipped?.sentence).toContain('inden for et døgn');
    expect(await posthorn.send({ channel: 'sms', to: { phone: '20112244' }, sms })).toMatchObject({
      status: 'queued',
    });
    clock.advance(23 * HOUR + 1);
    expect(await posthorn.send({ channel: 'sms', to, sms })).toMatchObject({ status: 'queued' });
    expect(await posthorn.send({ channel: 'sms', to, sms })).toMatchObject({ reason: 'recipient_limit' });
  });

  it('counts neither what was canceled nor what was skipped', async () => {
    const { posthorn } = openSalon([], { limits });
    const first = await posthorn.send({ channel: 'sms', to, sms });
    await posthorn.messages.cancel(first.id);
    await posthorn.send({ channel: 'sms', to, sms });
    await posthorn.suppressions.add({ phone: '20112233' });
    expect(await posthorn.send({ channel: 'sms', to, sms })).toMatchObject({ reason: 'suppressed:blocked' });
    await posthorn.suppressions.lift({ phone: '20112233' });
    expect(await posthorn.send({ channel: 'sms', to, sms })).toMatchObject({ status: 'queued' });
  });

  it('counts a message on the day it leaves', async () => {
    const { posthorn, clock } = openSalon([], { limits });
    const on = (days: number) => new Date(clock.now() + days * 24 * HOUR);
    for (const days of [3, 5, 7]) {
      const sendAt = on(days);
      expect(await posthorn.send({ channel: 'sms', to, sms, sendAt })).toMatchObject({ status: 'scheduled' });
    }
    await posthorn.send({ channel: 'sms', to, sms, sendAt: on(3.5) });
    expect(await posthorn.send({ channel: 'sms', to, sms, sendAt: on(2.9) })).toMatchObject({
      reason: 'recipient_limit',
    });
  });

  it('counts within one call, and within a broadcast: a family shares a number', async () => {
    const family = ['1', '2', '3'].map((id) => ({ id, phone: '20112233' }));
    const { posthorn, allSent } = openSalon(family, { limits });
    const plan = await posthorn.broadcasts.plan({ channel: 'sms', to: everybody, sms });
    expect(plan).toMatchObject({ willReceive: 2, skipped: [{ reason: 'recipient_limit', count: 1 }] });
    await posthorn.broadcasts.start(plan.id);
    expect(await allSent()).toHaveLength(2);
  });

  it('lets no more through to somebody who asks for many codes in the same moment', async () => {
    const { posthorn, allSent } = openSalon([], { limits });
    const code = { channel: 'sms', to, sms: { text: 'Din kode er 1234' } } as const;
    const messages = await Promise.all(Array.from({ length: 20 }, () => posthorn.send(code)));
    expect(messages.filter(({ reason }) => reason === 'recipient_limit')).toHaveLength(18);
    expect(await allSent()).toHaveLength(2);
  });

  it('answers a repeated call as before, though the number has had enough since', async () => {
    const { posthorn } = openSalon([], { limits });
    const send = (key: string) => posthorn.send({ channel: 'sms', to, sms, key });
    const first = await send('1');
    const others = await Promise.all(['2', '3', '4'].map(send));
    const again = await Promise.all(['1', '2', '3', '4'].map(send));
    expect(again).toEqual([first, ...others].map((message) => ({ ...message, repeated: true })));
  });

  it('sends it no oftener again by many hands at once', async () => {
    const { posthorn, allSent } = openSalon([], { limits });
    const { id } = await posthorn.send({ channel: 'sms', to, sms });
    await Promise.all(Array.from({ length: 5 }, () => posthorn.messages.resend(id)));
    expect(await allSent()).toHaveLength(2);
  });

  it('does not count what other tenants write', async () => {
    const { posthorn } = openSalon([], { limits });
    for (const tenant of ['sol', 'sol', 'luna']) {
      expect(await posthorn.tenant(tenant).send({ channel: 'sms', to, sms })).toMatchObject({
        status: 'queued',
      });
    }
    expect(await posthorn.tenant('sol').send({ channel: 'sms', to, sms })).toMatchObject({
      reason: 'recipient_limit',
    });
  });
});
