import { systemClock } from '@posthorn/core';
import { describe, expect, it } from 'vitest';
import { anna, bo, email, everybody, idsOf, openHotel, rule } from './hotel.test-kit.ts';

describe('a message to a group', () => {
  it('goes to everybody who fulfils the query, a message each, in the order of the source', async () => {
    const { posthorn, sent } = await openHotel();
    const messages = await posthorn.send({
      email,
      to: { source: 'customers', where: rule('city', 'Aarhus') },
    });
    expect(messages.map(({ to, status }) => [to.name, status])).toEqual([
      ['Anna', 'queued'],
      ['Carl', 'queued'],
    ]);
    expect(await sent()).toEqual(['anna@example.dk', 'carl@example.dk']);
  });

  it('goes to a saved segment; a department is one of the staff', async () => {
    const { posthorn, sent } = await openHotel();
    await posthorn.segments.save({ key: 'kitchen', source: 'staff', where: rule('department', 'kitchen') });
    const messages = await posthorn.send({ email, to: { segment: 'kitchen' } });
    expect(messages).toHaveLength(2);
    expect(await sent()).toEqual(['kim@hotel.dk', 'lis@hotel.dk']);
  });

  it('goes to each person once, where first named, of people, groups and segments mixed', async () => {
    const { posthorn, sent } = await openHotel();
    await posthorn.segments.save({ key: 'aarhus', source: 'customers', where: rule('city', 'Aarhus') });
    const to = [
      bo,
      { email: 'press@example.dk' },
      { segment: 'aarhus' },
      { source: 'customers', where: everybody },
      anna,
      { email: 'PRESS@example.dk' },
    ];
    const messages = await posthorn.send({ email, to });
    expect(idsOf(messages)).toEqual(['2', null, '1', '3']);
    expect(await sent()).toHaveLength(4);
  });

  it('by several channels gives each person’s messages, channel by channel', async () => {
    const { posthorn } = await openHotel();
    const sms = { text: 'Storm' };
    const to = { source: 'customers', where: rule('city', 'Aarhus') };
    const messages = await posthorn.send({ email, sms, channel: { all: ['sms', 'email'] }, to });
    expect(messages.map(({ to: { id }, channel }) => [id, channel])).toEqual([
      ['1', 'sms'],
      ['1', 'email'],
      ['3', 'sms'],
      ['3', 'email'],
    ]);
  });

  it('says of each person who is not reached why', async () => {
    const { posthorn } = await openHotel();
    await posthorn.suppressions.add({ email: 'carl@example.dk', by: 'kim' });
    const messages = await posthorn.send({ email, to: [{ source: 'customers', where: everybody }, anna] });
    expect(messages.map(({ status }) => status)).toEqual(['queued', 'queued', 'skipped']);
  });

  it('leaves out whom the query leaves out for the health of the address', async () => {
    const { posthorn } = await openHotel();
    await posthorn.suppressions.add({ email: 'carl@example.dk', by: 'kim' });
    const messages = await posthorn.send({
      email,
      to: { source: 'customers', where: rule('email.status', 'ok') },
    });
    expect(idsOf(messages)).toEqual(['1', '2']);
  });

  it('waits until each has been tried, if asked to', async () => {
    const { posthorn } = await openHotel();
    const messages = await posthorn.send({
      email,
      to: { source: 'customers', where: everybody },
      wait: 'accepted',
    });
    expect(messages.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'accepted']);
  });

  it('is an array also when one person is in it, and empty when nobody is', async () => {
    const { posthorn, tables } = await openHotel();
    const one = await posthorn.send({ email, to: { source: 'customers', where: rule('city', 'Odense') } });
    expect(idsOf(one)).toEqual(['2']);
    const before = tables();
    const to = [{ source: 'customers', where: rule('city', 'Skagen') }];
    const file = { filename: 'a.txt', content: 'never stored' };
    const nobody = await posthorn.send({ email: { subject: 'New', text: 'New' }, attachments: [file], to });
    expect(nobody).toEqual([]);
    expect(tables()).toEqual(before);
  });

  it('to nobody is checked all the same', async () => {
    const { posthorn } = await openHotel();
    const to = { source: 'customers', where: rule('city', 'Skagen') };
    await expect(posthorn.send({ template: 'stormm', to })).rejects.toMatchObject({
      code: 'unknown_template',
    });
    await expect(posthorn.send({ email: { text: 'T' } as never, to })).rejects.toMatchObject({
      code: 'template_subject_missing',
    });
  });
});

describe('too many people', () => {
  it('are refused, with the way to write to them, and none gets anything', async () => {
    const { posthorn, join } = await openHotel();
    const people = Array.from({ length: 1001 }, (_, index) => ({
      id: `x${index}`,
      name: 'X',
      email: `x${index}@example.dk`,
      city: 'Skagen',
    }));
    join(...people.slice(0, 1000));
    const to = { source: 'customers', where: rule('city', 'Skagen') };
    await expect(posthorn.send({ email, to: [to, anna] })).rejects.toMatchObject({
      code: 'invalid_input',
      path: 'to',
      advice: expect.stringContaining('posthorn.broadcasts'),
    });
    expect((await posthorn.messages.list()).items).toEqual([]);
    expect(await posthorn.send({ email, to: [to, { source: 'customers', id: 'x7' }] })).toHaveLength(1000);
  });
});

describe('where one recipient is meant', () => {
  it.each([{ segment: 'aarhus' }, { source: 'customers', where: everybody }])(
    'a group is refused: %j',
    async (group) => {
      const { posthorn } = await openHotel();
      const [message] = await posthorn.send({ email, to: [anna] });
      const refused = expect.objectContaining({
        code: 'invalid_input',
        path: 'to',
        message: expect.stringContaining('group'),
      });
      await expect(posthorn.preview({ email, to: group as never })).rejects.toThrow(refused);
      await expect(posthorn.messages.resend(message?.id ?? '', { to: group as never })).rejects.toThrow(
        refused,
      );
    },
  );
});

describe('a source', () => {
  it('that fails is heard, and nothing is sent to anybody', async () => {
    const { posthorn, breakDown } = await openHotel();
    breakDown('the host’s database is down');
    const to = [anna, { source: 'customers', where: everybody }];
    await expect(posthorn.send({ email, to, key: 'storm' })).rejects.toThrow('the host’s database is down');
    breakDown(null);
    expect((await posthorn.messages.list()).items).toEqual([]);
    expect(await posthorn.send({ email, to, key: 'storm' })).toHaveLength(3);
  });
});

describe('segments', () => {
  it('are kept, with the days they were made and changed, in the company they were saved in', async () => {
    let aheadMs = 0;
    const clock = { ...systemClock, now: () => Date.now() + aheadMs };
    const { posthorn } = await openHotel({ clock });
    const where = rule('city', 'Aarhus');
    const made = await posthorn.segments.save({ key: 'aarhus', label: 'Aarhus', source: 'customers', where });
    aheadMs = 60_000;
    const changed = await posthorn.segments.save({ key: 'aarhus', source: 'customers', where });
    expect(changed).toMatchObject({ label: null, where, createdAt: made.createdAt });
    expect(changed.updatedAt.getTime()).toBeGreaterThanOrEqual(made.updatedAt.getTime() + 60_000);
    expect(await posthorn.segments.list()).toEqual([changed]);
    expect(await posthorn.tenant('luna').segments.list()).toEqual([]);
    await expect(posthorn.tenant('luna').send({ email, to: { segment: 'aarhus' } })).rejects.toMatchObject({
      code: 'unknown_segment',
      path: 'to.segment',
    });
  });

  it('of relative days mean the day of the call', async () => {
    let now = Date.UTC(2026, 10, 27, 10);
    const clock = { ...systemClock, now: () => now };
    const { posthorn } = await openHotel({ clock });
    await posthorn.segments.save({ key: 'today', source: 'customers', where: rule('arrives', 'today') });
    expect(idsOf(await posthorn.send({ email, to: { segment: 'today' } }))).toEqual(['1']);
    // In Copenhagen it is tomorrow already.
    now = Date.UTC(2026, 10, 27, 23, 30);
    expect(idsOf(await posthorn.send({ email, to: { segment: 'today' } }))).toEqual(['2']);
  });
});
