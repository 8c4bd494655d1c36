import type { LiveEventMap } from '@posthorn/core';
import { afterEach, describe, expect, it } from 'vitest';
import { type TestPosthorn, type TestPosthornOptions, testPosthorn } from './test-posthorn.ts';

const MINUTE = 60_000;
const open: TestPosthorn[] = [];
afterEach(async () => {
  for (const { posthorn } of open.splice(0)) await posthorn.close();
});

async function setUp(options: TestPosthornOptions = {}): Promise<TestPosthorn> {
  const test = testPosthorn(options);
  open.push(test);
  const { identities } = test.posthorn;
  await identities.save({ key: 'salon', channel: 'email', name: 'Salon Sol', address: 'hej@salonsol.dk' });
  await identities.save({ key: 'salon', channel: 'sms', address: 'SALON' });
  return test;
}

const confirmation = (email: string) => ({
  to: { email, name: 'Anna' },
  email: { subject: 'Vi ses {{ day }}', html: '<p>Hej Anna</p>' },
  data: { day: 'fredag' },
});

describe("a host's unit test", () => {
  it('sees what was sent, as the other side gets it', async () => {
    const { posthorn, sent, sms, settled } = await setUp();
    await posthorn.send(confirmation('anna@example.dk'));
    await posthorn.send({ to: { phone: '+4512345678' }, sms: { text: 'Vi ses' } });
    expect(sent).toEqual([]);
    await settled();
    expect(sent).toMatchObject([
      {
        channel: 'email',
        from: 'hej@salonsol.dk',
        fromName: 'Salon Sol',
        to: 'anna@example.dk',
        toName: 'Anna',
        subject: 'Vi ses fredag',
        attempt: 1,
      },
      { channel: 'sms', from: 'SALON', to: '+4512345678', text: 'Vi ses' },
    ]);
    expect(sent[0]?.html).toContain('<p>Hej Anna</p>');
    expect(sms.sent).toHaveLength(1);
  });

  it('says what becomes of the next messages to an address', async () => {
    const { posthorn, email, settled, advance } = await setUp();
    email.answer('anna@example.dk', 'deferred', 'bounced');
    const bounces: LiveEventMap['message.bounced'][] = [];
    posthorn.on('message.bounced', (event) => bounces.push(event));
    const { id } = await posthorn.send(confirmation('anna@example.dk'));
    await settled();
    expect(await posthorn.messages.get(id)).toMatchObject({ status: 'deferred' });
    await advance(5 * MINUTE);
    expect(await posthorn.messages.get(id)).toMatchObject({ status: 'bounced' });
    expect(bounces.map(({ message, bounce }) => [message.id, bounce.class])).toEqual([[id, 'hard']]);
    expect(email.handedOver).toHaveLength(2);
    expect(email.sent).toHaveLength(0);
  });

  it('moves the time, and everything on the way happens at its own', async () => {
    const { posthorn, clock, sent, advance } = await setUp({ startAt: '2026-11-27T08:00:00Z' });
    const accepted: string[] = [];
    posthorn.on('message.accepted', ({ at }) => accepted.push(at.toISOString()));
    for (const sendAt of ['2026-11-27T09:00:00Z', '2026-11-28T09:00:00Z', '2026-11-30T09:00:00Z']) {
      await posthorn.send({ ...confirmation('anna@example.dk'), sendAt });
    }
    await advance(2 * 24 * 60 * MINUTE);
    expect(accepted).toEqual(['2026-11-27T09:00:00.000Z', '2026-11-28T09:00:00.000Z']);
    expect(new Date(clock.now()).toISOString()).toBe('2026-11-29T08:00:00.000Z');
    expect(sent).toHaveLength(2);
  });

  it('is alone', async () => {
    const one = await setUp();
    const other = await setUp();
    await one.posthorn.send(confirmation('anna@example.dk'));
    await Promise.all([one.settled(), other.settled()]);
    expect([one.sent.length, other.sent.length]).toEqual([1, 0]);
  });
});
