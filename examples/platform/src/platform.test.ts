import { expect, it, onTestFinished } from 'vitest';
import { settingsOf } from './companies.ts';
import { startPlatform } from './platform.ts';
import { createPool } from './process-life.ts';
import { Visitor } from './visitor.ts';

async function openPlatform() {
  const lines: string[] = [];
  const platform = await startPlatform((line) => lines.push(line));
  onTestFinished(() => platform.end());
  const yoga = platform.tenants.find(({ company }) => company.id === 'northern-yoga');
  if (yoga === undefined) throw new Error('There is no such company.');
  const visitor = new Visitor(platform.url, yoga.company.id);
  await visitor.saveSettings(settingsOf(yoga.company, yoga.port));
  return { lines, platform, yoga, visitor };
}

it('all workers are told to end in the middle of a broadcast: they hand back what they have, and nothing is in doubt', async () => {
  const { lines, platform, yoga, visitor } = await openPlatform();
  const plan = await visitor.plan();
  await visitor.startBroadcast(plan.id);
  await yoga.server.hasTaken(30);
  await Promise.all(platform.workers.map((worker) => worker.replace()));
  const last = await visitor.watch(plan.id, () => undefined);

  expect(lines.filter((line) => line.includes('has ended (exit code 0)'))).toHaveLength(2);
  expect(last).toMatchObject({ status: 'finished', done: plan.willReceive, inDoubt: 0 });
  expect(yoga.server.taken).toHaveLength(plan.willReceive);
  expect(new Set(yoga.server.taken.map(({ to }) => to)).size).toBe(plan.willReceive);
}, 60_000);

it('the web process is killed: another one takes its place, and whoever watches sees the end', async () => {
  const { lines, platform, yoga, visitor } = await openPlatform();
  const plan = await visitor.plan();
  await visitor.startBroadcast(plan.id);
  const over = visitor.watch(plan.id, () => undefined);
  await yoga.server.hasTaken(30);
  await platform.web.kill();

  expect(await over).toMatchObject({ status: 'finished', done: plan.willReceive, inDoubt: 0 });
  expect(lines.join('\n')).toContain('[web] is at work again');
  expect(new Set(yoga.server.taken.map(({ to }) => to)).size).toBe(plan.willReceive);
}, 60_000);

it('a booking whose card is declined leaves neither a row nor a message', async () => {
  const { platform, visitor } = await openPlatform();
  const pool = createPool(platform.databaseUrl);
  onTestFinished(() => pool.end());
  const { rows } = await pool.query("select id from customers where company = 'northern-yoga' order by id");
  const booking = { customer: String(rows[0].id), startsAt: '2026-11-27T10:00', service: 'Morning class' };
  const [declined, good] = [crypto.randomUUID(), crypto.randomUUID()];

  expect(await visitor.book({ ...booking, id: declined, card: 'declined' })).toBe(false);
  expect(await visitor.book({ ...booking, id: good, card: 'good' })).toBe(true);
  // Asked twice, booked once.
  expect(await visitor.book({ ...booking, id: good, card: 'good' })).toBe(true);
  expect((await pool.query('select id from bookings')).rows).toEqual([{ id: good }]);
  expect(await visitor.settledMessages()).toMatchObject([{ status: 'accepted' }]);
}, 60_000);
