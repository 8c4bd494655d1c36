import { startPostgres } from '@posthorn/postgres-server';
import { afterAll, expect, it } from 'vitest';
import { everybody, reachableOf } from '../broadcasts/club.test-kit.ts';
import { until } from '../broadcasts/processes.test-kit.ts';
import { LETTER, openClubOn } from './club-on-postgres.test-kit.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const server = await startPostgres();
afterAll(() => server.close());

it('machines whose clocks are five minutes fast and slow send neither early, nor twice, nor never', async () => {
  const club = await openClubOn(server);
  for (const aheadMs of [5 * MINUTE, -5 * MINUTE]) await club.startWorker(aheadMs);
  const email = { subject: 'Hi', text: 'Hi' };
  const soon = new Date(Date.now() + 2_000);
  await club.posthorn.send({ to: { email: 'soon@example.dk' }, email, sendAt: soon, channel: 'email' });
  await club.posthorn.send({
    to: { email: 'later@example.dk' },
    email,
    sendAt: new Date(Date.now() + 4 * MINUTE),
    channel: 'email',
  });
  await until(() => club.mail.taken.length > 0);
  expect(Date.now()).toBeGreaterThanOrEqual(soon.getTime());
  expect(club.taken()).toEqual(['soon@example.dk']);
});

it('they share a broadcast, and take nothing out of each other’s hands', async () => {
  const members = 1_000;
  const reachable = reachableOf(members);
  const club = await openClubOn(server, { members });
  for (const aheadMs of [5 * MINUTE, -5 * MINUTE, HOUR]) await club.startWorker(aheadMs);
  const { id } = await club.posthorn.broadcasts.plan({ channel: 'email', to: everybody, ...LETTER });
  const broadcast = await club.posthorn.broadcasts.start(id);
  for await (const _ of broadcast.progress());
  expect((await club.posthorn.broadcasts.get(id))?.counts).toEqual({
    accepted: reachable.length,
    skipped: members - reachable.length,
  });
  expect(club.taken().toSorted()).toEqual(reachable.toSorted());
});

it('they share an account’s limit', async () => {
  const limit = 40;
  const club = await openClubOn(server);
  const settings = { host: '127.0.0.1', port: club.mail.port, security: 'none', authentication: 'none' };
  await club.posthorn.accounts.save({ key: 'own', adapter: 'smtp', settings, limits: { perMinute: limit } });
  await club.posthorn.identities.save({
    key: 'club',
    channel: 'email',
    address: 'hello@club.example',
    account: 'own',
  });
  const email = { subject: 'Hi', text: 'Hi' };
  const to = Array.from({ length: 4 * limit }, (_, index) => ({ email: `guest-${index}@example.dk` }));
  await club.posthorn.send({ channel: 'email', to, email });
  const slow = await club.startWorker(-5 * MINUTE);
  await until(() => club.mail.taken.length >= limit);
  await slow.dismiss();
  expect(club.mail.taken).toHaveLength(limit);

  const fast = await club.startWorker(5 * MINUTE);
  await club.posthorn.identities.save({ key: 'free', channel: 'email', address: 'free@club.example' });
  await club.posthorn.send({ channel: 'email', identity: 'free', to: { email: 'free@example.dk' }, email });
  await until(() => club.taken().includes('free@example.dk'));
  await fast.dismiss();
  expect(club.mail.taken).toHaveLength(limit + 1);
});
