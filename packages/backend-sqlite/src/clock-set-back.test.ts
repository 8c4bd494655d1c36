import { describe, expect, it } from 'vitest';
import { anId, jobsIn, NOON, openNew, startBroadcast, TENANT } from './broadcast.test-kit.ts';

const DAY = 86_400_000;
const SERVER = { accountTenant: '$platform', account: 'smtp' };

describe('where the clock is set back', () => {
  it('a broadcast whose list was completed before leaves all the same', async () => {
    const { opened } = await openNew();
    await startBroadcast(opened.store, { chunks: 1, size: 2 });
    expect(await opened.store.deliveries.queueDue(NOON - DAY, 100, anId)).toMatchObject({ queued: 2 });
  });

  it('an account that was closed before is asked again, and closed for no longer than its limits say', async () => {
    const { opened, file } = await openNew();
    const { deliveries } = opened.store;
    const { ids } = await startBroadcast(opened.store, { chunks: 1, size: 4 });
    await deliveries.queueDue(NOON, 100, anId);
    const [job] = jobsIn(file);
    if (job === undefined) throw new Error('There is no job.');
    await deliveries.lease(job, 'token', NOON, anId);
    const limits = { ...SERVER, limits: { perMinute: 3 } };
    const turn = (now: number, wanted: readonly string[]) =>
      deliveries.turn({
        now,
        limits,
        settle: [],
        begin: wanted.map((messageId) => ({ tenant: TENANT, messageId, token: 'token' })),
        newEventId: anId,
      });
    expect((await turn(NOON, ids)).begun).toHaveLength(3);
    await deliveries.putBack(job, 'token', NOON - DAY);

    const scan = await deliveries.queueDue(NOON - DAY, 100, anId);
    expect(scan.queued).toBe(1);
    const again = jobsIn(file).at(-1) ?? job;
    const { rows } = await deliveries.lease(again, 'token', NOON - DAY, anId);
    expect(
      (
        await turn(
          NOON - DAY,
          rows.map(({ message }) => message.id),
        )
      ).begun,
    ).toEqual([]);
    expect(await deliveries.opensAt('$platform', 'smtp')).toBe(NOON - DAY + 61_000);
  });
});
