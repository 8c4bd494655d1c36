import type { Report } from '@posthorn/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aReport, openReportedSalon } from './reported-salon.test-kit.ts';

const ANNA = { email: 'anna@example.dk' };
const soft = { bounceClass: 'soft', category: 'mailbox_full', fault: 'recipient' } as const;

/** All that a provider may say of one message, some of it at the same instant; times count from when it was made. */
const WORDS: readonly Omit<Report, 'token'>[] = [
  aReport({ type: 'accepted', occurredAt: 20_000 }),
  aReport({ type: 'deferred', occurredAt: 21_000, failure: soft }),
  aReport({ type: 'deferred', occurredAt: 22_000, failure: { ...soft, reply: { text: 'Later' } } }),
  aReport({ type: 'delivered', occurredAt: 30_000 }),
  aReport({ type: 'bounced', occurredAt: 30_000, failure: soft }),
  aReport({ type: 'bounced', occurredAt: 30_000, failure: { ...soft, bounceClass: 'hard' } }),
  aReport({ type: 'rejected', occurredAt: 29_000, failure: { category: 'policy', fault: 'sender' } }),
  aReport({ type: 'failed', occurredAt: 29_000, failure: soft }),
  aReport({ type: 'complained', occurredAt: 49_000 }),
  aReport({ type: 'machine_opened', occurredAt: 31_000 }),
  aReport({ type: 'opened', occurredAt: 41_000 }),
  aReport({ type: 'opened', occurredAt: 33_000 }),
  aReport({ type: 'clicked', occurredAt: 42_000, detail: { url: 'https://sol.dk/a' } }),
  aReport({ type: 'clicked', occurredAt: 42_000, detail: { url: 'https://sol.dk/b' } }),
  aReport({ type: 'unsubscribed', occurredAt: 50_000, list: '17' }),
  aReport({ type: 'unsubscribed', occurredAt: 51_000 }),
  aReport({ type: 'resubscribed', occurredAt: 52_000, list: '17' }),
  aReport({ type: 'unsubscribed', occurredAt: 53_000, list: '18' }),
  aReport({ type: 'resubscribed', occurredAt: 54_000 }),
  aReport({ type: 'other', occurredAt: 55_000, detail: { provider: 'teleported' } }),
];

describe('whatever is reported of one message', () => {
  it('ends the same in every order, with every duplicate, in requests however they are cut', async () => {
    const { sol, email, report } = await openReportedSalon();
    /** What a new message, to a new address, has come to. */
    const endOf = async (to: string, requests: readonly (readonly Omit<Report, 'token'>[])[]) => {
      const { id } = await sol.write('email', '1', { to: { email: to } });
      const madeAt = (await sol.messages.get(id))?.createdAt.getTime() ?? 0;
      const token = email.tokens(id)[0] ?? '';
      for (const request of requests) {
        const reports = request.map((word) => ({
          ...word,
          token,
          occurredAt: madeAt + (word.occurredAt ?? 0),
        }));
        expect(await report('test-email', ...reports)).toBe(204);
      }
      const { status, work, failure, flags = {} } = (await sol.messages.get(id)) ?? {};
      const since = (time: unknown) => (time instanceof Date ? time.getTime() - madeAt : time);
      const flagged = Object.entries(flags).map(([flag, time]) => [flag, since(time)]);
      const events = (await sol.messages.timeline(id)).map(({ type, at }) => [type, since(at)]);
      const mark = await sol.suppressions.get({ email: to });
      // The message's own first events are told by our clock.
      return {
        status,
        work,
        failure,
        flagged,
        mark: mark?.reason,
        list: mark?.evidence.list,
        events: events.slice(2),
      };
    };
    let people = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.subarray([...WORDS], { minLength: 1 }).chain((said) =>
          fc.record({
            said: fc.constant(said),
            mixed: fc
              .array(fc.constantFrom(...said), { maxLength: 10 })
              .chain((again) =>
                fc.shuffledSubarray([...said, ...again], { minLength: said.length + again.length }),
              ),
            cut: fc.nat({ max: 20 }),
          }),
        ),
        async ({ said, mixed, cut }) => {
          people += 1;
          const inOrder = await endOf(`a${people}@example.dk`, [said]);
          const anyhow = await endOf(`b${people}@example.dk`, [mixed.slice(0, cut), mixed.slice(cut)]);
          expect(anyhow).toEqual(inOrder);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('a report that comes', () => {
  it('before we know that the service has taken the message is its outcome all the same', async () => {
    const { sol, email, report, work } = await openReportedSalon();
    const heard: string[] = [];
    sol.on('message.delivered', () => heard.push('delivered'));
    sol.on('message.accepted', () => heard.push('accepted'));
    email.beforeAnswer(async ([envelope]) => {
      await report('test-email', aReport({ type: 'delivered', token: envelope?.returnToken ?? '' }));
    });
    const { id } = await sol.write('email');
    await work();
    expect(heard).toEqual(['delivered']);
    expect(await sol.messages.get(id)).toMatchObject({ status: 'delivered', work: 'done' });
    expect((await sol.messages.timeline(id)).map(({ type }) => type).sort()).toEqual([
      'accepted',
      'created',
      'delivered',
    ]);
  });

  it('twice, from a service that tells no time, is one event', async () => {
    const { sol, sms, report, clock } = await openReportedSalon();
    const { id } = await sol.write('sms');
    const token = sms.tokens(id)[0] ?? '';
    for (let times = 0; times < 3; times += 1) {
      await report('test-sms', aReport({ type: 'delivered', token, occurredAt: null }));
      clock.advance(60_000);
    }
    const timeline = await sol.messages.timeline(id);
    expect(timeline.filter(({ type }) => type === 'delivered')).toHaveLength(1);
  });

  it('nine hundred times of a thousand is written once, and told once', async () => {
    const { sol, email, report } = await openReportedSalon();
    const { id } = await sol.write('email');
    const token = email.tokens(id)[0] ?? '';
    const clicks: string[] = [];
    sol.on('message.clicked', ({ url }) => clicks.push(url ?? ''));
    const said = Array.from({ length: 1_000 }, (_, n) =>
      aReport({ type: 'clicked', token, detail: { url: `https://sol.dk/${n % 100}` } }),
    );
    expect(await report('test-email', ...said)).toBe(204);
    expect(clicks).toHaveLength(100);
    expect((await sol.messages.timeline(id)).filter(({ type }) => type === 'clicked')).toHaveLength(100);
  });

  it('with names of prototypes, halves of characters and absurd times is kept as what it is', async () => {
    const { sol, email, report, clock } = await openReportedSalon();
    const { id } = await sol.write('email');
    const token = email.tokens(id)[0] ?? '';
    const detail = JSON.parse('{"__proto__":{"polluted":true},"constructor":"x","half":"\\ud800"}');
    for (const occurredAt of [-1, 0, 1, 0.5, Number.MAX_SAFE_INTEGER, 8.64e15 + 1]) {
      expect(await report('test-email', aReport({ type: 'clicked', token, detail, occurredAt }))).toBe(204);
    }
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    const message = await sol.messages.get(id);
    const clicked = message?.flags.clicked?.getTime() ?? 0;
    expect(clicked).toBeGreaterThanOrEqual(message?.createdAt.getTime() ?? Number.POSITIVE_INFINITY);
    expect(clicked).toBeLessThanOrEqual(clock.now());
  });
});

describe('a broadcast', () => {
  it('is finished once our work is done, though the service still tries one of its messages', async () => {
    const { sol, email, report, work } = await openReportedSalon();
    const plan = await sol.broadcasts.plan({
      to: [ANNA, { email: 'bo@example.dk' }],
      email: { subject: 'Hej', text: 'Hej' },
    });
    await sol.broadcasts.start(plan.id);
    await work();
    const { items } = await sol.messages.list({ broadcast: plan.id });
    const token = email.tokens(items[0]?.id ?? '')[0] ?? '';
    await report('test-email', aReport({ type: 'deferred', token, failure: soft }));
    const later = await sol.broadcasts.get(plan.id);
    expect(later).toMatchObject({ status: 'finished', counts: { accepted: 1, deferred: 1 } });
    expect(later?.counts).not.toHaveProperty('postponed');
    await report('test-email', aReport({ type: 'bounced', token, failure: soft }));
    expect(await sol.broadcasts.get(plan.id)).toMatchObject({ counts: { accepted: 1, bounced: 1 } });
  });
});
