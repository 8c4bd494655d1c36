import { smtp } from '@posthorn/adapter-smtp';
import { startSmtpTestServer } from '@posthorn/testing';
import { expect, it, onTestFinished } from 'vitest';
import { aReport, openReportedSalon, reportingAdapter } from './reported-salon.test-kit.ts';

/** Salons that send through an SMTP relay, for which the webhook of another account reports. */
async function openRelayed() {
  const server = await startSmtpTestServer();
  onTestFinished(() => server.close());
  const relay = { host: '127.0.0.1', port: server.port, authentication: 'none', security: 'none' } as const;
  const { platform: _, ...own } = reportingAdapter('email', 'own');
  const adapters = [smtp(), own, reportingAdapter('email')];
  // The mail server's answers take real time.
  const salons = await openReportedSalon({ adapters, clock: undefined });
  const { sol, salonOf } = salons;
  const maane = await salonOf('maane');
  for (const salon of [sol, maane]) await salon.accounts.save({ key: 'mine', adapter: 'own', settings: {} });
  const nameReporter = (reportedBy?: string) => {
    const settings = { ...relay, ...(reportedBy === undefined ? {} : { reportedBy }) };
    return sol.accounts.save({ key: 'relay', adapter: 'smtp', settings });
  };
  await nameReporter('mine');
  await sol.identities.save({ key: 'salon', channel: 'email', address: 'hej@sol.dk', account: 'relay' });
  const { id } = await sol.write('email');
  const [, token = null] = /"posthorn_token":"([^"]+)"/.exec(`${server.taken[0]?.content}`) ?? [];
  return {
    ...salons,
    nameReporter,
    statusOf: async () => (await sol.messages.get(id))?.status,
    /** As SendGrid names the message. */
    bounced: aReport({ type: 'bounced', token, occurredAt: Date.now() }),
  };
}

it('is the outcome of what left by the relay, where its settings name the account that reports', async () => {
  const { sol, report, bounced, statusOf } = await openRelayed();
  expect(await statusOf()).toBe('accepted');
  expect(await report('mine~sol', { ...bounced, providerId: 'of-sendgrid' })).toBe(204);
  expect(await statusOf()).toBe('bounced');
  expect((await sol.accounts.unmatchedReports('mine')).items).toEqual([]);
});

it.each([
  ["another salon's account of that name", 'mine~maane'],
  ["the platform's", 'test-email'],
])('changes nothing where it comes from %s', async (_case, account) => {
  const { report, bounced, statusOf } = await openRelayed();
  expect(await report(account, bounced)).toBe(204);
  expect(await statusOf()).toBe('accepted');
});

it.each([undefined, 'other'])('changes nothing where the settings name %s', async (reportedBy) => {
  const { report, bounced, statusOf, nameReporter } = await openRelayed();
  await nameReporter(reportedBy);
  expect(await report('mine~sol', bounced)).toBe(204);
  expect(await statusOf()).toBe('accepted');
});

it('changes nothing without our own token, which nobody makes up', async () => {
  const { report, bounced, statusOf } = await openRelayed();
  for (const token of [null, 'made-up'])
    expect(await report('mine~sol', { ...bounced, token, address: 'anna@example.dk' })).toBe(204);
  expect(await statusOf()).toBe('accepted');
});
