import type { Report } from '@posthorn/core';
import { describe, expect, it } from 'vitest';
import { aReport, listen, openReportedSalon } from './reported-salon.test-kit.ts';

const NOON = Date.UTC(2026, 0, 1, 12);
const mailboxFull = {
  bounceClass: 'soft',
  category: 'mailbox_full',
  fault: 'recipient',
  reply: { code: 452, enhanced: '4.2.2', text: 'Mailbox full' },
} as const;

/** A sent email, and what a report of its first attempt names. */
async function sentEmail() {
  const salon = await openReportedSalon();
  const { id } = await salon.sol.write('email');
  const token = salon.email.tokens(id)[0] ?? '';
  const report = (...reports: readonly Report[]) => salon.report('test-email', ...reports);
  return { ...salon, id, token, report };
}

describe('what the provider reports of a message', () => {
  it('is its outcome from now on, and is told live, once', async () => {
    const { sol, id, token, report } = await sentEmail();
    const heard = listen(sol, 'message.accepted', 'message.delivered');
    const delivered = aReport({ type: 'delivered', token });
    expect(await report(delivered)).toBe(204);
    expect(await report(delivered, delivered)).toBe(204);
    expect(await sol.messages.get(id)).toMatchObject({ status: 'delivered', work: 'done' });
    expect(heard).toMatchObject([
      ['message.delivered', { message: { id, status: 'delivered' }, at: new Date(NOON + 30_000) }],
    ]);
    expect((await sol.messages.timeline(id)).map(({ type }) => type)).toEqual([
      'created',
      'accepted',
      'delivered',
    ]);
  });

  it('comes in any order: a bounce before the delivery that it ends', async () => {
    const { sol, id, token, report } = await sentEmail();
    await report(aReport({ type: 'bounced', token, failure: mailboxFull, occurredAt: NOON + 60_000 }));
    await report(aReport({ type: 'delivered', token }));
    await report(aReport({ type: 'deferred', token, failure: mailboxFull }));
    expect(await sol.messages.get(id)).toMatchObject({
      status: 'bounced',
      failure: { class: 'soft', category: 'mailbox_full', reply: mailboxFull.reply },
    });
  });

  it('is “postponed” while the service is still trying, and nothing of ours is tried again', async () => {
    const { sol, email, id, token, report, work, clock } = await sentEmail();
    await report(aReport({ type: 'deferred', token, failure: mailboxFull }));
    expect(await sol.messages.get(id)).toMatchObject({ status: 'deferred', work: 'done', dueAt: null });
    clock.advance(24 * 60 * 60 * 1000);
    await work();
    expect(email.recording.handedOver).toHaveLength(1);
    expect((await sol.messages.timeline(id)).at(-1)).toMatchObject({
      title: 'Udsat',
      sentence: expect.stringContaining('tjenesten forsøger stadig'),
    });
  });

  it('is no news where it says what we know: that the service has taken it', async () => {
    const { sol, id, token, report } = await sentEmail();
    const heard = listen(sol, 'message.accepted');
    await report(aReport({ type: 'accepted', token }));
    expect(heard).toEqual([]);
    expect(await sol.messages.get(id)).toMatchObject({ status: 'accepted' });
  });

  it('settles a message in doubt', async () => {
    const { email, sol, report } = await openReportedSalon();
    email.recording.answer('anna@example.dk', 'unknown');
    const { id } = await sol.write('email');
    expect(await sol.messages.get(id)).toMatchObject({ status: 'unknown' });
    await report('test-email', aReport({ type: 'delivered', token: email.tokens(id)[0] ?? '' }));
    expect(await sol.messages.get(id)).toMatchObject({ status: 'delivered' });
    await expect(sol.messages.resolve([id], 'resend', { by: 'kim' })).rejects.toMatchObject({
      code: 'not_in_doubt',
    });
  });

  it('ends the wait for another attempt where an earlier one has arrived after all', async () => {
    const { email, sol, report, work, clock } = await openReportedSalon();
    email.recording.answer('anna@example.dk', 'deferred');
    const { id } = await sol.write('email');
    expect(await sol.messages.get(id)).toMatchObject({ status: 'deferred', work: 'queued' });
    await report('test-email', aReport({ type: 'delivered', token: email.tokens(id)[0] ?? '' }));
    expect(await sol.messages.get(id)).toMatchObject({ status: 'delivered', work: 'done' });
    clock.advance(24 * 60 * 60 * 1000);
    await work();
    expect(email.recording.handedOver).toHaveLength(1);
  });

  it('belongs to the attempt that its token names: an old bounce is not that of the next attempt', async () => {
    const { email, sol, report, work } = await openReportedSalon();
    email.recording.answer('anna@example.dk', 'unknown');
    const { id } = await sol.write('email');
    await sol.messages.resolve([id], 'resend', { by: 'kim' });
    await work();
    const [first = '', second = ''] = email.tokens(id);
    await report('test-email', aReport({ type: 'bounced', token: first, failure: mailboxFull }));
    expect(await sol.messages.get(id)).toMatchObject({ status: 'accepted', attempts: 2 });
    await report('test-email', aReport({ type: 'delivered', token: second }));
    expect(await sol.messages.get(id)).toMatchObject({ status: 'delivered' });
  });

  it('that we do not know is kept, and neither an error nor a success', async () => {
    const { sol, id, token, report } = await sentEmail();
    expect(await report(aReport({ type: 'other', token, detail: { provider: 'teleported' } }))).toBe(204);
    expect(await sol.messages.get(id)).toMatchObject({ status: 'accepted' });
    expect((await sol.messages.timeline(id, { locale: 'en' })).at(-1)).toMatchObject({
      type: 'reported',
      sentence: 'The service reported something that we do not know: “teleported”.',
    });
  });

  it('is dated by when it came where its own time cannot be', async () => {
    const { sol, id, token, report, clock } = await sentEmail();
    const now = clock.now();
    await report(aReport({ type: 'delivered', token, occurredAt: 8.64e15 }));
    expect((await sol.messages.timeline(id)).at(-1)).toMatchObject({ type: 'delivered', at: new Date(now) });
  });
});

describe('what people and machines do with a message', () => {
  it('stands beside its status, people apart from machines', async () => {
    const { sol, id, token, report } = await sentEmail();
    const heard = listen(sol, 'message.opened', 'message.clicked', 'message.complained');
    const link = { provider: 'click', url: 'https://sol.dk/tider' };
    await report(
      aReport({ type: 'machine_opened', token }),
      aReport({ type: 'opened', token, occurredAt: NOON + 50_000 }),
      aReport({ type: 'opened', token, occurredAt: NOON + 40_000 }),
      aReport({ type: 'clicked', token, detail: link }),
      aReport({ type: 'machine_clicked', token, detail: link }),
    );
    expect(await sol.messages.get(id)).toMatchObject({
      status: 'accepted',
      flags: {
        opened: new Date(NOON + 40_000),
        clicked: new Date(NOON + 30_000),
        machineOpened: new Date(NOON + 30_000),
        machineClicked: new Date(NOON + 30_000),
        complained: null,
        unsubscribed: null,
      },
    });
    expect(heard.map(([name]) => name)).toEqual(['message.opened', 'message.opened', 'message.clicked']);
    expect(heard[2]).toMatchObject(['message.clicked', { url: link.url, message: { id } }]);
    const sentences = (await sol.messages.timeline(id)).map(({ sentence }) => sentence).join('\n');
    expect(sentences).toContain('Anna har fulgt et link i den. Linket: https://sol.dk/tider');
    expect(sentences).toMatch(/Apple Mail.*Om nogen har læst den, siger det intet om\./);
  });
});

describe('a report without our token', () => {
  it('is matched by the provider’s own id, and by the address where that id is a whole request’s', async () => {
    const { email, sol, report } = await openReportedSalon();
    const taken = { status: 'accepted', providerId: 'request-1' } as const;
    email.recording.answer('anna@example.dk', taken);
    email.recording.answer('bo@example.dk', taken);
    const [anna, bo] = [await sol.write('email', '1'), await sol.write('email', '2')];
    const bounced = aReport({ type: 'bounced', providerId: 'request-1', failure: mailboxFull });
    const stranger = { ...bounced, address: 'nobody@example.dk' };
    await report('test-email', { ...bounced, address: 'Bo@Example.dk' }, bounced, stranger);
    expect(await sol.messages.get(anna.id)).toMatchObject({ status: 'accepted' });
    expect(await sol.messages.get(bo.id)).toMatchObject({ status: 'bounced' });
  });

  it('is matched by recipient, account and time where nothing else is known', async () => {
    const { sol, report, clock } = await openReportedSalon();
    const first = await sol.write('email');
    clock.advance(60_000);
    const second = await sol.write('email');
    clock.advance(60_000);
    const at = { address: 'anna@example.dk', occurredAt: NOON + 30_000 };
    await report('test-email', aReport({ type: 'delivered', ...at }));
    expect(await sol.messages.get(first.id)).toMatchObject({ status: 'delivered' });
    expect(await sol.messages.get(second.id)).toMatchObject({ status: 'accepted' });
  });

  it('is nobody’s where the provider’s id says that it is another message', async () => {
    const { email, sol, report, posthorn } = await openReportedSalon();
    email.recording.answer('anna@example.dk', { status: 'accepted', providerId: 'ours' });
    const { id } = await sol.write('email');
    const foreign = aReport({ type: 'bounced', providerId: 'theirs', address: 'anna@example.dk' });
    expect(await report('test-email', foreign, foreign)).toBe(204);
    expect(await sol.messages.get(id)).toMatchObject({ status: 'accepted' });
    expect((await posthorn.accounts.unmatchedReports('test-email')).items).toMatchObject([
      { type: 'bounced', providerId: 'theirs', address: 'anna@example.dk', at: new Date(NOON + 30_000) },
    ]);
  });
});
