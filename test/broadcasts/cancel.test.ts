import { describe, expect, it } from 'vitest';
import { turns } from '../hosts.test-kit.ts';
import { everybody, follow, LETTER, openHall, WINDOW } from './hall.test-kit.ts';

const MEMBERS = 12;

/** How many messages there are by status, counted one by one. */
async function countedRows({ posthorn }: Pick<Awaited<ReturnType<typeof openHall>>, 'posthorn'>) {
  const counts: Record<string, number> = {};
  let cursor: string | undefined;
  do {
    const page = await posthorn.messages.list({ limit: 500, ...(cursor === undefined ? {} : { cursor }) });
    for (const { status } of page.items) counts[status] = (counts[status] ?? 0) + 1;
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return counts;
}

describe('canceling a broadcast', () => {
  it('that is only planned keeps it from ever being started', async () => {
    const { posthorn, email, settled, look } = await openHall();
    const { id } = await posthorn.broadcasts.plan({ to: everybody, ...LETTER });
    expect((await posthorn.broadcasts.cancel(id)).status).toBe('canceled');
    await expect(posthorn.broadcasts.start(id)).rejects.toMatchObject({ code: 'broadcast_state' });
    await settled();
    expect(email.handedOver).toEqual([]);
    expect((await look(id)).counts).toEqual({});
  });

  it('while it is listed ends what was written down, and nothing more is', async () => {
    const hall = await openHall({ members: 600 });
    const { posthorn, desk, email, until, settled, look } = hall;
    const { id } = await posthorn.broadcasts.plan({ to: everybody, ...LETTER });
    desk.let(1);
    await posthorn.start();
    await posthorn.broadcasts.start(id);
    await until(() => desk.waiting === 1);
    await posthorn.broadcasts.cancel(id);
    desk.let(Number.POSITIVE_INFINITY);
    await settled();
    expect(email.handedOver).toEqual([]);
    expect(await look(id)).toMatchObject({ status: 'canceled', counts: { canceled: 250 } });
    expect(await countedRows(hall)).toEqual({ canceled: 250 });
  });

  it('while it is sent: what is at the door has its real outcome, everything else is canceled', async () => {
    const hall = await openHall({ members: MEMBERS });
    const { posthorn, door, email, until, settled, look } = hall;
    email.answer('m-0000@members.example', 'bounced');
    email.answer('m-0001@members.example', 'greylisted');
    const { id } = await posthorn.broadcasts.plan({ to: everybody, ...LETTER });
    door.let(0);
    await posthorn.start();
    await posthorn.broadcasts.start(id);
    await until(() => door.waiting === WINDOW);
    expect((await posthorn.broadcasts.cancel(id)).status).toBe('canceled');
    await until(async () => (await look(id)).counts.canceled === MEMBERS - WINDOW);
    expect((await look(id)).counts).toEqual({ canceled: MEMBERS - WINDOW, sending: WINDOW });
    door.let(Number.POSITIVE_INFINITY);
    await settled();
    await hall.advance(86_400_000);

    // What the server asked to be tried again is not tried again.
    const counts = { accepted: 1, bounced: 1, canceled: MEMBERS - 2 };
    expect(await look(id)).toMatchObject({ status: 'canceled', counts });
    expect(await countedRows(hall)).toEqual(counts);
    expect(email.handedOver).toHaveLength(WINDOW);
  });

  it.each(['while it is paused', 'while it waits for its time', 'while it waits for its next try'])(
    '%s ends all that is left',
    async (when) => {
      const hall = await openHall({ members: MEMBERS });
      const { posthorn, clock, email, settled, advance, look } = hall;
      const isRetry = when.endsWith('try');
      if (isRetry) for (const { email: to } of hall.members) email.answer(to ?? '', 'greylisted');
      const { id } = await posthorn.broadcasts.plan({ to: everybody, ...LETTER });
      const options = when.endsWith('time') ? { at: new Date(clock.now() + 3_600_000) } : {};
      await posthorn.broadcasts.start(id, options);
      if (when.endsWith('paused')) await posthorn.broadcasts.pause(id);
      await settled();
      await posthorn.broadcasts.cancel(id);
      await settled();
      await advance(86_400_000);
      expect(email.handedOver).toHaveLength(isRetry ? MEMBERS : 0);
      expect(await look(id)).toMatchObject({ status: 'canceled', counts: { canceled: MEMBERS } });
      expect(await countedRows(hall)).toEqual({ canceled: MEMBERS });
    },
  );

  it('is told by its progress to the last message', async () => {
    const { posthorn, clock, door, until } = await openHall({ members: MEMBERS });
    const { id } = await posthorn.broadcasts.plan({ to: everybody, ...LETTER });
    door.let(0);
    await posthorn.start();
    const broadcast = await posthorn.broadcasts.start(id);
    const all = follow(broadcast);
    await until(() => door.waiting === WINDOW);
    await posthorn.broadcasts.cancel(id);
    for (let look = 0; look < 3; look += 1) {
      clock.advance(1_000);
      await turns(20);
    }
    door.let(Number.POSITIVE_INFINITY);
    await turns(50);
    clock.advance(1_000);
    const last = (await all).at(-1);
    expect(last).toMatchObject({
      status: 'canceled',
      counts: { accepted: WINDOW, canceled: MEMBERS - WINDOW },
    });
  });

  it('twice is no error; what is finished stays finished', async () => {
    const { posthorn, settled, look } = await openHall();
    const { id } = await posthorn.broadcasts.plan({ to: everybody, ...LETTER });
    await posthorn.broadcasts.start(id);
    await settled();
    expect((await posthorn.broadcasts.cancel(id)).status).toBe('finished');
    expect(await look(id)).toMatchObject({ status: 'finished', counts: { accepted: 10 } });
    const { id: other } = await posthorn.broadcasts.plan({ to: everybody, ...LETTER });
    await posthorn.broadcasts.cancel(other);
    expect((await posthorn.broadcasts.cancel(other)).status).toBe('canceled');
    await expect(posthorn.broadcasts.resume(other)).rejects.toMatchObject({ code: 'broadcast_state' });
    await expect(posthorn.broadcasts.retryFailed(other)).rejects.toMatchObject({ code: 'broadcast_state' });
  });
});
