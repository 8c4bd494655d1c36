import { describe, expect, it } from 'vitest';
import { countsOf, dumpOf } from '../database.test-kit.ts';
import { adHoc, anna, heardBy, next, openShop } from './shop.test-kit.ts';

const booking = { template: 'booking', to: anna, data: { reservation: { startsAt: '2026-11-27T10:00' } } };
const MESSAGE_EVENTS = ['message.queued', 'message.scheduled', 'message.accepted'] as const;
const file = { filename: 'terms.txt', content: 'Cancel a day before.' };

describe('with the commit of the host', () => {
  it('the message is there, is told of, and leaves by itself', async () => {
    const { posthorn, database, email, file, book, bookings } = await openShop();
    await posthorn.start();
    const heard = heardBy(posthorn, 'message.queued', 'message.accepted');
    const accepted = next(posthorn, 'message.accepted');
    database.exec('begin');
    book();
    const { id, status } = await posthorn.send({ ...booking, tx: database });
    expect(status).toBe('queued');
    expect(await posthorn.messages.get(id)).toBeNull();
    expect([heard, email.handedOver, bookings()]).toEqual([[], [], 0]);
    database.exec('commit');
    await accepted;
    expect(heard).toEqual([id, id]);
    expect(email.sent.map(({ messageId }) => messageId)).toEqual([id]);
    expect([bookings(), countsOf(file).posthorn_messages]).toEqual([1, 1]);
  });

  it('several messages leave, content that is composed for them and their files too', async () => {
    const { posthorn, database, email, drain } = await openShop();
    database.exec('begin');
    const sent = [
      await posthorn.send({ ...adHoc, attachments: [file], tx: database }),
      await posthorn.send({ ...adHoc, attachments: [file], tx: database }),
      ...(await posthorn.send({ ...booking, to: [anna, { email: 'bo@example.dk' }], tx: database })),
    ];
    database.exec('commit');
    await drain();
    expect(email.sent.map(({ messageId }) => messageId).sort()).toEqual(sent.map(({ id }) => id).sort());
    const [first, second] = email.sent.filter(({ subject }) => subject === 'Vi ses');
    for (const one of [first, second]) {
      expect(one).toMatchObject({ html: '<p>Hej</p>', attachments: [{ filename: 'terms.txt' }] });
      expect(Buffer.from(one?.attachments[0]?.content ?? []).toString()).toBe(file.content);
    }
  });

  it('a tenant speaks to its own customers', async () => {
    const { posthorn, database, email, drain } = await openShop();
    const sol = posthorn.tenant('sol');
    await sol.identities.save({ key: 'sol', channel: 'email', address: 'hej@sol.dk' });
    const heard = heardBy(posthorn.tenant('maane'), ...MESSAGE_EVENTS);
    database.exec('begin');
    const { id } = await sol.send({ ...adHoc, tx: database });
    database.exec('commit');
    await drain();
    expect(email.sent).toMatchObject([{ messageId: id, tenant: 'sol', from: 'hej@sol.dk' }]);
    expect(heard).toEqual([]);
  });

  it('what is planned for later waits for its time', async () => {
    const { posthorn, database, email, drain } = await openShop();
    const scheduled = next(posthorn, 'message.scheduled');
    database.exec('begin');
    const sendAt = new Date(Date.now() + 3_600_000);
    const { id } = await posthorn.send({ ...adHoc, sendAt, tx: database });
    database.exec('commit');
    expect(await scheduled).toMatchObject({ message: { id, status: 'scheduled', dueAt: sendAt } });
    await drain();
    expect(email.handedOver).toEqual([]);
  });
});

describe('with the rollback of the host', () => {
  it('nothing was ever there', async () => {
    const { posthorn, database, email, file, book, bookings, drain } = await openShop();
    const before = dumpOf(file);
    const heard = heardBy(posthorn, ...MESSAGE_EVENTS);
    database.exec('begin');
    book();
    const one = await posthorn.send({ ...booking, key: 'b-1', tx: database });
    const content = {
      email: { subject: 'Only here', text: 'T' },
      attachments: [{ filename: 'a', content: 'A' }],
    };
    await posthorn.send({ ...content, to: anna, tx: database });
    database.exec('rollback');
    expect([dumpOf(file), bookings()]).toEqual([before, 0]);

    await drain();
    const accepted = next(posthorn, 'message.accepted');
    const kept = await posthorn.send({ ...content, to: anna, wait: 'accepted' });
    await accepted;
    expect(new Set(heard)).toEqual(new Set([kept.id]));
    expect(email.handedOver.map(({ messageId }) => messageId)).toEqual([kept.id]);
    expect(await posthorn.messages.get(one.id)).toBeNull();
    expect(await posthorn.send({ ...booking, key: 'b-1' })).toMatchObject({ repeated: false });
  });

  it('to a savepoint, what came after it was never there', async () => {
    const { posthorn, database, email, drain } = await openShop();
    const heard = heardBy(posthorn, 'message.queued');
    database.exec('begin');
    const kept = await posthorn.send({ ...adHoc, tx: database });
    database.exec('savepoint extra');
    await posthorn.send({ ...booking, tx: database });
    database.exec('rollback to extra');
    database.exec('commit');
    const queued = heard.length > 0 ? undefined : next(posthorn, 'message.queued');
    await queued;
    await drain();
    expect(heard).toEqual([kept.id]);
    expect(email.sent.map(({ messageId }) => messageId)).toEqual([kept.id]);
  });
});

describe('a key within a transaction', () => {
  it('stands for the message of the first call, with all that is known of it', async () => {
    const { posthorn, database, drain, email } = await openShop();
    database.exec('begin');
    const first = await posthorn.send({ ...adHoc, key: 'b-1', tx: database });
    const again = await posthorn.send({ ...adHoc, key: 'b-1', tx: database });
    database.exec('commit');
    expect(again).toEqual({ ...first, repeated: true });
    await drain();
    expect(email.sent).toHaveLength(1);
  });

  it('is refused for another call, and the host may commit what it has', async () => {
    const { posthorn, database, drain, email, book, bookings } = await openShop();
    database.exec('begin');
    book();
    const { id } = await posthorn.send({ ...adHoc, key: 'b-1', tx: database });
    const other = posthorn.send({ ...booking, key: 'b-1', tx: database });
    await expect(other).rejects.toThrow(
      expect.objectContaining({ code: 'idempotency_conflict', path: 'key' }),
    );
    database.exec('commit');
    await drain();
    expect(email.sent.map(({ messageId }) => messageId)).toEqual([id]);
    expect(bookings()).toBe(1);
  });

  it('that was used before it is found', async () => {
    const { posthorn, database } = await openShop();
    const first = await posthorn.send({ ...adHoc, key: 'b-1' });
    database.exec('begin');
    const again = await posthorn.send({ ...adHoc, key: 'b-1', tx: database });
    database.exec('commit');
    expect(again).toMatchObject({ id: first.id, repeated: true });
  });
});
