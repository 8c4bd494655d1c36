import { postgres } from '@posthorn/backend-postgres';
import { sqlite } from '@posthorn/backend-sqlite';
import { type Backend, type Clock, createPosthorn, type PosthornOptions, systemClock } from '@posthorn/core';
import { startPostgres } from '@posthorn/postgres-server';
import { recordingAdapter } from '@posthorn/testing';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';

vi.setConfig({ testTimeout: 60_000 });

const server = await startPostgres();
afterAll(() => server.close());

const DAY_MS = 86_400_000;
const to = { email: 'anna@example.dk' };

/** A clock that goes as ours does, so many days ahead. */
function createTravellersClock(): Clock & { days: number } {
  return {
    days: 0,
    now() {
      return systemClock.now() + this.days * DAY_MS;
    },
    sleep: systemClock.sleep,
  };
}

async function openSalon(backend: Backend, options: Pick<PosthornOptions, 'retention'> = {}) {
  const clock = createTravellersClock();
  const email = recordingAdapter({ channel: 'email' });
  const posthorn = createPosthorn({
    backend,
    adapters: [email],
    secrets: { current: 'k1', keys: { k1: 'a key for tests that is long enough, 0123456789' } },
    log: { debug() {}, info() {}, warn() {}, error() {} },
    clock,
    ...options,
  });
  onTestFinished(() => posthorn.close());
  await posthorn.identities.save({ key: 'salon', channel: 'email', address: 'hej@salon.dk' });
  const work = () => posthorn.drain({ maxMs: 30_000 });
  return { posthorn, email, clock, work };
}

const backends: readonly { name: string; open(): Promise<Backend> }[] = [
  { name: 'SQLite', open: async () => sqlite(':memory:') },
  { name: 'Postgres', open: async () => postgres(await server.createDatabase()) },
];

describe.each(backends)('old data on $name', ({ open }) => {
  it('what a template’s messages said goes after its days; to whom, and what became of it, stays', async () => {
    const { posthorn, email, clock, work } = await openSalon(await open());
    const confirmation = {
      key: 'confirmation',
      email: { subject: 'Hej {{ name }}', text: 'Din kode er {{ code }}' },
    };
    await posthorn.templates.save({ ...confirmation, retention: { contentDays: 30 } });
    email.answer('bo@example.dk', 'bounced');
    const send = (address: string) =>
      posthorn.send({
        template: 'confirmation',
        to: { email: address },
        data: { name: 'Sørine', code: '4711' },
      });
    const anna = await send('anna@example.dk');
    const bo = await send('bo@example.dk');
    await work();
    clock.days = 29;
    await work();
    expect((await posthorn.messages.rendered(anna.id)).text).toContain('4711');
    clock.days = 31;
    await work();
    const redacted = { code: 'content_redacted', path: 'id' };
    await expect(posthorn.messages.rendered(anna.id)).rejects.toMatchObject(redacted);
    await expect(posthorn.messages.resend(anna.id)).rejects.toMatchObject(redacted);
    const { items } = await posthorn.messages.list();
    expect(items.map(({ status }) => status).sort()).toEqual(['accepted', 'bounced']);
    for (const item of items)
      expect(item).toMatchObject({ subject: null, preview: '', redactedAt: expect.any(Date) });
    expect(JSON.stringify(items)).not.toMatch(/Sørine|4711/);
    const story = await posthorn.messages.timeline(bo.id, { locale: 'da' });
    expect(story.map(({ type }) => type)).toEqual(expect.arrayContaining(['bounced', 'redacted']));
    expect(story.find(({ type }) => type === 'redacted')?.title).toBe('Indhold slettet');
  });

  it('a template that lets go of nothing keeps it, beside one that does', async () => {
    const { posthorn, clock, work } = await openSalon(await open());
    await posthorn.templates.save({ key: 'kept', email: { subject: 'Tak', text: 'Bilag {{ number }}' } });
    const sent = await posthorn.send({ template: 'kept', to, data: { number: '12' } });
    await work();
    clock.days = 4_000;
    await work();
    expect((await posthorn.messages.rendered(sent.id)).text).toContain('Bilag 12');
  });

  it('finished messages go after the platform’s days, and their key sends again; what waits stays', async () => {
    const { posthorn, email, clock, work } = await openSalon(await open(), {
      retention: { messagesDays: 400 },
    });
    const booking = { to, email: { subject: 'Din tid', text: 'Vi ses' }, key: 'booking-1' } as const;
    const first = await posthorn.send(booking);
    await work();
    const account = (await posthorn.accounts.list())[0]?.key ?? '';
    await posthorn.accounts.pause(account, { message: 'Ferie' });
    const waits = { to: { email: 'bo@example.dk' }, email: { subject: 'Din tid', text: 'Vi ses' } } as const;
    await posthorn.send(waits);
    clock.days = 399;
    await work();
    expect((await posthorn.send(booking)).repeated).toBe(true);
    clock.days = 402;
    await work();
    expect(await posthorn.messages.get(first.id)).toBeNull();
    expect((await posthorn.messages.list()).items.map((message) => message.to.address)).toEqual([
      'bo@example.dk',
    ]);
    expect((await posthorn.send(booking)).repeated).toBe(false);
    expect(email.handedOver).toHaveLength(1);
  });
});

it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '30', 36_501, null])(
  '%s is no number of days to keep something',
  async (days) => {
    const options = { retention: { messagesDays: days } } as never;
    await expect(openSalon(sqlite(':memory:'), options)).rejects.toMatchObject({ path: 'retention' });
    const { posthorn } = await openSalon(sqlite(':memory:'));
    const template = { key: 'a', email: { subject: 'a', text: 'b' }, retention: { contentDays: days } };
    await expect(posthorn.templates.save(template as never)).rejects.toMatchObject({
      code: 'invalid_input',
      path: 'retention.contentDays',
    });
  },
);
