import { sqlite } from '@posthorn/backend-sqlite';
import type { OpenedBackend } from '@posthorn/core';
import { describe, expect, it } from 'vitest';
import { aReport, openReportedSalon, reportingAdapter } from './reported-salon.test-kit.ts';

/** A platform where each of two salons has an account of its own, by an adapter that brings none for the platform. */
async function openWithOwnAccounts() {
  const { platform: _, ...own } = reportingAdapter('email', 'own');
  const email = reportingAdapter('email');
  const opened = await openReportedSalon({ adapters: [email, own, reportingAdapter('sms')] });
  const maane = await opened.salonOf('maane');
  for (const salon of [opened.sol, maane]) {
    await salon.accounts.save({ key: 'mine', adapter: 'own', settings: {} });
  }
  await opened.sol.identities.save({
    key: 'salon',
    channel: 'email',
    address: 'hej@sol.dk',
    account: 'mine',
  });
  return { ...opened, email, own, maane };
}

describe('a verified account', () => {
  it('touches only messages that left by it', async () => {
    const { sol, maane, own, email, report, posthorn } = await openWithOwnAccounts();
    const ours = await sol.write('email');
    const theirs = await maane.write('email', '3');
    const bounced = [ours, theirs].map(({ id }) =>
      aReport({
        type: 'bounced',
        token: own.tokens(id)[0] ?? email.tokens(id)[0] ?? '',
        address: 'anna@example.dk',
      }),
    );
    await report('mine~maane', ...bounced);
    expect(await sol.messages.get(ours.id)).toMatchObject({ status: 'accepted' });
    expect(await maane.messages.get(theirs.id)).toMatchObject({ status: 'accepted' });
    expect((await maane.accounts.unmatchedReports('mine')).items).toHaveLength(2);
    await report('mine~sol', ...bounced);
    expect(await sol.messages.get(ours.id)).toMatchObject({ status: 'bounced' });
    expect(await maane.messages.get(theirs.id)).toMatchObject({ status: 'accepted' });
    expect((await posthorn.accounts.unmatchedReports('test-email')).items).toEqual([]);
  });

  it('shows what it could not place to its owner alone', async () => {
    const { sol, maane, report, posthorn } = await openWithOwnAccounts();
    await report('mine~sol', aReport({ type: 'opened', address: 'x@example.dk' }));
    await report('test-email', aReport({ type: 'opened', address: 'y@example.dk' }));
    expect((await sol.accounts.unmatchedReports('mine')).items).toMatchObject([{ address: 'x@example.dk' }]);
    expect((await maane.accounts.unmatchedReports('mine')).items).toEqual([]);
    await expect(sol.accounts.unmatchedReports('test-email')).rejects.toMatchObject({
      code: 'account_key_reserved',
    });
    expect((await posthorn.accounts.unmatchedReports('test-email')).items).toHaveLength(1);
  });

  it('whose provider also reports for others has pages of them', async () => {
    const { report, posthorn } = await openReportedSalon();
    const many = Array.from({ length: 25 }, (_, n) =>
      aReport({ type: 'opened', address: `c${n}@example.dk` }),
    );
    await report('test-email', ...many, ...many);
    const seen: (string | null)[] = [];
    let cursor: string | undefined;
    do {
      const page = await posthorn.accounts.unmatchedReports('test-email', { limit: 10, cursor });
      seen.push(...page.items.map(({ address }) => address));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    expect([...seen].sort()).toEqual(many.map(({ address }) => address).sort());
  });
});

describe('a batch of a thousand reports', () => {
  it('is on disk, each message with its own, before the provider hears of it', async () => {
    const { sol, email, report, work } = await openReportedSalon();
    const people = Array.from({ length: 300 }, (_, n) => ({ email: `c${n}@example.dk` }));
    const content = { email: { subject: 'Hej', text: 'Hej' } };
    const sent = await sol.send({ channel: 'email', to: people, ...content });
    await work();
    const reports = sent.flatMap(({ id }, n) => {
      const token = email.tokens(id)[0] ?? '';
      return [
        aReport({ type: 'delivered', token }),
        ...(n % 2 === 0 ? [aReport({ type: 'opened', token })] : []),
        aReport({ type: 'delivered', token }),
        aReport({ type: 'clicked', token: `${token.slice(0, -1)}${token.endsWith('a') ? 'b' : 'a'}` }),
      ];
    });
    expect(await report('test-email', ...reports)).toBe(204);
    expect((await sol.messages.list({ status: 'delivered', limit: 500 })).items).toHaveLength(300);
    const opened = (await sol.messages.list({ limit: 500 })).items.filter(
      ({ flags }) => flags.opened !== null,
    );
    expect(opened).toHaveLength(150);
  });

  it('is asked for again where the store fails in the middle, and is then done once', async () => {
    let failsAt = 2;
    const memory = sqlite(':memory:');
    const flaky = {
      ...memory,
      async open(runtime: Parameters<typeof memory.open>[0]): Promise<OpenedBackend> {
        const opened = await memory.open(runtime);
        const { reports } = opened.store;
        const settle: typeof reports.settle = async (facts) => {
          failsAt -= 1;
          if (failsAt === 0) throw new Error('The disk is full.');
          return reports.settle(facts);
        };
        return { ...opened, store: { ...opened.store, reports: { ...reports, settle } } };
      },
    };
    const { sol, email, report } = await openReportedSalon({ backend: flaky });
    const { id } = await sol.write('email');
    const token = email.tokens(id)[0] ?? '';
    const clicks = Array.from({ length: 1_200 }, (_, n) =>
      aReport({ type: 'clicked', token, detail: { provider: 'click', url: `https://sol.dk/${n}` } }),
    );
    expect(await report('test-email', ...clicks)).toBeGreaterThanOrEqual(500);
    expect(await report('test-email', ...clicks)).toBe(204);
    const clicked = (await sol.messages.timeline(id)).filter(({ type }) => type === 'clicked');
    expect(clicked).toHaveLength(1_200);
  });
});
