import { postgres } from '@posthorn/backend-postgres';
import { arrayRecipients, type Clock, createPosthorn, type Posthorn, systemClock } from '@posthorn/core';
import { startPostgres } from '@posthorn/postgres-server';
import { recordingAdapter } from '@posthorn/testing';
import { Client } from 'pg';
import { afterAll, expect, it, onTestFinished, vi } from 'vitest';

vi.setConfig({ testTimeout: 60_000 });
const within = { timeout: 40_000 };

const server = await startPostgres();
afterAll(() => server.close());

const GUESTS = Array.from({ length: 300 }, (_, index) => ({
  id: `g${index}`,
  email: `g${index}@example.dk`,
}));
const LETTER = { email: { subject: 'Nyt fra salonen', text: 'Vi har åbent.' } } as const;
const everybody = { source: 'guests', where: { combinator: 'and', rules: [] } } as const;

/** One process: an instance with connections of its own. */
function openProcess(url: string, clock: Clock = systemClock) {
  const email = recordingAdapter({ channel: 'email', key: 'server' });
  const posthorn = createPosthorn({
    backend: postgres(url),
    adapters: [email],
    secrets: { current: 'k1', keys: { k1: 'a key for tests that is long enough, 0123456789' } },
    recipients: {
      guests: arrayRecipients({ label: 'Guests', rows: GUESTS, id: 'id', name: 'id', email: 'email' }),
    },
    log: { debug() {}, info() {}, warn() {}, error() {} },
    clock,
  });
  onTestFinished(() => posthorn.close());
  return { posthorn, email };
}

async function openSalon() {
  const url = await server.createDatabase();
  const worker = openProcess(url);
  await worker.posthorn.identities.save({ key: 'salon', channel: 'email', address: 'hej@salon.dk' });
  return { url, worker };
}

async function connect(url: string): Promise<Client> {
  const client = new Client(url);
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

/** Postgres's connections on which a process hears of others. */
async function listeners(client: Client): Promise<number[]> {
  const { rows } = await client.query(
    "select pid from pg_stat_activity where datname = current_database() and query like 'listen %' and state = 'idle'",
  );
  return rows.map(({ pid }) => pid);
}

/** Resolves once so many processes hear of each other: before that, what is live is told to nobody. */
async function untilHeard(url: string, processes: number, without: readonly number[] = []): Promise<void> {
  const client = await connect(url);
  const listening = async () => (await listeners(client)).filter((pid) => !without.includes(pid)).length;
  await expect.poll(listening, within).toBe(processes);
}

/** What the process is told of, as `accepted g1@example.dk`. */
function record(
  face: Pick<Posthorn, 'on'>,
  names: readonly ('accepted' | 'bounced' | 'queued')[],
  into: string[] = [],
) {
  for (const name of names) {
    face.on(`message.${name}`, ({ message }) => into.push(`${name} ${message.to.address}`));
  }
  return into;
}

it('a web process hears what a worker did, and each process hears of each once', async () => {
  const { url, worker } = await openSalon();
  const web = openProcess(url);
  const heard = record(web.posthorn, ['accepted', 'bounced']);
  const own = record(worker.posthorn, ['accepted', 'bounced']);
  const bounces: unknown[] = [];
  web.posthorn.on('message.bounced', ({ bounce, message, at }) =>
    bounces.push({ bounce, status: message.status, isDate: at instanceof Date }),
  );
  await untilHeard(url, 2);
  worker.email.answer('bo@example.dk', 'bounced');
  for (const email of ['anna@example.dk', 'bo@example.dk']) {
    await worker.posthorn.send({ to: { email }, ...LETTER });
  }
  await worker.posthorn.drain({ maxMs: 30_000 });
  // After all others: what comes twice has come by now.
  await worker.posthorn.send({ to: { email: 'last@example.dk' }, ...LETTER });
  await worker.posthorn.drain({ maxMs: 30_000 });
  await expect.poll(() => heard, within).toContain('accepted last@example.dk');
  const all = ['accepted anna@example.dk', 'accepted last@example.dk', 'bounced bo@example.dk'];
  expect(heard.toSorted()).toEqual(all);
  expect(own.toSorted()).toEqual(all);
  expect(bounces).toEqual([
    {
      bounce: expect.objectContaining({ class: 'hard', reply: expect.objectContaining({ code: 550 }) }),
      status: 'bounced',
      isDate: true,
    },
  ]);
});

it('a company hears of its own messages only, whichever process sent them', async () => {
  const { url, worker } = await openSalon();
  const web = openProcess(url);
  const north = record(web.posthorn.tenant('north'), ['accepted']);
  const all = record(web.posthorn, ['accepted']);
  await untilHeard(url, 2);
  for (const id of ['south', 'north']) {
    const tenant = worker.posthorn.tenant(id);
    await tenant.identities.save({ key: 'salon', channel: 'email', address: 'hej@salon.dk' });
    await tenant.send({ to: { email: `${id}@example.dk` }, ...LETTER });
  }
  await worker.posthorn.drain({ maxMs: 30_000 });
  await expect.poll(() => all.length, within).toBe(2);
  expect(north).toEqual(['accepted north@example.dk']);
});

it('a pause is heard everywhere, and what is said of it', async () => {
  const { url, worker } = await openSalon();
  const web = openProcess(url);
  const heard: unknown[] = [];
  web.posthorn.on('account.paused', (event) => heard.push(event));
  await untilHeard(url, 2);
  await worker.posthorn.accounts.pause('server', { message: 'Bo er på ferie 🏖' });
  await expect.poll(() => heard, within).toHaveLength(1);
  expect(heard).toMatchObject([{ account: 'server', message: 'Bo er på ferie 🏖', at: expect.any(Date) }]);
});

it('what a host sends in its transaction is told when it commits, and never where it does not', async () => {
  const { url, worker } = await openSalon();
  const web = openProcess(url);
  const heard = record(web.posthorn, ['queued']);
  const own = record(worker.posthorn, ['queued']);
  await untilHeard(url, 2);
  const host = await connect(url);
  for (const [email, end] of [
    ['never@example.dk', 'rollback'],
    ['anna@example.dk', 'commit'],
  ] as const) {
    await host.query('begin');
    await worker.posthorn.send({ to: { email }, ...LETTER, tx: host });
    await host.query(end);
  }
  await expect.poll(() => heard, within).toEqual(['queued anna@example.dk']);
  expect(own).toEqual(heard);
});

it('who lost the connection hears again', async () => {
  const { url, worker } = await openSalon();
  const web = openProcess(url);
  const heard = record(web.posthorn, ['accepted']);
  await untilHeard(url, 2);
  const admin = await connect(url);
  const lost = await listeners(admin);
  expect(lost).toHaveLength(2);
  await admin.query('select pg_terminate_backend(pid) from unnest($1::int[]) pid', [lost]);
  await untilHeard(url, 2, lost);
  await worker.posthorn.send({ to: { email: 'anna@example.dk' }, ...LETTER });
  await worker.posthorn.drain({ maxMs: 30_000 });
  await expect.poll(() => heard, within).toEqual(['accepted anna@example.dk']);
});

it('the progress of a broadcast is woken by the worker, without looking again and again', async () => {
  const { url, worker } = await openSalon();
  // Whoever would look every second waits here for ever.
  const patient: Clock = {
    now: () => systemClock.now(),
    sleep: (ms, signal) => systemClock.sleep(ms < 1_000 ? ms : 3_600_000, signal),
  };
  const web = openProcess(url, patient);
  const { id } = await web.posthorn.broadcasts.plan({ to: everybody, ...LETTER });
  const broadcast = await web.posthorn.broadcasts.get(id);
  const seen: string[] = [];
  const watching = (async () => {
    for await (const { status, done } of broadcast?.progress() ?? []) seen.push(`${status} ${done}`);
  })();
  await untilHeard(url, 2);
  await expect.poll(() => seen, within).toEqual(['planned 0']);
  await worker.posthorn.broadcasts.start(id);
  await worker.posthorn.drain({ maxMs: 30_000 });
  await watching;
  expect(seen.at(-1)).toBe('finished 300');
});
