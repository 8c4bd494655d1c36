import { startPostgres } from '@posthorn/postgres-server';
import { afterAll, expect, it } from 'vitest';
import { everybody, reachableOf, WINDOW } from '../broadcasts/club.test-kit.ts';
import { until } from '../broadcasts/processes.test-kit.ts';
import { LETTER, openClubOn } from './club-on-postgres.test-kit.ts';
import { openCuttingProxy } from './cutting-proxy.test-kit.ts';

const server = await startPostgres();
afterAll(() => server.close());

it('the mail server takes a message and is cut off before it answers: in doubt, and not sent again by itself', async () => {
  const members = 600;
  const reachable = reachableOf(members);
  const isUnlucky = (address = '') => /-\d*5@/.test(address);
  const unlucky = reachable.filter(isUnlucky);
  const club = await openClubOn(server, {
    members,
    script: ({ verb, recipients }) => (verb === 'MESSAGE' && recipients.some(isUnlucky) ? null : undefined),
  });
  const { posthorn, mail } = club;
  const { id } = await posthorn.broadcasts.plan({ channel: 'email', to: everybody, ...LETTER });
  await club.startWorker();
  const broadcast = await posthorn.broadcasts.start(id);
  for await (const _ of broadcast.progress());

  expect((await posthorn.broadcasts.get(id))?.counts).toMatchObject({
    accepted: reachable.length - unlucky.length,
    unknown: unlucky.length,
  });
  const received = mail.received.flatMap(({ to }) => to);
  expect(received.filter(isUnlucky).toSorted()).toEqual(unlucky.toSorted());
  expect(new Set(club.taken()).size).toBe(mail.taken.length);
});

it('the answer to a commit is lost as it is sent: the host hears that nobody knows, and the same key finds it', async () => {
  const club = await openClubOn(server);
  const way = await openCuttingProxy(club.url);
  const posthorn = club.open(way.url);
  const booking = {
    channel: 'email',
    to: { email: 'anna@example.dk' },
    email: { subject: 'Hi', text: 'Hi' },
    key: 'booking-1',
  } as const;
  expect(await posthorn.identities.list()).toHaveLength(1);
  way.cut(1);
  const error = await posthorn.send(booking).catch((it: unknown) => it);
  expect(error).toMatchObject({ name: 'StoreError' });
  expect((error as Error).message).toMatch(/may/);
  expect(way.lost).toBe(1);

  const again = await posthorn.send(booking);
  const { items } = await posthorn.messages.list();
  expect(items.map(({ id }) => id)).toEqual([again.id]);
  await club.startWorker();
  await until(() => club.taken().length === 1);
});

it('answers to commits are lost while a broadcast is listed and sent: nobody is missed, nobody has it twice', async () => {
  const members = 1_500;
  const reachable = reachableOf(members);
  const cuts = 6;
  const club = await openClubOn(server, { members });
  const way = await openCuttingProxy(club.url);
  const worker = club.open(way.url);
  const { id } = await club.posthorn.broadcasts.plan({ channel: 'email', to: everybody, ...LETTER });
  await worker.start();
  const broadcast = await club.posthorn.broadcasts.start(id);
  let seen = 0;
  for await (const { status, total } of broadcast.progress()) {
    expect(status).not.toBe('refused');
    // As it is listed, too.
    if (seen < cuts && (total > 0 || status === 'listing')) way.cut(1);
    seen += 1;
  }
  way.cut(0);

  expect(way.lost).toBeGreaterThan(0);
  const counts = (await club.posthorn.broadcasts.get(id))?.counts ?? {};
  const unknown = counts.unknown ?? 0;
  expect(counts.skipped).toBe(members - reachable.length);
  expect(counts.accepted).toBe(reachable.length - unknown);
  expect(unknown).toBeLessThanOrEqual(way.lost * WINDOW);
  expect(new Set(club.taken()).size, 'nobody twice').toBe(club.mail.taken.length);
  expect(club.mail.taken.length).toBeGreaterThanOrEqual(reachable.length - unknown);
}, 240_000);
