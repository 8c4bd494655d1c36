import { describe, expect, it } from 'vitest';
import { anna, bo, openSalon } from './salon.test-kit.ts';

const data = { reservation: { startsAt: '2026-11-27T10:00' } };
const invalidCursor = expect.objectContaining({ code: 'invalid_cursor', path: 'cursor' });

async function openWithMessages(count: number) {
  const salon = await openSalon();
  const to = Array.from({ length: count }, (_, n) => ({ email: `n${n}@example.dk` }));
  const sent = await salon.posthorn.send({ template: 'booking', to, data });
  return { ...salon, ids: sent.map(({ id }) => id) };
}

describe('the list of messages', () => {
  it('is read page by page, newest first, each once', async () => {
    const { posthorn, ids } = await openWithMessages(7);
    const read: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await posthorn.messages.list({ limit: 3, cursor });
      expect(page.items.length).toBeLessThanOrEqual(3);
      read.push(...page.items.map(({ id }) => id));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    expect(read).toEqual(ids.toReversed());
  });

  it('is filtered', async () => {
    const { posthorn, drain } = await openSalon();
    const before = new Date(Date.now() - 1000);
    await posthorn.send({ template: 'booking', to: [anna, bo], channel: 'email', data });
    await posthorn.send({ template: 'booking', to: bo, channel: 'sms', data });
    await posthorn.send({ email: { subject: 'S', text: 'T' }, to: { email: 'x@example.dk' } });
    await drain();
    await posthorn.send({ email: { subject: 'S', text: 'T' }, to: { email: 'y@example.dk' } });
    const count = async (filter: Parameters<typeof posthorn.messages.list>[0]) =>
      (await posthorn.messages.list(filter)).items.length;
    expect(await count({})).toBe(5);
    expect(await count({ channel: 'sms' })).toBe(1);
    expect(await count({ template: 'booking' })).toBe(3);
    expect(await count({ status: 'skipped' })).toBe(1);
    expect(await count({ status: ['queued', 'skipped'] })).toBe(2);
    expect(await count({ status: 'accepted' })).toBe(3);
    expect(await count({ recipient: bo })).toBe(2);
    expect(await count({ address: 'ANNA@example.dk' })).toBe(1);
    expect(await count({ address: '+45 87 65 43 21' })).toBe(1);
    expect(await count({ createdBefore: before })).toBe(0);
    expect(await count({ createdFrom: before })).toBe(5);
  });

  it('takes a cursor for the tenant and the filter it was made for only', async () => {
    const { posthorn } = await openWithMessages(3);
    const { next } = await posthorn.messages.list({ limit: 1, channel: 'email' });
    const cursor = next ?? '';
    expect((await posthorn.messages.list({ limit: 2, channel: 'email', cursor })).items).toHaveLength(2);
    await expect(posthorn.messages.list({ cursor })).rejects.toThrow(invalidCursor);
    await expect(posthorn.tenant('sol').messages.list({ channel: 'email', cursor })).rejects.toThrow(
      invalidCursor,
    );
    await expect(posthorn.messages.list({ cursor: 'AAAA' })).rejects.toThrow(invalidCursor);
  });

  it.each([{ limit: 0 }, { limit: 501 }, { status: 'lost' }, { colour: 'red' }, { createdFrom: 'x' }])(
    'refuses %j',
    async (options) => {
      const { posthorn } = await openSalon();
      await expect(posthorn.messages.list(options as object)).rejects.toThrow(
        expect.objectContaining({ code: 'invalid_input' }),
      );
    },
  );

  it("shows nothing of another tenant's, by any door", async () => {
    const { posthorn, ids } = await openWithMessages(1);
    const [id = ''] = ids;
    const sol = posthorn.tenant('sol');
    const missing = expect.objectContaining({ code: 'unknown_message' });
    expect((await sol.messages.list()).items).toEqual([]);
    expect(await sol.messages.get(id)).toBeNull();
    expect(await sol.messages.cancel(id)).toBe('missing');
    await expect(sol.messages.timeline(id)).rejects.toThrow(missing);
    await expect(sol.messages.rendered(id)).rejects.toThrow(missing);
    await expect(sol.messages.resend(id)).rejects.toThrow(missing);
    await expect(sol.messages.resolve([id], 'accepted', { by: 'eve' })).rejects.toThrow(missing);
    expect(await posthorn.messages.get(id)).toMatchObject({ status: 'queued' });
  });
});
