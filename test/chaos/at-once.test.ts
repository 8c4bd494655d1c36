import { startPostgres } from '@posthorn/postgres-server';
import { afterAll, expect, it } from 'vitest';
import { everybody, reachableOf } from '../broadcasts/club.test-kit.ts';
import { until } from '../broadcasts/processes.test-kit.ts';
import { LETTER, openClubOn } from './club-on-postgres.test-kit.ts';

const server = await startPostgres();
afterAll(() => server.close());

it('a plan is started ten times at once by three processes, and listed while all of them work: one effect', async () => {
  const members = 1_200;
  const reachable = reachableOf(members);
  const club = await openClubOn(server, { members });
  const { id } = await club.posthorn.broadcasts.plan({ channel: 'email', to: everybody, ...LETTER });
  const processes = [club.posthorn, club.open(), club.open()];
  for (const process of processes) await process.start();
  const starts = await Promise.allSettled(
    Array.from({ length: 10 }, (_, index) => processes[index % 3]?.broadcasts.start(id)),
  );
  expect(starts.filter(({ status }) => status === 'rejected')).toEqual([]);
  const broadcast = await club.posthorn.broadcasts.get(id);
  for await (const { done, open, total } of broadcast?.progress() ?? []) expect(done + open).toBe(total);
  expect((await club.posthorn.broadcasts.get(id))?.counts).toEqual({
    accepted: reachable.length,
    skipped: members - reachable.length,
  });
  expect(club.taken().toSorted()).toEqual(reachable.toSorted());
});

it('a plan is started and canceled at once: either way each of its people ends once', async () => {
  const members = 300;
  const club = await openClubOn(server, { members });
  await club.posthorn.start();
  const other = club.open();
  await other.start();
  for (let round = 0; round < 5; round += 1) {
    const before = club.mail.taken.length;
    const { id } = await club.posthorn.broadcasts.plan({ channel: 'email', to: everybody, ...LETTER });
    await Promise.allSettled([
      other.broadcasts.start(id),
      club.posthorn.broadcasts.cancel(id),
      other.broadcasts.cancel(id),
    ]);
    const broadcast = await club.posthorn.broadcasts.get(id);
    for await (const _ of broadcast?.progress() ?? []);
    const { status, counts = {} } = (await club.posthorn.broadcasts.get(id)) ?? {};
    expect(status).toBe('canceled');
    expect(counts.accepted ?? 0).toBe(club.mail.taken.length - before);
    expect(Object.keys(counts).filter((name) => !/^(?:accepted|canceled|skipped)$/.test(name))).toEqual([]);
  }
});

it('what is due at one moment is found by three processes at once, and sent once', async () => {
  const club = await openClubOn(server);
  const to = Array.from({ length: 400 }, (_, index) => ({ email: `guest-${index}@example.dk` }));
  const sendAt = new Date(Date.now() + 1_500);
  const messages = await club.posthorn.send({
    channel: 'email',
    to,
    email: { subject: 'Hi', text: 'Hi' },
    sendAt,
  });
  for (const process of [club.posthorn, club.open(), club.open()]) await process.start();
  await until(() => club.mail.taken.length >= messages.length);
  const settled = async () =>
    (await club.posthorn.messages.list({ status: 'accepted', limit: 500 })).items.length;
  await until(async () => (await settled()) === messages.length);
  expect(new Set(club.taken()).size).toBe(club.mail.taken.length);
});
