import { describe, expect, it } from 'vitest';
import {
  aBroadcast,
  anId,
  aPage,
  COMPLETE,
  jobsIn,
  mailing,
  NOON,
  openNew,
  TENANT,
} from './broadcast.test-kit.ts';

describe('the list of a broadcast', () => {
  it('is written page by page, each with its place, its messages and their counts', async () => {
    const { opened } = await openNew();
    const { broadcasts, messages } = opened.store;
    const broadcast = aBroadcast();
    await broadcasts.add(broadcast, [], []);
    const chunk = anId();
    const first = [mailing(broadcast, '1', chunk), mailing(broadcast, '2', null)];
    expect(await broadcasts.addPage(aPage(broadcast, first))).toBe('added');
    const second = [mailing(broadcast, '3', anId())];
    const next = aPage(broadcast, second, { expected: { page: 1 }, cursor: { page: 2 } });
    expect(await broadcasts.addPage(next)).toBe('added');

    const stored = await messages.get(
      TENANT,
      [...first, ...second].map(({ message }) => message.id),
    );
    expect(stored.map(({ message }) => message)).toEqual([...first, ...second].map(({ message }) => message));
    expect(await broadcasts.counts(TENANT, broadcast.id)).toEqual({ queued: 2, skipped: 1 });
    expect(await broadcasts.get(TENANT, broadcast.id)).toEqual({
      ...broadcast,
      cursor: { page: 2 },
      firstMessage: first[0]?.message.id,
      lastMessage: second[0]?.message.id,
    });
    expect(await messages.events(TENANT, first[1]?.message.id ?? '')).toEqual([first[1]?.event]);
  });

  it('takes a page once, of however many processes that write it at the same time', async () => {
    const { opened, open } = await openNew();
    const others = [opened, await open(), await open(), await open()];
    const broadcast = aBroadcast();
    await opened.store.broadcasts.add(broadcast, [], []);
    for (const page of [1, 2, 3]) {
      const expected = page === 1 ? null : { page: page - 1 };
      const answers = await Promise.all(
        others.map(({ store }, writer) => {
          const messages = [mailing(broadcast, `${page}-${writer}`, anId())];
          return store.broadcasts.addPage(aPage(broadcast, messages, { expected, cursor: { page } }));
        }),
      );
      expect(answers.filter((answer) => answer === 'added')).toHaveLength(1);
    }
    expect(await opened.store.broadcasts.counts(TENANT, broadcast.id)).toEqual({ queued: 3 });
  });

  it('goes on behind the last page after its process is gone', async () => {
    const { opened, open } = await openNew();
    const broadcast = aBroadcast();
    await opened.store.broadcasts.add(broadcast, [], []);
    await opened.store.broadcasts.addPage(aPage(broadcast, [mailing(broadcast, '1', anId())]));
    await opened.close();
    const { store } = await open();
    const found = await store.broadcasts.get(TENANT, broadcast.id);
    const expected = found?.cursor ?? null;
    const again = aPage(broadcast, [mailing(broadcast, '1', anId())]);
    expect(await store.broadcasts.addPage(again)).toBe('moved_on');
    const rest = aPage(broadcast, [mailing(broadcast, '2', anId())], { expected, end: COMPLETE });
    expect(await store.broadcasts.addPage(rest)).toBe('added');
    expect(await store.broadcasts.counts(TENANT, broadcast.id)).toEqual({ queued: 2 });
    expect(await store.broadcasts.get(TENANT, broadcast.id)).toMatchObject({
      state: 'sending',
      listedAt: NOON,
      sealedData: null,
    });
  });

  it('knows its place by what it says, not by the order in which it was written', async () => {
    const { opened } = await openNew();
    const { broadcasts } = opened.store;
    const broadcast = aBroadcast();
    await broadcasts.add(broadcast, [], []);
    await broadcasts.addPage(aPage(broadcast, [], { cursor: { b: [{ y: 1, x: 2 }], a: null } }));
    const cursor = { page: 2 };
    for (const other of [{ a: null, b: [{ x: 2, y: 2 }] }, {}, null]) {
      expect(await broadcasts.addPage(aPage(broadcast, [], { expected: other, cursor }))).toBe('moved_on');
    }
    const expected = { a: null, b: [{ x: 2, y: 1 }] };
    expect(await broadcasts.addPage(aPage(broadcast, [], { expected, cursor }))).toBe('added');
  });

  it('leaves out whom it has already: no row, no event, no count, no place in a chunk', async () => {
    const { file, opened } = await openNew();
    const { broadcasts, messages, deliveries } = opened.store;
    const broadcast = aBroadcast();
    await broadcasts.add(broadcast, [], []);
    const bare = { recipient: null, addressKey: 'anna' };
    const known = [
      mailing(broadcast, '1', anId()),
      mailing(broadcast, '2', null),
      mailing(broadcast, '', anId(), bare),
    ];
    await broadcasts.addPage(aPage(broadcast, known));
    const [empty, filled] = [anId(), anId()];
    const fresh = [
      mailing(broadcast, '1', filled, { channel: 'sms' }),
      mailing(broadcast, '1', filled, { recipient: { source: 'staff', id: '1' } }),
      mailing(broadcast, '3', filled),
      mailing(broadcast, '', filled, { ...bare, addressKey: 'bo' }),
    ];
    const again = [
      mailing(broadcast, '1', empty),
      mailing(broadcast, '2', empty),
      mailing(broadcast, '1', null),
      mailing(broadcast, '', empty, bare),
      mailing(broadcast, '3', empty),
      mailing(broadcast, '', empty, { ...bare, addressKey: 'bo' }),
    ];
    const page = aPage(broadcast, [...fresh, ...again], {
      expected: { page: 1 },
      cursor: { page: 2 },
      end: COMPLETE,
    });
    await broadcasts.addPage(page);
    const ids = again.map(({ message }) => message.id);
    expect(await messages.get(TENANT, ids)).toEqual([]);
    for (const id of ids) expect(await messages.events(TENANT, id)).toEqual([]);
    expect(await broadcasts.counts(TENANT, broadcast.id)).toEqual({ queued: 6, skipped: 1 });
    await deliveries.queueDue(NOON, 100, anId);
    const chunks = jobsIn(file).map(({ chunk }) => chunk);
    expect(chunks).toContain(filled);
    expect(chunks).not.toContain(empty);
  });

  it('may have the same people as another broadcast, and as one of another tenant with its id', async () => {
    const { opened } = await openNew();
    const { broadcasts } = opened.store;
    const broadcast = aBroadcast();
    const neighbour = aBroadcast({ tenant: 'salon-maane', id: broadcast.id });
    for (const one of [broadcast, aBroadcast(), neighbour]) {
      await broadcasts.add(one, [], []);
      expect(await broadcasts.addPage(aPage(one, [mailing(one, '1', anId())]))).toBe('added');
      expect(await broadcasts.counts(one.tenant, one.id)).toEqual({ queued: 1 });
    }
  });

  it('is not written to any more once it was canceled', async () => {
    const { opened, open } = await openNew();
    const other = await open();
    const broadcast = aBroadcast();
    await opened.store.broadcasts.add(broadcast, [], []);
    const change = { state: 'canceled', endedAt: NOON } as const;
    expect(await other.store.broadcasts.change(TENANT, broadcast.id, ['listing'], change, [])).toBe(true);
    const page = aPage(broadcast, [mailing(broadcast, '1', anId())]);
    expect(await opened.store.broadcasts.addPage(page)).toBe('moved_on');
    expect(await opened.store.broadcasts.counts(TENANT, broadcast.id)).toEqual({});
  });

  it('leaves nobody to be written to where it ends as refused', async () => {
    const { opened, file } = await openNew();
    const { broadcasts, deliveries } = opened.store;
    const broadcast = aBroadcast();
    await broadcasts.add(broadcast, [], []);
    const failure = { code: 'too_expensive', message: 'It would cost 300 DKK.' };
    const end = { state: 'refused', endedAt: NOON, failure } as const;
    await broadcasts.addPage(aPage(broadcast, [mailing(broadcast, '1', anId())], { end }));
    expect(await broadcasts.get(TENANT, broadcast.id)).toMatchObject({ ...end, sealedData: null });
    expect(await deliveries.queueDue(NOON, 100, anId)).toEqual({ queued: 0, nextDueAt: null });
    expect(jobsIn(file)).toEqual([]);
  });

  it('is changed by one of two who want to change it at the same time', async () => {
    const { opened, open } = await openNew();
    const other = await open();
    const broadcast = aBroadcast({ state: 'planned', startedAt: null });
    await opened.store.broadcasts.add(broadcast, [], []);
    const job = {
      id: anId(),
      kind: 'broadcast',
      tenant: TENANT,
      account: '$broadcasts',
      accountTenant: TENANT,
      chunk: broadcast.id,
      priority: 0,
    } as const;
    const start = (startedAt: number, { store }: typeof opened) =>
      store.broadcasts.change(TENANT, broadcast.id, ['planned'], { state: 'listing', startedAt }, [
        { ...job, id: anId() },
      ]);
    const answers = await Promise.all([start(1, opened), start(2, other), start(3, opened)]);
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(await opened.queue.size()).toBe(1);
    expect(await broadcastOf(broadcast.id)).toMatchObject({
      state: 'listing',
      startedAt: answers.indexOf(true) + 1,
      sealedData: broadcast.sealedData,
    });

    function broadcastOf(id: string) {
      return other.store.broadcasts.get(TENANT, id);
    }
  });
});
