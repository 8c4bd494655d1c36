import { systemClock } from '@posthorn/core';
import { describe, expect, it } from 'vitest';
import { anna, openSalon, openSalonInHostDatabase } from './salon.test-kit.ts';

const input = {
  template: 'booking',
  to: anna,
  data: { reservation: { startsAt: '2026-11-27T10:00' } },
  key: 'b-1',
};
const conflict = expect.objectContaining({ code: 'idempotency_conflict', path: 'key' });

describe('the same call with the same key', () => {
  it('answers the first message and sends nothing', async () => {
    const { posthorn, email, drain } = await openSalon();
    const first = await posthorn.send(input);
    await drain();
    const again = await posthorn.send(structuredClone(input));
    expect(again).toMatchObject({ id: first.id, repeated: true, status: 'accepted', key: 'b-1' });
    await drain();
    expect(email.sent).toHaveLength(1);
  });

  it('answers it even when the template is another one since, or gone', async () => {
    const { posthorn } = await openSalon();
    const first = await posthorn.send(input);
    await posthorn.templates.remove('booking');
    expect(await posthorn.send(input)).toMatchObject({ id: first.id, repeated: true });
  });

  it('answers it when the time to send it has long run out', async () => {
    let aheadMs = 0;
    const clock = { ...systemClock, now: () => Date.now() + aheadMs };
    const { posthorn, email, drain } = await openSalon({ clock });
    const call = { ...input, expiresAt: new Date(clock.now() + 3_600_000) };
    const first = await posthorn.send(call);
    await drain();
    aheadMs = 7_200_000;
    expect(await posthorn.send(call)).toMatchObject({ id: first.id, repeated: true, status: 'accepted' });
    await expect(posthorn.send({ ...call, key: 'b-2' })).rejects.toMatchObject({ path: 'expiresAt' });
    expect(email.sent).toHaveLength(1);
  });

  it('is what it was when it was made: what the host changes afterwards is another matter', async () => {
    const { posthorn } = await openSalon();
    const data = { customer: { firstName: 'Anna' }, reservation: { startsAt: '2026-11-27T10:00' } };
    const to = [{ email: 'anna@example.dk' }];
    const files = [{ filename: 'a.txt', content: new Uint8Array([65]) }];
    const sending = posthorn.send({ template: 'booking', to, data, attachments: files, key: 'b-1' });
    data.customer.firstName = 'Bo';
    to.push({ email: 'bo@example.dk' });
    files.push({ filename: 'b.txt', content: new Uint8Array([66]) });
    const messages = await sending;
    expect(messages).toMatchObject([{ preview: 'Hej Anna', to: { address: 'anna@example.dk' } }]);
    expect((await posthorn.messages.rendered(messages[0]?.id ?? '')).attachments).toHaveLength(1);
  });

  it('gives each entry its message again', async () => {
    const { posthorn } = await openSalon();
    const to = [anna, { email: 'x@example.dk' }, anna];
    const ids = (messages: readonly { id: string }[]) => messages.map(({ id }) => id);
    const first = await posthorn.send({ ...input, to, channel: { all: ['sms', 'email'] } });
    const again = await posthorn.send({ ...input, to, channel: { all: ['sms', 'email'] } });
    expect(ids(again)).toEqual(ids(first));
    expect(first).toHaveLength(6);
  });

  it('sends once when many call at once', async () => {
    const { posthorn } = await openSalon();
    const messages = await Promise.all(Array.from({ length: 10 }, () => posthorn.send(input)));
    expect(new Set(messages.map(({ id }) => id)).size).toBe(1);
    expect(messages.filter(({ repeated }) => !repeated)).toHaveLength(1);
  });

  it('need not wait or share a transaction as the first did', async () => {
    const { posthorn } = await openSalon();
    const first = await posthorn.send(input);
    const waited = await posthorn.send({ ...input, wait: 'accepted', signal: new AbortController().signal });
    expect(waited).toMatchObject({ id: first.id, repeated: true, status: 'accepted' });
  });
});

describe('another call with the same key', () => {
  it('is refused', async () => {
    const { posthorn } = await openSalon();
    await posthorn.send(input);
    const other = { reservation: { startsAt: '2026-11-27T11:00' } };
    await expect(posthorn.send({ ...input, data: other })).rejects.toThrow(conflict);
    await expect(posthorn.send({ ...input, to: [anna] })).rejects.toThrow(conflict);
  });

  it('of another tenant is a call of its own', async () => {
    const { posthorn } = await openSalon();
    const sol = posthorn.tenant('sol');
    await sol.identities.save({ key: 'x', channel: 'email', address: 'x@sol.dk' });
    const content = { email: { subject: 'S', text: 'T' }, to: anna, key: 'b-1' };
    const ours = await posthorn.send(content);
    const theirs = await sol.send({ ...content, email: { subject: 'Other', text: 'T' } });
    expect(theirs).toMatchObject({ repeated: false, tenant: 'sol' });
    expect(theirs.id).not.toBe(ours.id);
  });
});

describe("in the host's transaction", () => {
  it('the booking and its confirmation are there together', async () => {
    const { posthorn, database, drain, email } = await openSalonInHostDatabase();
    const queued: string[] = [];
    posthorn.on('message.queued', ({ message }) => queued.push(message.id));
    database.exec('begin');
    database.exec("insert into bookings (customer) values ('17')");
    const { id } = await posthorn.send({ ...input, tx: database });
    const again = await posthorn.send({ ...input, tx: database });
    expect(again).toMatchObject({ id, repeated: true });
    expect(queued).toEqual([]);
    database.exec('commit');
    await drain();
    expect(queued).toEqual([id]);
    expect(email.sent).toHaveLength(1);
  });

  it('is answered as it was, though nothing is committed yet', async () => {
    const { posthorn, database } = await openSalonInHostDatabase();
    const call = { email: { subject: 'Storm', text: 'Vi lukker' }, to: anna, key: 'b-1', tx: database };
    database.exec('begin');
    const { repeated: _, ...first } = await posthorn.send(call);
    expect(await posthorn.send(call)).toEqual({ ...first, repeated: true });
    database.exec('rollback');
  });

  it('or not at all', async () => {
    const { posthorn, database, drain, email } = await openSalonInHostDatabase();
    database.exec('begin');
    database.exec("insert into bookings (customer) values ('17')");
    const { id } = await posthorn.send({ ...input, tx: database, email: undefined });
    database.exec('rollback');
    await drain();
    expect(await posthorn.messages.get(id)).toBeNull();
    expect(email.sent).toEqual([]);
    expect(await posthorn.send(input)).toMatchObject({ repeated: false });
  });

  it('needs that it is open', async () => {
    const { posthorn, database } = await openSalonInHostDatabase();
    await expect(posthorn.send({ ...input, tx: database })).rejects.toThrow(
      expect.objectContaining({ code: 'tx_not_open' }),
    );
  });
});
