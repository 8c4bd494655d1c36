import type { Backend } from '@posthorn/core';
import type { PostgresServer } from '@posthorn/postgres-server';
import { type BackendPlace, createFakeClock } from '@posthorn/testing';
import { Client, Pool } from 'pg';
import { type AttachableClock, CLOCK_OVERRIDE_SETTING, TestClock } from 'pg-boss';
import { postgres } from './index.ts';
import { openBackend } from './open-backend.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A database with everything in it that opening makes. To empty it takes a tenth of the time to make another one. */
export async function openedDatabase(server: PostgresServer): Promise<string> {
  const url = await server.createDatabase();
  const clock = createFakeClock();
  await (await postgres(url).open({ clock, log: silent })).close();
  return url;
}

/** The database, for one law after the other; what Postgres takes for the time there is the law's. */
export function postgresPlace(url: string): BackendPlace {
  const connection = { connectionString: url, options: `-c ${CLOCK_OVERRIDE_SETTING}=on` };
  const pool = new Pool({ ...connection, max: 20 });
  const client = new Client(connection);
  // The server's end must not be the test's.
  pool.on('error', () => undefined);
  client.on('error', () => undefined);
  const connected = once(() => client.connect());
  const time = new TestClock(createFakeClock().now());
  const bossClock = oneByOne(time);
  const tickTo = ticksOf(time);
  const backend: Backend = {
    ...postgres(pool),
    open: (runtime) => openBackend({ pool, schema: 'posthorn', close: async () => {} }, runtime, bossClock),
  };
  return {
    backend,
    async rest(now) {
      await tickTo(now);
      for (let quiet = 0; quiet < 3; quiet += 1) {
        await new Promise((resolve) => setImmediate(resolve));
        if (pool.idleCount < pool.totalCount || pool.waitingCount > 0) quiet = 0;
      }
    },
    host: {
      async begin() {
        await connected();
        await client.query('begin');
        return client;
      },
      async commit() {
        await client.query('commit');
      },
      async rollback() {
        await client.query('rollback');
      },
    },
    async remove() {
      await client.end();
      await pool.query(EMPTY);
      await pool.end();
    },
  };
}

const EMPTY = `do $$
  declare t record;
  begin
    for t in select tablename from pg_tables where schemaname = 'posthorn' and tablename <> 'posthorn_migrations' loop
      execute format('delete from posthorn.%I', t.tablename);
    end loop;
    delete from posthorn_jobs.job;
  end $$`;

/** Handlers let time pass as well, and the clock takes one at a time. */
function ticksOf(clock: TestClock): (now: number) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (now) => {
    const ticked = last.then(() => (now > clock.now() ? clock.tick(now - clock.now()) : undefined));
    // The clock's table goes with the last that closes, be it while time is told.
    last = ticked.catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === UNDEFINED_TABLE)) throw error;
    });
    return last;
  };
}

const UNDEFINED_TABLE = '42P01';

function once(work: () => Promise<unknown>): () => Promise<unknown> {
  let done: Promise<unknown> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}

/** Openings at the same moment would make its table at the same moment. */
function oneByOne(clock: TestClock): AttachableClock {
  let last: Promise<unknown> = Promise.resolve();
  return {
    now: () => clock.now(),
    setTimeout: (run, ms) => clock.setTimeout(run, ms),
    clearTimeout: (timer) => clock.clearTimeout(timer as never),
    setInterval: (run, ms) => clock.setInterval(run, ms),
    clearInterval: (timer) => clock.clearInterval(timer as never),
    attach(target) {
      const attached = last.then(() => clock.attach(target));
      last = attached.catch(() => {});
      return attached;
    },
  };
}
