import type { BroadcastProgress } from '@posthorn/core';
import { describe, expect, it } from 'vitest';
import { turns } from '../hosts.test-kit.ts';
import { everybody, follow, type Hall, LETTER, memberOf, openHall, WINDOW } from './hall.test-kit.ts';

const MEMBERS = 12;

async function plan({ posthorn }: Hall): Promise<string> {
  return (await posthorn.broadcasts.plan({ to: everybody, ...LETTER })).id;
}

/** A look or two have been taken. */
async function pass({ clock }: Pick<Hall, 'clock'>, ms = 1_000): Promise<void> {
  await turns(20);
  clock.advance(ms);
  await turns(50);
}

function expectToAddUp({ counts, done, open, total }: BroadcastProgress): void {
  const messages = Object.values(counts).reduce((sum, count) => sum + count, 0);
  expect(done + open).toBe(messages);
  expect(messages).toBe(total);
}

describe('the progress of a broadcast', () => {
  it('is told at once, whatever state it is in', async () => {
    const hall = await openHall();
    const { posthorn, settled, look } = hall;
    const id = await plan(hall);
    const first = async () => (await (await look(id)).progress()[Symbol.asyncIterator]().next()).value;
    expect(await first()).toMatchObject({ status: 'planned', total: 0, counts: {}, done: 0, open: 0 });
    await posthorn.broadcasts.start(id);
    expect(await first()).toMatchObject({ status: 'listing', timeLeftMs: null });
    await settled();
    expect(await first()).toMatchObject({ status: 'finished', total: 10, done: 10, open: 0, timeLeftMs: 0 });
  });

  it('goes from the list to the last message, and always adds up', async () => {
    const hall = await openHall({ members: 600 });
    const { posthorn, clock, door, desk, look, until } = hall;
    hall.email.answer('m-0003@members.example', 'bounced');
    const id = await plan(hall);
    desk.let(1);
    door.let(0);
    await posthorn.start();
    await posthorn.broadcasts.start(id);
    const all = follow(await look(id));
    await until(() => desk.waiting === 1);
    await pass(hall);
    desk.let(Number.POSITIVE_INFINITY);
    await until(() => door.waiting === WINDOW);
    await pass(hall);
    door.let(300);
    await pass(hall);
    await pass(hall);
    door.let(Number.POSITIVE_INFINITY);
    for (let step = 0; step < 20; step += 1) await pass(hall, 200);
    const seen = await all;

    for (const progress of seen) expectToAddUp(progress);
    const statuses = seen
      .map(({ status }) => status)
      .filter((status, index, every) => status !== every[index - 1]);
    expect(statuses).toEqual(['listing', 'sending', 'finished']);
    expect(seen.map(({ done }) => done)).toEqual(seen.map(({ done }) => done).toSorted((a, b) => a - b));
    expect(seen.some(({ status, total }) => status === 'listing' && total === 250)).toBe(true);
    expect(seen.some(({ perSecond, timeLeftMs }) => (perSecond ?? 0) > 0 && (timeLeftMs ?? 0) > 0)).toBe(
      true,
    );
    expect(seen.at(-1)).toMatchObject({
      counts: { accepted: 599, bounced: 1 },
      done: 600,
      open: 0,
      timeLeftMs: 0,
    });
    expect(clock.now()).toBeGreaterThan(0);
  });

  it('says nothing twice, and nothing while nothing happens', async () => {
    const hall = await openHall({ members: MEMBERS });
    const { posthorn, door, look, until } = hall;
    const id = await plan(hall);
    door.let(0);
    await posthorn.start();
    await posthorn.broadcasts.start(id);
    await until(() => door.waiting === WINDOW);
    let heard = 0;
    const iterator = (await look(id)).progress()[Symbol.asyncIterator]();
    const listen = async () => {
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) heard += 1;
    };
    const listening = listen();
    for (let second = 0; second < 30; second += 1) await pass(hall);
    const quiet = heard;
    expect(quiet).toBeLessThanOrEqual(3);
    for (let second = 0; second < 30; second += 1) await pass(hall);
    expect(heard).toBe(quiet);
    await iterator.return?.();
    await listening;
  });

  it.each(['canceled', 'refused'] as const)('ends when it is %s', async (end) => {
    const hall = await openHall({ members: 300 });
    const { posthorn, desk, settled, look, until } = hall;
    const id = await plan(hall);
    desk.let(1);
    await posthorn.start();
    await posthorn.broadcasts.start(id);
    await until(() => desk.waiting === 1);
    const all = follow(await look(id));
    await turns(20);
    if (end === 'canceled') await posthorn.broadcasts.cancel(id);
    else hall.tamper(async () => ({ recipients: 'nobody' as never, next: null }));
    desk.let(Number.POSITIVE_INFINITY);
    await settled();
    for (let look = 0; look < 5; look += 1) await pass(hall);
    const last = (await all).at(-1);
    expect(last).toMatchObject({ status: end, counts: { canceled: 250 }, open: 0 });
    expect(last?.failure === null).toBe(end === 'canceled');
  });

  it('goes on after the end, where the failed ones are tried again', async () => {
    const hall = await openHall({ members: 2 });
    const { posthorn, email, settled, advance, look } = hall;
    email.answer('m-0001@members.example', ...Array<'unreachable'>(200).fill('unreachable'));
    const id = await plan(hall);
    await posthorn.broadcasts.start(id);
    await settled();
    await advance(6 * 86_400_000);
    expect((await follow(await look(id))).map(({ status }) => status)).toEqual(['finished']);
    email.acceptAll();
    await posthorn.broadcasts.retryFailed(id);
    const all = follow(await look(id));
    await settled();
    await pass(hall);
    expect((await all).at(-1)).toMatchObject({ status: 'finished', counts: { accepted: 2 } });
  });

  it('can be left in the middle, and nobody is waited for any more', async () => {
    const hall = await openHall();
    const { clock, look } = hall;
    const id = await plan(hall);
    const iterator = (await look(id)).progress()[Symbol.asyncIterator]();
    await iterator.next();
    const waiting = iterator.next();
    await turns(20);
    expect(clock.nextWakeAt()).not.toBeNull();
    await iterator.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(clock.nextWakeAt()).toBeNull();
    for await (const { status } of (await look(id)).progress()) {
      expect(status).toBe('planned');
      break;
    }
    expect(clock.nextWakeAt()).toBeNull();
  });

  it('can be broken off by a signal, before and while it waits', async () => {
    const hall = await openHall();
    const { clock, look } = hall;
    const id = await plan(hall);
    const reason = new Error('the page was closed');
    const broken = (await look(id)).progress({ signal: AbortSignal.abort(reason) })[Symbol.asyncIterator]();
    await expect(broken.next()).rejects.toBe(reason);

    const leaving = new AbortController();
    const iterator = (await look(id)).progress({ signal: leaving.signal })[Symbol.asyncIterator]();
    await iterator.next();
    const waiting = iterator.next();
    await turns(20);
    leaving.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(clock.nextWakeAt()).toBeNull();
  });

  it('ends with an error when Posthorn is closed', async () => {
    const hall = await openHall();
    const id = await plan(hall);
    const iterator = (await hall.look(id)).progress()[Symbol.asyncIterator]();
    await iterator.next();
    const waiting = iterator.next();
    const answer = expect(waiting).rejects.toMatchObject({ code: 'closed' });
    await hall.posthorn.close();
    await pass(hall);
    await answer;
  });

  it('tells each of several readers everything', async () => {
    const hall = await openHall({ members: MEMBERS });
    const { posthorn, door, look, until } = hall;
    const id = await plan(hall);
    door.let(0);
    await posthorn.start();
    const broadcast = await posthorn.broadcasts.start(id);
    const progress = broadcast.progress();
    const readers = [
      follow(broadcast),
      follow(await look(id)),
      follow({ ...broadcast, progress: () => progress }),
    ];
    await until(() => door.waiting === WINDOW);
    door.let(Number.POSITIVE_INFINITY);
    for (let step = 0; step < 10; step += 1) await pass(hall, 200);
    for (const seen of await Promise.all(readers)) {
      expect(seen.at(-1)).toMatchObject({ status: 'finished', counts: { accepted: MEMBERS } });
      seen.forEach(expectToAddUp);
    }
  });

  it('names what a list waits for', async () => {
    const hall = await openHall({ members: 1 });
    const id = await plan(hall);
    hall.members.push(memberOf(2));
    hall.tamper(() => Promise.reject(new Error('ECONNREFUSED')));
    const broadcast = await hall.posthorn.broadcasts.start(id);
    const all = follow(broadcast);
    await hall.posthorn.start();
    for (let second = 0; second < 20; second += 1) await pass(hall);
    const seen = await all;
    expect(seen.map(({ failure }) => failure?.message)).toContain('ECONNREFUSED');
    expect(seen.at(-1)).toMatchObject({ status: 'finished', failure: null, counts: { accepted: 2 } });
  });
});
