import { InputError, type PosthornError, StoreError } from '@posthorn/core';
import { startPostgres } from '@posthorn/postgres-server';
import { createFakeClock } from '@posthorn/testing';
import { Client, Pool } from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { postgres } from './index.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const runtime = { clock: createFakeClock(), log: silent };

const server = await startPostgres({ own: true, settings: { fsync: 'off' } });
afterAll(() => server.close());

/** The server's URL with another part. */
function urlWith(
  change: Partial<Pick<URL, 'username' | 'password' | 'port' | 'pathname' | 'hostname'>>,
): string {
  return Object.assign(new URL(server.url), change).href;
}

async function openingFails(url: string): Promise<PosthornError> {
  const error = await postgres(url)
    .open(runtime)
    .then(() => undefined)
    .catch((it: unknown) => it);
  if (error instanceof StoreError) return error;
  throw new Error(`expected a StoreError, not ${String(error)}`);
}

describe('what keeps it from being opened is said, with what to do', () => {
  it('nothing listens there', async () => {
    const error = await openingFails(urlWith({ port: '1' }));
    expect(error).toMatchObject({ code: 'store_unreachable', path: 'backend' });
    expect(error.message).toContain('cannot be reached');
    expect(error.advice).toContain('port');
  });

  it('nobody knows the host', async () => {
    const error = await openingFails(urlWith({ hostname: 'no-such-host.invalid' }));
    expect(error).toMatchObject({ code: 'store_unreachable' });
    expect(error.message).toContain('host');
  });

  it('there is no such database', async () => {
    const error = await openingFails(urlWith({ pathname: '/nowhere' }));
    expect(error).toMatchObject({ code: 'store_unreachable' });
    expect(error.message).toContain('no such database');
  });

  it('the user is not let in', async () => {
    const error = await openingFails(urlWith({ username: 'stranger' }));
    expect(error).toMatchObject({ code: 'store_unreachable' });
    expect(error.message).toContain('does not let this user in');
  });

  it('the user may make no schema', async () => {
    const url = await server.createDatabase();
    await run(url, 'create role guest login');
    const error = await openingFails(Object.assign(new URL(url), { username: 'guest' }).href);
    expect(error).toMatchObject({ code: 'store_readonly' });
    expect(error.advice).toContain('grant create');
  });

  it('a newer Posthorn has been there', async () => {
    const url = await server.createDatabase();
    await (await postgres(url).open(runtime)).close();
    await run(url, "insert into posthorn.posthorn_migrations values (9999, 'from the future', 0)");
    expect(await openingFails(url)).toMatchObject({ code: 'store_newer' });
  });
});

it('a server that is stopped fails the call, and the next one works once it is back', async () => {
  const url = await server.createDatabase();
  const opened = await postgres(url).open(runtime);
  const { segments } = opened.store;
  expect(await segments.list('salon')).toEqual([]);
  await server.stop();
  await expect(segments.list('salon')).rejects.toMatchObject({ code: 'store_unreachable' });
  await server.start();
  expect(await segments.list('salon')).toEqual([]);
  await opened.close();
});

describe('what is no way to a Postgres is refused at once', () => {
  it.each([
    ['an empty text', '', 'variable of the environment'],
    ['another database', 'mysql://root@localhost/shop', 'postgres://'],
    ['a text that is no URL', 'localhost', 'postgres://'],
    ['nothing', undefined, 'postgres://'],
    ['a client', new Client(), 'Pool'],
  ])('%s', (_what, where, advice) => {
    expect(() => postgres(where as string)).toThrow(InputError);
    expect(() => postgres(where as string)).toThrow(
      expect.objectContaining({ code: 'invalid_input', advice: expect.stringContaining(advice) }),
    );
  });

  it('a pool that has been ended', async () => {
    const pool = new Pool({ connectionString: server.url });
    await pool.end();
    expect(() => postgres(pool)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  });

  it.each(['Posthorn', 'pg_mine', '"quoted"', '', 'x'.repeat(41), 'a b'])('the schema %j', (schema) => {
    expect(() => postgres(server.url, { schema })).toThrow(expect.objectContaining({ path: 'schema' }));
  });
});

async function run(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
}
