import { startPostgres } from '@posthorn/postgres-server';
import { afterAll, expect, it } from 'vitest';
import { everybody, reachableOf, WINDOW } from '../broadcasts/club.test-kit.ts';
import { until } from '../broadcasts/processes.test-kit.ts';
import { LETTER, openClubOn } from './club-on-postgres.test-kit.ts';

const MEMBERS = 4_000;
const WORKERS = 2;
const reachable = reachableOf(MEMBERS);

const server = await startPostgres({ own: true });
afterAll(() => server.close());

it('Postgres is stopped and started in the middle: the workers go on, and nobody is missed or written to twice', async () => {
  const club = await openClubOn(server, { members: MEMBERS });
  const { posthorn, mail } = club;
  const told: string[] = [];
  posthorn.subscribe('records', ['message.accepted', 'message.unknown'], ({ message }) => {
    told.push(message.id);
  });
  const { id } = await posthorn.broadcasts.plan({ channel: 'email', to: everybody, ...LETTER });
  const workers = await Promise.all(Array.from({ length: WORKERS }, () => club.startWorker()));
  const broadcast = await posthorn.broadcasts.start(id);
  await until(() => mail.taken.length > reachable.length / 4);

  await server.stop();
  const meanwhile = { to: { email: 'anna@example.dk' }, email: { subject: 'Hi', text: 'Hi' } };
  await expect(posthorn.send({ channel: 'email', ...meanwhile, key: 'anna' })).rejects.toMatchObject({
    code: 'store_unreachable',
  });
  await server.start();

  expect(await posthorn.send({ channel: 'email', ...meanwhile, key: 'anna' })).toMatchObject({
    channel: 'email',
  });
  for await (const { status } of broadcast.progress()) expect(status).not.toBe('refused');
  const counts = (await posthorn.broadcasts.get(id))?.counts;
  const unknown = counts?.unknown ?? 0;
  expect(counts?.accepted).toBe(reachable.length - unknown);
  expect(unknown).toBeLessThanOrEqual(WORKERS * WINDOW);
  await until(() => club.taken().includes('anna@example.dk'));
  expect(new Set(club.taken()).size, 'nobody twice').toBe(mail.taken.length);
  // Everybody in the broadcast, and Anna.
  await until(() => new Set(told).size === reachable.length + 1);
  expect(await Promise.all(workers.map((worker) => worker.dismiss()))).toEqual([0, 0]);
}, 240_000);
