import { recordingAdapter } from '@posthorn/testing';
import { describe, expect, it } from 'vitest';
import { everybody, LETTER, memberOf, openHall } from './hall.test-kit.ts';

const HOUR = 3_600_000;
const SMS = { channel: 'sms', to: everybody, sms: { text: 'Closed on Friday' } } as const;

/** A club whose text messages cost 0.35 kroner each. */
async function openPaidHall(members: number) {
  const estimate = () => ({ segments: 1, price: { amount: '0.35', currency: 'DKK' } });
  const paid = recordingAdapter({ channel: 'sms', key: 'paid', estimate });
  const hall = await openHall({ members, adapters: [paid] });
  const { identities } = hall.posthorn;
  await identities.save({ key: 'club', channel: 'sms', address: 'CLUB', account: 'paid' });
  return { ...hall, paid };
}

describe('a broadcast that is to leave later', () => {
  it('waits complete, and leaves at its time', async () => {
    const { posthorn, clock, email, settled, advance, look } = await openHall();
    const { id } = await posthorn.broadcasts.plan({ to: everybody, ...LETTER });
    const at = new Date(clock.now() + 2 * HOUR);
    expect(await posthorn.broadcasts.start(id, { at })).toMatchObject({ status: 'listing', startAt: at });
    await settled();
    expect(await look(id)).toMatchObject({ status: 'scheduled', counts: { scheduled: 10 } });
    await advance(2 * HOUR - 1);
    expect(email.handedOver).toEqual([]);
    await advance(1);
    expect(email.sent).toHaveLength(10);
    expect(await look(id)).toMatchObject({ status: 'finished', counts: { accepted: 10 } });
  });

  it.each([
    ['in winter', '2026-03-28T12:00:00Z', '2026-03-28T14:30', '2026-03-28T13:30:00Z'],
    [
      'on the day on which the clock is set forward',
      '2026-03-28T12:00:00Z',
      '2026-03-29T08:00',
      '2026-03-29T06:00:00Z',
    ],
    [
      'on the day on which it is set back',
      '2026-10-24T12:00:00Z',
      '2026-10-25T08:00',
      '2026-10-25T07:00:00Z',
    ],
  ])('means the clock on the tenant’s wall, %s', async (_, now, wall, utc) => {
    const { posthorn, email, settled, advance, clock } = await openHall({
      startAt: now,
      options: { timeZone: 'Europe/Copenhagen' },
    });
    const { id } = await posthorn.broadcasts.plan({ to: everybody, ...LETTER });
    const { startAt } = await posthorn.broadcasts.start(id, { at: wall });
    expect(startAt?.toISOString()).toBe(new Date(utc).toISOString());
    await settled();
    await advance(Date.parse(utc) - clock.now() - 1);
    expect(email.handedOver).toEqual([]);
    await advance(1);
    expect(email.sent).toHaveLength(10);
  });

  it('tells the time at which it leaves, not that of the plan', async () => {
    const { posthorn, email, settled, advance } = await openHall({ members: 1 });
    const { id } = await posthorn.broadcasts.plan({
      to: everybody,
      email: { subject: 'Today', text: '{{ now | date: "%Y-%m-%d" }}' },
    });
    await posthorn.broadcasts.start(id, { at: '2026-01-03T08:00:00Z' });
    await settled();
    await advance(48 * HOUR);
    expect(email.sent.map(({ text }) => text)).toEqual(['2026-01-03']);
  });

  it.each(['now', '2026-13-01T10:00', 'tomorrow', ''])('is refused where %j is no time', async (at) => {
    const { posthorn } = await openHall();
    const { id } = await posthorn.broadcasts.plan({ to: everybody, ...LETTER });
    await expect(posthorn.broadcasts.start(id, { at })).rejects.toMatchObject({
      code: 'invalid_input',
      path: 'at',
    });
    expect((await posthorn.broadcasts.get(id))?.status).toBe('planned');
  });

  it('is refused where its messages would have expired by then', async () => {
    const { posthorn, clock } = await openHall();
    const expiresAt = new Date(clock.now() + HOUR);
    const { id } = await posthorn.broadcasts.plan({ to: everybody, ...LETTER, expiresAt });
    const late = posthorn.broadcasts.start(id, { at: new Date(clock.now() + 2 * HOUR) });
    await expect(late).rejects.toMatchObject({ code: 'invalid_input', path: 'expiresAt' });
    expect((await posthorn.broadcasts.get(id))?.status).toBe('planned');
    clock.advance(2 * HOUR);
    await expect(posthorn.broadcasts.start(id)).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('a broadcast that may cost so much', () => {
  it('is not started where its plan is dearer', async () => {
    const { posthorn } = await openPaidHall(3);
    const { id, cost } = await posthorn.broadcasts.plan(SMS);
    expect(cost).toEqual({ amount: '1.05', currency: 'DKK' });
    await expect(posthorn.broadcasts.start(id, { maxCost: '1.04' })).rejects.toMatchObject({
      name: 'ConflictError',
      code: 'too_expensive',
      path: 'maxCost',
      message: expect.stringContaining('1.05 DKK'),
    });
    expect((await posthorn.broadcasts.start(id, { maxCost: '1.05' })).status).toBe('listing');
  });

  it('is refused where the list turns out dearer, and nobody was written to', async () => {
    const { posthorn, members, paid, settled, advance, look } = await openPaidHall(600);
    const { id } = await posthorn.broadcasts.plan(SMS);
    members.push(memberOf(9_000));
    await posthorn.broadcasts.start(id, { maxCost: '210.00' });
    await settled();
    await advance(HOUR);
    expect(paid.handedOver).toEqual([]);
    expect(await look(id)).toMatchObject({
      status: 'refused',
      failure: { code: 'too_expensive', message: expect.stringContaining('210.35 DKK') },
      counts: { canceled: 601 },
    });
  });

  it('leaves where the list has become cheaper', async () => {
    const { posthorn, members, paid, settled } = await openPaidHall(3);
    const { id } = await posthorn.broadcasts.plan(SMS);
    members.pop();
    await posthorn.broadcasts.start(id, { maxCost: '1.05' });
    await settled();
    expect(paid.sent).toHaveLength(2);
  });

  it.each(['-1', '1,50', 'free', 1.5, '', '1e3'])('is not started with %j', async (maxCost) => {
    const { posthorn } = await openPaidHall(1);
    const { id } = await posthorn.broadcasts.plan(SMS);
    await expect(posthorn.broadcasts.start(id, { maxCost: maxCost as string })).rejects.toMatchObject({
      code: 'invalid_input',
      path: 'maxCost',
    });
  });
});

describe('a plan that is started twice', () => {
  it('leaves once, at the same time or one after the other', async () => {
    const { posthorn, email, settled } = await openHall();
    const { id } = await posthorn.broadcasts.plan({ to: everybody, ...LETTER });
    const both = await Promise.all([posthorn.broadcasts.start(id), posthorn.broadcasts.start(id)]);
    expect(both.map((it) => it.id)).toEqual([id, id]);
    await settled();
    expect((await posthorn.broadcasts.start(id)).status).toBe('finished');
    await settled();
    expect(email.handedOver).toHaveLength(10);
  });

  it('with other options is an error', async () => {
    const { posthorn, clock, email, settled, advance } = await openHall();
    const { id } = await posthorn.broadcasts.plan({ to: everybody, ...LETTER });
    const at = new Date(clock.now() + HOUR);
    await posthorn.broadcasts.start(id, { at });
    await expect(posthorn.broadcasts.start(id)).rejects.toMatchObject({ code: 'broadcast_state' });
    await posthorn.broadcasts.start(id, { at });
    await advance(2 * HOUR);
    await settled();
    expect(email.handedOver).toHaveLength(10);
  });

  it('is unknown where there is none by that id', async () => {
    const { posthorn } = await openHall();
    for (const call of ['start', 'pause', 'resume', 'cancel', 'retryFailed'] as const) {
      await expect(posthorn.broadcasts[call]('nothing')).rejects.toMatchObject({
        code: 'unknown_broadcast',
        path: 'id',
      });
    }
    expect(await posthorn.broadcasts.get('nothing')).toBeNull();
  });
});
