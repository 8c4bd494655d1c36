import { setTimeout as sleep } from 'node:timers/promises';
import type { BroadcastProgress } from '@posthorn/core';
import { describe, expect, it } from 'vitest';
import { everybody, reachableOf, WINDOW } from './club.test-kit.ts';
import { type ClubHouse, openClubHouse, until } from './processes.test-kit.ts';

const LETTER = { email: { subject: 'Closed', text: 'The club is closed on Friday.' } } as const;
/** Three pages. */
const MEMBERS = 700;
const PAGES = 3;
const reachable = reachableOf(MEMBERS);
const SKIPPED = MEMBERS - reachable.length;

async function plan({ posthorn }: ClubHouse): Promise<string> {
  return (await posthorn.broadcasts.plan({ channel: 'email', to: everybody, ...LETTER })).id;
}

function expectToAddUp({ counts, done, open, total }: BroadcastProgress): void {
  expect(done + open).toBe(total);
  expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(total);
}

describe('two processes on one file', () => {
  it('start a plan at the same time, share the work, and everybody is written to once', async () => {
    const house = await openClubHouse(MEMBERS);
    const { posthorn, taken } = house;
    const id = await plan(house);
    const workers = await Promise.all([house.startWorker(), house.startWorker()]);
    const [broadcast] = await Promise.all([
      posthorn.broadcasts.start(id),
      ...workers.map((worker) => worker.start(id)),
    ]);
    const seen: BroadcastProgress[] = [];
    for await (const progress of broadcast.progress()) seen.push(progress);

    expect(seen.at(-1)).toMatchObject({
      status: 'finished',
      total: MEMBERS,
      counts: { accepted: reachable.length, skipped: SKIPPED },
    });
    seen.forEach(expectToAddUp);
    expect(taken().toSorted()).toEqual(reachable.toSorted());
    const pages = workers.reduce((sum, worker) => sum + worker.pages, 0);
    expect(pages, 'the list is made by one').toBe(PAGES);
    expect(await Promise.all(workers.map((worker) => worker.dismiss()))).toEqual([0, 0]);
  }, 60_000);

  it('are paused by a third one; what is being handed over ends, and nothing more is begun', async () => {
    const house = await openClubHouse(MEMBERS);
    const { posthorn, server } = house;
    const id = await plan(house);
    await Promise.all([house.startWorker(), house.startWorker()]);
    const broadcast = await posthorn.broadcasts.start(id);
    await until(() => server.taken.length > 100);
    expect((await posthorn.broadcasts.pause(id)).status).toBe('paused');
    const sending = async () => (await posthorn.broadcasts.get(id))?.counts.sending ?? 0;
    const atPause = server.taken.length;
    await until(async () => (await sending()) === 0);
    const afterwards = server.taken.length;
    expect(afterwards - atPause).toBeLessThanOrEqual(2 * WINDOW);
    // Longer than any of them rests between two looks.
    await sleep(1_500);
    expect(server.taken.length).toBe(afterwards);
    expect((await posthorn.broadcasts.get(id))?.counts).toEqual({
      accepted: afterwards,
      queued: reachable.length - afterwards,
      skipped: SKIPPED,
    });

    await posthorn.broadcasts.resume(id);
    for await (const _ of broadcast.progress());
    expect(house.taken().toSorted()).toEqual(reachable.toSorted());
  }, 60_000);

  it('are canceled by a third one: everything ends, with its real outcome or as canceled', async () => {
    const house = await openClubHouse(MEMBERS);
    const { posthorn, server } = house;
    const id = await plan(house);
    await Promise.all([house.startWorker(), house.startWorker()]);
    const broadcast = await posthorn.broadcasts.start(id);
    await until(() => server.taken.length > 100);
    await posthorn.broadcasts.cancel(id);
    for await (const progress of broadcast.progress()) expectToAddUp(progress);
    const accepted = server.taken.length;
    expect(await posthorn.broadcasts.get(id)).toMatchObject({ status: 'canceled' });
    expect((await posthorn.broadcasts.get(id))?.counts).toEqual({
      accepted,
      canceled: reachable.length - accepted,
      skipped: SKIPPED,
    });
    expect(accepted).toBeLessThan(reachable.length / 2);
    expect(house.number("SELECT count(*) AS n FROM posthorn_deliveries WHERE work <> 'done'")).toBe(0);
    expect(house.number('SELECT count(*) AS n FROM posthorn_chunks')).toBe(0);
  }, 60_000);

  it('come and go one after the other, and nobody is missed, in doubt, or written to twice', async () => {
    const house = await openClubHouse(MEMBERS);
    const { posthorn, server } = house;
    const id = await plan(house);
    const broadcast = await posthorn.broadcasts.start(id);
    const lister = await house.startWorker();
    await until(() => lister.pages > 1);
    expect(await lister.dismiss()).toBe(0);
    for (const share of [1, 2]) {
      const worker = await house.startWorker();
      await until(() => server.taken.length > (share * reachable.length) / 3);
      expect(await worker.dismiss()).toBe(0);
      expect((await posthorn.broadcasts.get(id))?.counts.sending).toBeUndefined();
    }
    await house.startWorker();
    for await (const _ of broadcast.progress());
    expect((await posthorn.broadcasts.get(id))?.counts).toEqual({
      accepted: reachable.length,
      skipped: SKIPPED,
    });
    expect(house.taken().toSorted()).toEqual(reachable.toSorted());
  }, 60_000);
});

describe('a process that only watches', () => {
  it('sees what becomes of it, and ends by itself when it has seen enough, or all', async () => {
    const house = await openClubHouse(MEMBERS);
    const id = await plan(house);
    expect(await house.watch(id, 1)).toMatchObject([{ status: 'planned', total: 0, counts: {} }]);
    await house.posthorn.broadcasts.start(id);
    const watching = Promise.all([house.watch(id, 2), house.watch(id)]);
    await house.startWorker();
    const [few, all] = await watching;
    expect(few).toHaveLength(2);
    expect(all.at(-1)).toMatchObject({ status: 'finished', done: MEMBERS, open: 0 });
    [...few, ...all].forEach(expectToAddUp);
  }, 60_000);
});
