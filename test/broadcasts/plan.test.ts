import { recordingAdapter } from '@posthorn/testing';
import { describe, expect, it } from 'vitest';
import { CUSTOMERS, openSalon } from '../messages/salon.test-kit.ts';

const everybody = { source: 'customers', where: { combinator: 'and', rules: [] } };
const booking = {
  template: 'booking',
  channel: 'email',
  data: { reservation: { startsAt: '2026-11-27T10:00' } },
} as const;
const text = { sms: { text: 'Vi lukker kl. 14.' } } as const;

/** A text message costs 0.35 kroner for each letter of it: easy to check. */
function paidSms(price: string | null = '0.35') {
  const estimate = ({ text: { length } }: { text: string }) => ({
    segments: length,
    price: price === null ? null : { amount: (Number(price) * length).toFixed(2), currency: 'DKK' },
  });
  return recordingAdapter({ channel: 'sms', estimate });
}

describe('a plan', () => {
  it('says how many are meant, who gets it, and who does not and why', async () => {
    const { posthorn } = await openSalon();
    await posthorn.suppressions.add({ email: 'anna@example.dk', reason: 'complained' });
    const plan = await posthorn.broadcasts.plan({ ...booking, label: 'Storm', to: everybody });
    expect(plan).toEqual({
      id: expect.any(String),
      label: 'Storm',
      total: 5,
      willReceive: 0,
      messages: {},
      segments: null,
      cost: null,
      skipped: [
        {
          channel: 'email',
          reason: 'suppressed:complained',
          count: 2,
          samples: [
            { source: 'customers', id: '17', name: 'Anna', address: 'anna@example.dk', problem: null },
            { source: 'customers', id: '21', name: 'Annas mand', address: 'anna@example.dk', problem: null },
          ],
        },
        {
          channel: 'email',
          reason: 'no_address',
          count: 2,
          samples: [
            { source: 'customers', id: '18', name: 'Bo', address: null, problem: null },
            { source: 'customers', id: '20', name: 'Dorte', address: null, problem: null },
          ],
        },
        {
          channel: 'email',
          reason: 'invalid_address',
          count: 1,
          samples: [
            { source: 'customers', id: '19', name: 'Carl', address: 'carl(at)example.dk', problem: null },
          ],
        },
      ],
      warnings: [],
    });
  });

  it('shows the first few of many, and counts them all', async () => {
    const { posthorn } = await openSalon();
    const to = Array.from({ length: 700 }, (_, index) => ({ email: `person-${index}@example.dk` }));
    for (const { email } of to.slice(0, 600)) await posthorn.suppressions.add({ email });
    const plan = await posthorn.broadcasts.plan({
      ...booking,
      data: { ...booking.data, customer: { firstName: 'I' } },
      to,
    });
    expect(plan).toMatchObject({ total: 700, willReceive: 100, messages: { email: 100 } });
    expect(plan.skipped).toMatchObject([{ reason: 'suppressed:blocked', count: 600 }]);
    expect(plan.skipped[0]?.samples.map(({ address }) => address)).toEqual(
      to.slice(0, 5).map(({ email }) => email),
    );
  });

  it('sends nothing, and nothing of it can be claimed', async () => {
    const { posthorn, email, drain } = await openSalon();
    const plan = await posthorn.broadcasts.plan({ ...booking, to: everybody });
    expect(await drain()).toEqual({ finished: true });
    expect(email.handedOver).toEqual([]);
    expect((await posthorn.messages.list()).items).toEqual([]);
    expect(await posthorn.broadcasts.get(plan.id)).toMatchObject({
      status: 'planned',
      counts: {},
      template: 'booking',
      plan,
    });
  });

  it('is plain data: what is stored and read again is the same', async () => {
    const { posthorn } = await openSalon();
    const plan = await posthorn.broadcasts.plan({ ...booking, to: everybody });
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });

  it('skips whose own data does not fit the template, and says what is wrong with it', async () => {
    const { posthorn } = await openSalon();
    await posthorn.templates.save({
      key: 'visit',
      email: { subject: 'Vi ses', text: '{{ reservation.startsAt | date }}' },
    });
    const data = new Map<string, unknown>([['17', { reservation: { startsAt: 'next week or so' } }]]);
    const { posthorn: other } = await openSalon({
      recipients: { customers: sourceWith(data) } as never,
    });
    await other.templates.save({
      key: 'visit',
      email: { subject: 'Vi ses', text: '{{ reservation.startsAt | date }}' },
    });
    const plan = await other.broadcasts.plan({ template: 'visit', channel: 'email', to: everybody });
    expect(plan).toMatchObject({ total: 2, willReceive: 1 });
    expect(plan.skipped).toMatchObject([
      {
        reason: 'invalid_data',
        count: 1,
        samples: [{ id: '17', problem: expect.stringContaining('startsAt') }],
      },
    ]);
  });

  it('for whose data nobody fits is an error: the call is wrong, not the customers', async () => {
    const { posthorn } = await openSalon();
    const data = { reservation: { startsAt: 'next week or so' } };
    await expect(
      posthorn.broadcasts.plan({ ...booking, to: everybody, data: data as never }),
    ).rejects.toMatchObject({
      code: 'invalid_tag_value',
      path: 'data.reservation.startsAt',
    });
    expect((await posthorn.broadcasts.list()).items).toEqual([]);
  });

  it('means everybody once, however often they are named', async () => {
    const { posthorn } = await openSalon();
    const where = { combinator: 'and', rules: [{ field: 'email.status', operator: '=', value: 'ok' }] };
    await posthorn.segments.save({ key: 'reachable', source: 'customers', where });
    const plan = await posthorn.broadcasts.plan({
      ...booking,
      to: [
        { source: 'customers', id: '17' },
        { segment: 'reachable' },
        { source: 'customers', where },
        { segment: 'reachable' },
      ],
    });
    expect(plan).toMatchObject({ total: 2, willReceive: 2 });
  });

  it('counts a person once who is written to by two channels', async () => {
    const { posthorn } = await openSalon();
    const plan = await posthorn.broadcasts.plan({
      ...booking,
      channel: { all: ['email', 'sms'] },
      to: everybody,
    });
    expect(plan).toMatchObject({ total: 5, willReceive: 3, messages: { email: 2, sms: 2 } });
  });

  it('says what its text messages cost, part by part', async () => {
    const { posthorn } = await openSalon({ adapters: [recordingAdapter({ channel: 'email' }), paidSms()] });
    const plan = await posthorn.broadcasts.plan({ ...text, channel: 'sms', to: everybody });
    const letters = text.sms.text.length;
    expect(plan).toMatchObject({
      willReceive: 2,
      segments: 2 * letters,
      cost: { amount: (2 * letters * 0.35).toFixed(2), currency: 'DKK' },
    });
  });

  it('knows the parts where no price is said', async () => {
    const { posthorn } = await openSalon({ adapters: [paidSms(null)] });
    const plan = await posthorn.broadcasts.plan({ ...text, channel: 'sms', to: everybody });
    expect(plan).toMatchObject({ segments: 2 * text.sms.text.length, cost: null });
    await expect(posthorn.broadcasts.start(plan.id, { maxCost: '1' })).rejects.toMatchObject({
      code: 'invalid_input',
      path: 'maxCost',
    });
  });

  it('is broken off by its signal', async () => {
    const { posthorn } = await openSalon();
    const reason = new Error('the person has left the page');
    const plan = (signal: AbortSignal) => posthorn.broadcasts.plan({ ...booking, to: everybody }, { signal });
    await expect(plan(AbortSignal.abort(reason))).rejects.toBe(reason);
    const leaving = new AbortController();
    const planning = plan(leaving.signal);
    leaving.abort(reason);
    await expect(planning).rejects.toBe(reason);
    expect((await posthorn.broadcasts.list()).items).toEqual([]);
  });

  it.each([
    [{ ...booking, to: { source: 'custmers', where: everybody.where } }, 'unknown_source', 'to.source'],
    [{ ...booking, to: { segment: 'regulars' } }, 'unknown_segment', 'to.segment'],
    [{ ...booking, to: { source: 'customers', id: '4711' } }, 'unknown_recipient', 'to'],
    [{ ...booking, template: 'bookng', to: everybody }, 'unknown_template', 'template'],
    [{ ...booking, to: everybody, key: 'once' }, 'invalid_input', ''],
    [{ ...booking, to: everybody, sendAt: '2026-11-27T10:00' }, 'invalid_input', ''],
    [{ ...booking, to: everybody, label: 7 }, 'invalid_input', 'label'],
    [{ ...booking }, 'invalid_input', 'to'],
    [null, 'invalid_input', ''],
  ])('that makes no sense is refused: %j', async (input, code, path) => {
    const { posthorn } = await openSalon();
    await expect(posthorn.broadcasts.plan(input as never)).rejects.toMatchObject({
      code,
      path: expect.stringMatching(new RegExp(`^${path}`)),
    });
  });
});

/** Two customers, with tag values of the first. */
function sourceWith(data: ReadonlyMap<string, unknown>) {
  const rows = CUSTOMERS.filter(({ id }) => id === '17' || id === '21');
  return {
    label: 'Customers',
    tenantAware: false,
    fields: {},
    byIds: async () => rows,
    find: async () => ({ recipients: rows, next: null }),
    data: async () => new Map([['21', { reservation: { startsAt: '2026-11-27T10:00' } }], ...data]),
  };
}
