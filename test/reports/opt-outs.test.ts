import { describe, expect, it } from 'vitest';
import { aReport, listen, openReportedSalon } from './reported-salon.test-kit.ts';

const NOON = Date.UTC(2026, 0, 1, 12);
const ANNA = { email: 'anna@example.dk' };
const PHONE = { phone: '+4520123456' };

/** What a recipient answers to a text message; the provider tells no time. */
const answer = (type: 'unsubscribed' | 'resubscribed', providerId: string) =>
  aReport({ type, providerId, address: PHONE.phone, occurredAt: null, detail: { provider: type } });

describe('whoever reports an email as spam', () => {
  it('is not written to any more, and what a person decides of it later stays', async () => {
    const { sol, email, report, clock } = await openReportedSalon();
    const heard = listen(sol, 'message.complained');
    const { id } = await sol.write('email');
    const complaint = aReport({ type: 'complained', token: email.tokens(id)[0] ?? '' });
    await report('test-email', complaint);
    expect(heard).toMatchObject([['message.complained', { message: { id } }]]);
    expect(await sol.suppressions.get(ANNA)).toMatchObject({
      reason: 'complained',
      evidence: { how: 'provider', message: id, occurredAt: new Date(NOON + 30_000).toISOString() },
    });
    expect(await sol.write('email')).toMatchObject({ status: 'skipped', reason: 'suppressed:complained' });
    clock.advance(60_000);
    await sol.suppressions.lift({ ...ANNA, by: 'kim' });
    await report('test-email', complaint);
    expect(await sol.suppressions.get(ANNA)).toBeNull();
  });
});

describe('whoever unsubscribes at the provider', () => {
  it('is not written to until they take it back', async () => {
    const { sol, email, report } = await openReportedSalon();
    const heard = listen(sol, 'address.unsubscribed', 'address.resubscribed');
    const { id } = await sol.write('email');
    const token = email.tokens(id)[0] ?? '';
    const leaves = aReport({ type: 'unsubscribed', token, list: '17' });
    await report('test-email', leaves, leaves);
    expect(await sol.suppressions.get(ANNA)).toMatchObject({
      reason: 'unsubscribed',
      address: 'anna@example.dk',
      evidence: { how: 'provider', list: '17', message: id },
    });
    expect((await sol.messages.get(id))?.flags.unsubscribed).toEqual(new Date(NOON + 30_000));
    const returns = aReport({ type: 'resubscribed', token, list: '17', occurredAt: NOON + 40_000 });
    await report('test-email', returns, leaves);
    expect(await sol.suppressions.get(ANNA)).toBeNull();
    expect((await sol.messages.get(id))?.flags.unsubscribed).toBeNull();
    const event = {
      tenant: 'sol',
      channel: 'email',
      address: 'anna@example.dk',
      messageId: id,
      broadcast: null,
    };
    expect(heard).toEqual([
      ['address.unsubscribed', { ...event, at: new Date(NOON + 30_000) }],
      ['address.resubscribed', { ...event, at: new Date(NOON + 40_000) }],
    ]);
  });

  it('stays so where an old word arrives late, of whichever message', async () => {
    const { sol, email, report } = await openReportedSalon();
    const [one, other] = [await sol.write('email'), await sol.write('email')];
    const [token = ''] = email.tokens(one.id);
    const [late = ''] = email.tokens(other.id);
    await report('test-email', aReport({ type: 'unsubscribed', token, occurredAt: NOON + 9_000 }));
    await report('test-email', aReport({ type: 'resubscribed', token: late, occurredAt: NOON + 8_000 }));
    expect(await sol.suppressions.get(ANNA)).toMatchObject({ reason: 'unsubscribed' });
  });

  it('is not written to for joining one list again, once everything was refused', async () => {
    const { sol, email, report } = await openReportedSalon();
    const { id } = await sol.write('email');
    const token = email.tokens(id)[0] ?? '';
    const at = (second: number) => ({ token, occurredAt: NOON + second * 1000 });
    await report(
      'test-email',
      aReport({ type: 'unsubscribed', list: '17', ...at(1) }),
      aReport({ type: 'unsubscribed', ...at(2) }),
      aReport({ type: 'resubscribed', list: '17', ...at(3) }),
    );
    expect(await sol.suppressions.get(ANNA)).toMatchObject({ reason: 'unsubscribed' });
    expect((await sol.suppressions.get(ANNA))?.evidence).not.toHaveProperty('list');
  });

  it('stays blocked, invalid or unsubscribed by hand whatever the provider reports', async () => {
    const { sol, email, report } = await openReportedSalon();
    const { id } = await sol.write('email');
    for (const reason of ['blocked', 'invalid', 'unsubscribed'] as const) {
      await sol.suppressions.add({ ...ANNA, reason, by: 'kim' });
    }
    const token = email.tokens(id)[0] ?? '';
    await report(
      'test-email',
      aReport({ type: 'unsubscribed', token, occurredAt: NOON + 1_000 }),
      aReport({ type: 'resubscribed', token, occurredAt: NOON + 2_000 }),
    );
    const history = await sol.suppressions.history(ANNA);
    expect(history.map(({ reason, liftedAt }) => [reason, liftedAt]).sort()).toEqual([
      ['blocked', null],
      ['invalid', null],
      ['unsubscribed', null],
    ]);
  });
});

describe('whoever answers STOP', () => {
  it('gets no more from any salon that has written to the number by that account', async () => {
    const { posthorn, salonOf, sol, report, clock } = await openReportedSalon();
    const maane = await salonOf('maane');
    const stranger = await salonOf('fremmed');
    const first = await sol.write('sms');
    const second = await maane.write('sms', '3');
    const heard = listen(posthorn, 'address.unsubscribed', 'address.resubscribed');
    await report('test-sms', answer('unsubscribed', 'SM1'));
    for (const [salon, { id }] of [
      [sol, first],
      [maane, second],
    ] as const) {
      expect(await salon.suppressions.get(PHONE)).toMatchObject({
        reason: 'unsubscribed',
        evidence: { how: 'reply', providerId: 'SM1', message: id },
      });
    }
    expect(await stranger.suppressions.get(PHONE)).toBeNull();
    expect(heard).toMatchObject([
      ['address.unsubscribed', { tenant: 'maane', channel: 'sms', address: PHONE.phone }],
      ['address.unsubscribed', { tenant: 'sol', channel: 'sms', address: PHONE.phone }],
    ]);
    clock.advance(1_000);
    await report('test-sms', answer('resubscribed', 'SM2'));
    const { id } = await sol.write('sms');
    expect(await sol.messages.get(id)).toMatchObject({ status: 'accepted' });
  });

  it('and then START is written to, though somebody plays the STOP again', async () => {
    const { sol, report, clock } = await openReportedSalon();
    await sol.write('sms');
    const say = async (type: 'unsubscribed' | 'resubscribed', providerId: string) => {
      clock.advance(1_000);
      expect(await report('test-sms', answer(type, providerId))).toBe(204);
    };
    await say('unsubscribed', 'SM1');
    await say('unsubscribed', 'SM2');
    await say('resubscribed', 'SM3');
    const last = await sol.write('sms');
    await say('unsubscribed', 'SM1');
    await say('unsubscribed', 'SM2');
    expect(await sol.suppressions.get(PHONE)).toBeNull();
    expect((await sol.messages.get(last.id))?.flags.unsubscribed).toBeNull();
    await say('unsubscribed', 'SM4');
    await say('resubscribed', 'SM3');
    expect(await sol.suppressions.get(PHONE)).toMatchObject({ evidence: { providerId: 'SM4' } });
  });

  it('to a number to which nobody has written is kept for somebody to see', async () => {
    const { posthorn, sol, report } = await openReportedSalon();
    await report('test-sms', answer('unsubscribed', 'SM1'));
    expect(await sol.suppressions.get(PHONE)).toBeNull();
    expect((await posthorn.accounts.unmatchedReports('test-sms')).items).toMatchObject([
      { type: 'unsubscribed', address: PHONE.phone, providerId: 'SM1' },
    ]);
  });
});
