import { describe, expect, it } from 'vitest';
import { anna, email, everybody, idsOf, openHotel, rule } from './hotel.test-kit.ts';

describe('the same call with the same key', () => {
  it('answers the first one’s messages, though others are in the group by now', async () => {
    const { posthorn, sent, join } = await openHotel();
    await posthorn.segments.save({ key: 'odense', source: 'customers', where: rule('city', 'Odense') });
    const call = { email, to: [{ segment: 'odense' }, anna], key: 'storm' };
    const first = await posthorn.send(call);
    join({ id: '9', name: 'Gro', email: 'gro@example.dk', city: 'Odense' });
    const again = await posthorn.send(structuredClone(call));
    expect(idsOf(again)).toEqual(['2', '1']);
    expect(again.map(({ id, repeated }) => [id, repeated])).toEqual(first.map(({ id }) => [id, true]));
    await posthorn.segments.remove('odense');
    expect(await posthorn.send(call)).toHaveLength(2);
    expect(await sent()).toHaveLength(2);
  });

  it('to a group that was empty answers nothing, whoever has joined since', async () => {
    const { posthorn, sent, join } = await openHotel();
    const call = { email, to: { source: 'customers', where: rule('city', 'Skagen') }, key: 'storm' };
    expect(await posthorn.send(call)).toEqual([]);
    join({ id: '9', name: 'Gro', email: 'gro@example.dk', city: 'Skagen' });
    expect(await posthorn.send(call)).toEqual([]);
    expect(await sent()).toEqual([]);
    const other = { ...call, to: { source: 'customers', where: everybody } };
    await expect(posthorn.send(other)).rejects.toMatchObject({ code: 'idempotency_conflict' });
    expect(await posthorn.send({ ...call, key: 'storm again' })).toHaveLength(1);
  });

  it('sends once when many call at once', async () => {
    const { posthorn, sent } = await openHotel();
    const call = { email, to: { source: 'customers', where: everybody }, key: 'storm' };
    const answers = await Promise.all(Array.from({ length: 5 }, () => posthorn.send(call)));
    expect(new Set(answers.map((messages) => JSON.stringify(messages.map(({ id }) => id)))).size).toBe(1);
    expect(await sent()).toHaveLength(3);
  });

  it('takes a query as deep as queries may be', async () => {
    const { posthorn } = await openHotel();
    let where: object = rule('city', 'Odense');
    for (let level = 0; level < 50; level++) where = { combinator: 'and', rules: [where] };
    const call = { email, to: { source: 'customers', where: where as never }, key: 'deep' };
    const first = await posthorn.send(call);
    expect(idsOf(first)).toEqual(['2']);
    expect(await posthorn.send(structuredClone(call))).toMatchObject([{ id: first[0]?.id, repeated: true }]);
  });
});

describe("in the host's transaction", () => {
  it('the messages of a group are there when it commits, or not at all', async () => {
    const { posthorn, database, sent } = await openHotel();
    const call = { email, to: { source: 'customers', where: everybody }, key: 'storm', tx: database };
    database.exec('begin');
    expect(await posthorn.send(call)).toHaveLength(3);
    database.exec('rollback');
    expect((await posthorn.messages.list()).items).toEqual([]);
    database.exec('begin');
    expect(await posthorn.send(call)).toMatchObject([{ repeated: false }, {}, {}]);
    expect(await posthorn.send(call)).toMatchObject([{ repeated: true }, {}, {}]);
    database.exec('commit');
    expect(await sent()).toHaveLength(3);
  });

  it('an empty group is remembered when it commits', async () => {
    const { posthorn, database, join } = await openHotel();
    const to = { source: 'customers', where: rule('city', 'Skagen') };
    const call = { email, to, key: 'storm', tx: database };
    database.exec('begin');
    expect(await posthorn.send(call)).toEqual([]);
    database.exec('rollback');
    join({ id: '9', name: 'Gro', email: 'gro@example.dk', city: 'Skagen' });
    database.exec('begin');
    expect(await posthorn.send(call)).toHaveLength(1);
    database.exec('commit');
  });

  it('that is not open, an empty group is no excuse', async () => {
    const { posthorn, database } = await openHotel();
    const to = { source: 'customers', where: rule('city', 'Skagen') };
    await expect(posthorn.send({ email, to, tx: database })).rejects.toMatchObject({ code: 'tx_not_open' });
  });
});
