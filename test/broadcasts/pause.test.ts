import { describe, expect, it } from 'vitest';
import { turns } from '../hosts.test-kit.ts';
import { everybody, type Hall, LETTER, openHall, WINDOW } from './hall.test-kit.ts';

const MEMBERS = 12;

/** A broadcast of which a window stands at the mail server's door. */
async function atTheDoor(hall: Hall): Promise<string> {
  const { posthorn, door, until } = hall;
  const { id } = await posthorn.broadcasts.plan({ to: everybody, ...LETTER });
  door.let(0);
  await posthorn.start();
  await posthorn.broadcasts.start(id);
  await until(() => door.waiting === WINDOW);
  return id;
}

describe('pausing a broadcast that is being sent', () => {
  it('begins nothing more, and what is being handed over ends', async () => {
    const hall = await openHall({ members: MEMBERS });
    const { posthorn, door, email, settled, look, until } = hall;
    const id = await atTheDoor(hall);
    expect((await posthorn.broadcasts.pause(id)).status).toBe('paused');
    door.let(Number.POSITIVE_INFINITY);
    await until(() => email.sent.length === WINDOW);
    await settled();
    await hall.advance(3_600_000);
    expect(email.handedOver).toHaveLength(WINDOW);
    expect(await look(id)).toMatchObject({
      status: 'paused',
      counts: { accepted: WINDOW, queued: MEMBERS - WINDOW },
    });
  });

  it('goes on when it is resumed, and writes to everybody once', async () => {
    const hall = await openHall({ members: MEMBERS });
    const { posthorn, door, email, settled, look } = hall;
    const id = await atTheDoor(hall);
    await posthorn.broadcasts.pause(id);
    door.let(Number.POSITIVE_INFINITY);
    await settled();
    expect((await posthorn.broadcasts.resume(id)).status).toBe('sending');
    await settled();
    expect(email.handedOver.map(({ to }) => to).sort()).toEqual(hall.members.map((it) => it.email));
    expect(await look(id)).toMatchObject({ status: 'finished', counts: { accepted: MEMBERS } });
  });

  it('holds also what is to be tried again', async () => {
    const hall = await openHall({ members: 2 });
    const { posthorn, email, settled, advance, look } = hall;
    email.answer('m-0001@members.example', 'greylisted');
    const { id } = await posthorn.broadcasts.plan({ to: everybody, ...LETTER });
    await posthorn.broadcasts.start(id);
    await settled();
    expect((await look(id)).counts).toEqual({ accepted: 1, deferred: 1 });
    await posthorn.broadcasts.pause(id);
    await advance(86_400_000);
    expect(email.handedOver).toHaveLength(2);
    expect(await look(id)).toMatchObject({ status: 'paused', counts: { accepted: 1, deferred: 1 } });
    await posthorn.broadcasts.resume(id);
    await settled();
    expect(await look(id)).toMatchObject({ status: 'finished', counts: { accepted: 2 } });
  });

  it('stays paused when the process is another one, and twice is no more than once', async () => {
    const hall = await openHall({ members: MEMBERS });
    const { posthorn, settled, advance, look } = hall;
    const { id } = await posthorn.broadcasts.plan({ to: everybody, ...LETTER });
    await posthorn.broadcasts.start(id);
    await posthorn.broadcasts.pause(id);
    await posthorn.broadcasts.pause(id);
    await settled();
    await advance(60_000);
    expect(hall.email.handedOver).toEqual([]);
    await posthorn.broadcasts.resume(id);
    await posthorn.broadcasts.resume(id);
    await settled();
    expect((await look(id)).counts).toEqual({ accepted: MEMBERS });
  });
});

describe('pausing a broadcast that is being listed', () => {
  it('lets the list be completed, and nothing leaves', async () => {
    const { posthorn, members, desk, email, until, settled, advance, look } = await openHall({
      members: 600,
    });
    const { id } = await posthorn.broadcasts.plan({ to: everybody, ...LETTER });
    desk.let(1);
    await posthorn.start();
    await posthorn.broadcasts.start(id);
    await until(() => desk.waiting === 1);
    expect(await look(id)).toMatchObject({ status: 'listing', counts: { queued: 250 } });
    expect((await posthorn.broadcasts.pause(id)).status).toBe('paused');
    desk.let(Number.POSITIVE_INFINITY);
    await settled();
    await advance(60_000);
    expect(email.handedOver).toEqual([]);
    expect(await look(id)).toMatchObject({ status: 'paused', counts: { queued: members.length } });
    await posthorn.broadcasts.resume(id);
    await settled();
    expect(await look(id)).toMatchObject({ status: 'finished', counts: { accepted: members.length } });
  });

  it('and resumed before the list is complete, it goes on as if nothing had been', async () => {
    const { posthorn, members, desk, until, settled, look } = await openHall({ members: 600 });
    const { id } = await posthorn.broadcasts.plan({ to: everybody, ...LETTER });
    desk.let(1);
    await posthorn.start();
    await posthorn.broadcasts.start(id);
    await until(() => desk.waiting === 1);
    await posthorn.broadcasts.pause(id);
    expect((await posthorn.broadcasts.resume(id)).status).toBe('listing');
    desk.let(Number.POSITIVE_INFINITY);
    await settled();
    expect(await look(id)).toMatchObject({ status: 'finished', counts: { accepted: members.length } });
  });
});

describe('what cannot be paused', () => {
  const refused = (status: string) =>
    expect.objectContaining({ code: 'broadcast_state', message: expect.stringContaining(status) });

  it('is a plan, and what is over', async () => {
    const { posthorn, settled, look } = await openHall();
    const { id } = await posthorn.broadcasts.plan({ to: everybody, ...LETTER });
    await expect(posthorn.broadcasts.pause(id)).rejects.toThrow(refused('planned'));
    await expect(posthorn.broadcasts.resume(id)).rejects.toThrow(refused('planned'));
    await posthorn.broadcasts.start(id);
    await settled();
    await expect(posthorn.broadcasts.pause(id)).rejects.toThrow(refused('finished'));
    expect((await look(id)).status).toBe('finished');
    const other = await posthorn.broadcasts.plan({ to: everybody, ...LETTER });
    await posthorn.broadcasts.cancel(other.id);
    await expect(posthorn.broadcasts.pause(other.id)).rejects.toThrow(refused('canceled'));
  });
});

describe('a scheduled broadcast', () => {
  it('that is paused leaves when it is resumed, if its time has come by then', async () => {
    const { posthorn, clock, email, settled, advance, look } = await openHall();
    const { id } = await posthorn.broadcasts.plan({ to: everybody, ...LETTER });
    await posthorn.broadcasts.start(id, { at: new Date(clock.now() + 3_600_000) });
    await settled();
    expect((await look(id)).status).toBe('scheduled');
    await posthorn.broadcasts.pause(id);
    await advance(7_200_000);
    expect(email.handedOver).toEqual([]);
    await posthorn.broadcasts.resume(id);
    await settled();
    await turns(1);
    expect(await look(id)).toMatchObject({ status: 'finished', counts: { accepted: 10 } });
  });
});
