import { startPostgres } from '@posthorn/postgres-server';
import { afterAll, expect, it } from 'vitest';
import { everybody, reachableOf, WINDOW } from '../broadcasts/club.test-kit.ts';
import { until } from '../broadcasts/processes.test-kit.ts';
import { LETTER, openClubOn } from './club-on-postgres.test-kit.ts';

const MEMBERS = 20_000;
const WORKERS = 3;
/** One worker each, while so many have had the letter. */
const KILLED_AT = [2_000, 5_000, 8_000, 11_000, 14_000];
const reachable = reachableOf(MEMBERS);

const server = await startPostgres();
afterAll(() => server.close());

it('three workers, one of them killed again and again: nobody is missed, nobody twice, and little is in doubt', async () => {
  const club = await openClubOn(server, { members: MEMBERS });
  const { posthorn, mail } = club;
  const { id } = await posthorn.broadcasts.plan({ channel: 'email', to: everybody, ...LETTER });
  const workers = await Promise.all(Array.from({ length: WORKERS }, () => club.startWorker()));
  const broadcast = await posthorn.broadcasts.start(id);
  for (const share of KILLED_AT) {
    await until(() => mail.taken.length >= share);
    await workers.shift()?.kill();
    workers.push(await club.startWorker());
  }
  for await (const { done, open, total } of broadcast.progress()) expect(done + open).toBe(total);

  const { counts, status } = (await posthorn.broadcasts.get(id)) ?? {};
  const unknown = counts?.unknown ?? 0;
  expect(status).toBe('finished');
  expect(counts).toEqual({
    accepted: reachable.length - unknown,
    skipped: MEMBERS - reachable.length,
    ...(unknown > 0 && { unknown }),
  });
  expect(unknown).toBeLessThanOrEqual(KILLED_AT.length * WINDOW);
  expect(
    await club.rows(
      'select coalesce(outcome, work) as status, count(*)::int as people from posthorn.posthorn_deliveries group by 1 order by 1',
    ),
    'what is counted is what is there',
  ).toEqual(
    Object.entries(counts ?? {})
      .map(([status, people]) => ({ status, people }))
      .sort((a, b) => (a.status < b.status ? -1 : 1)),
  );
  expect(new Set(club.taken()).size, 'nobody twice').toBe(mail.taken.length);

  // Whoever has nothing is in doubt: nobody else is missing.
  const arrived = new Set(club.taken());
  const doubted = new Set<string>();
  const { items } = await posthorn.messages.list({ status: 'unknown', limit: 500 });
  for (const { to } of items) doubted.add(to.address ?? '');
  expect(reachable.filter((address) => !arrived.has(address) && !doubted.has(address))).toEqual([]);
  expect(await Promise.all(workers.map((worker) => worker.dismiss()))).toEqual([0, 0, 0]);
}, 240_000);
