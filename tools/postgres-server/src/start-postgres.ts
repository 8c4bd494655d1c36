import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { makePlace, type Place } from './data-folder.ts';
import { endOrphan } from './end-orphan.ts';

const KEEPER = fileURLToPath(new URL('./keep-server.ts', import.meta.url));
const READY = 'database system is ready to accept connections';
const MAX_TRIES = 5;

/** A Postgres that is there as long as this process. */
export interface PostgresServer {
  /** Of its first database. */
  readonly url: string;
  /** Makes an empty database and answers its URL. */
  createDatabase(): Promise<string>;
  dropDatabase(url: string): Promise<void>;
  /** Ends it. What has been committed is there again after `start`. */
  stop(): Promise<void>;
  /** At the same address as before. */
  start(): Promise<void>;
  /** Ends it for good and removes its files. */
  close(): Promise<void>;
}

export interface PostgresOptions {
  /** A server of its own even where `DATABASE_URL` names one: to be stopped and started, say. */
  readonly own?: boolean;
  /** Settings as on its command line, such as `{ fsync: 'off' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** The one that `DATABASE_URL` names; otherwise one from npm, on a free port of the loopback, with its files in the temporary folder. */
export async function startPostgres({
  own = false,
  settings = {},
}: PostgresOptions = {}): Promise<PostgresServer> {
  const given = process.env.DATABASE_URL;
  if (given && !own) return { ...databasesOf(given), stop: notOurs, start: notOurs, close: async () => {} };
  const place = await makePlace();
  let { port, keeper } = await startSomewhere(place, settings);
  const end = async (order: 'stop' | 'forget'): Promise<void> => {
    if (keeper.exitCode !== null || keeper.signalCode !== null) return;
    keeper.ref();
    const ended = once(keeper, 'exit');
    if (order === 'stop') keeper.stdin?.write('stop\n');
    else keeper.stdin?.end();
    await ended;
  };
  return {
    ...databasesOf(`postgres://postgres@127.0.0.1:${port}/postgres`),
    stop: () => end('stop'),
    async start() {
      await end('stop');
      keeper = await startOn(port, place, settings);
    },
    async close() {
      await end('forget');
      if (keeper.signalCode !== null) await endOrphan(place.data);
      // Of a server that had been stopped, or killed.
      rmSync(place.folder, { recursive: true, force: true });
    },
  };
}

function databasesOf(url: string): Pick<PostgresServer, 'url' | 'createDatabase' | 'dropDatabase'> {
  return {
    url,
    async createDatabase() {
      const name = `posthorn_${randomUUID().replaceAll('-', '')}`;
      await run(url, `create database ${name}`);
      const own = new URL(url);
      own.pathname = `/${name}`;
      return own.href;
    },
    dropDatabase: (own) => run(url, `drop database if exists ${nameOf(own)} with (force)`),
  };
}

function nameOf(url: string): string {
  return new URL(url).pathname.slice(1);
}

async function run(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** A free port may be taken by somebody else before Postgres has it. */
async function startSomewhere(
  place: Place,
  settings: Settings,
): Promise<{ port: number; keeper: ChildProcess }> {
  for (let tries = 1; ; tries += 1) {
    const port = await freePort();
    try {
      return { port, keeper: await startOn(port, place, settings) };
    } catch (error) {
      if (tries === MAX_TRIES) throw error;
    }
  }
}

type Settings = NonNullable<PostgresOptions['settings']>;

async function startOn(port: number, place: Place, settings: Settings): Promise<ChildProcess> {
  const { folder, data, postgres: program, identity } = place;
  const all: Settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    ...settings,
  };
  const args = ['-D', data, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const keeper = spawn(process.execPath, [KEEPER, JSON.stringify({ program, args, identity, folder })], {
    stdio: ['pipe', 'ignore', 'pipe'],
    // Ctrl-C reaches every process of a terminal, and this one is still needed while the others end.
    detached: true,
    // Of the options of this process none is meant for it.
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  await untilReady(keeper);
  // It ends with this process and does not keep it.
  keeper.unref();
  for (const stream of [keeper.stdin, keeper.stderr]) unref(stream);
  return keeper;
}

function unref(stream: unknown): void {
  if (stream !== null && typeof stream === 'object' && 'unref' in stream)
    (stream as { unref(): void }).unref();
}

async function untilReady(keeper: ChildProcess): Promise<void> {
  const { stderr } = keeper;
  if (stderr === null) throw new Error('The server says nothing.');
  let said = '';
  await new Promise<void>((resolve, reject) => {
    stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-10_000);
      if (said.includes(READY)) resolve();
    });
    keeper.once('exit', () => reject(new Error(`Postgres did not start:\n${said}`)));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('There is no port.');
  return address.port;
}

function notOurs(): never {
  throw new Error('The server that DATABASE_URL names is not ours to stop. Ask for one with { own: true }.');
}
