import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgres } from '@posthorn/postgres-server';
import { Client } from 'pg';
import { afterAll, expect, it, onTestFinished } from 'vitest';

const OPENER = join(import.meta.dirname, 'opener.test-kit.ts');

const server = await startPostgres();
afterAll(() => server.close());

it('ten processes open an empty database at once, and all of them have it', async () => {
  const url = await server.createDatabase();
  const openers = Array.from({ length: 10 }, () => startOpener(url));
  expect(await Promise.all(openers.map(endOf))).toEqual(openers.map(() => 'opened, code 0'));
}, 120_000);

it('processes are killed while they make the tables: the next one makes them, as if nobody had been there', async () => {
  const undisturbed = await server.createDatabase();
  expect(await endOf(startOpener(undisturbed))).toBe('opened, code 0');
  const url = await server.createDatabase();
  // It takes some hundred milliseconds, the most part of them to load the program.
  for (const delayMs of [0, 10, 20, 40, 80, 160]) {
    const opener = startOpener(url);
    await once(opener.child, 'spawn');
    await opener.said('opening');
    await sleep(delayMs);
    opener.child.kill('SIGKILL');
    await opener.ended;
  }
  expect(await endOf(startOpener(url))).toBe('opened, code 0');
  expect(await columnsOf(url)).toEqual(await columnsOf(undisturbed));
}, 120_000);

interface Opener {
  readonly child: ChildProcess;
  readonly ended: Promise<unknown>;
  said(word: string): Promise<void>;
  text(): string;
}

function startOpener(url: string): Opener {
  const child = spawn(process.execPath, ['--conditions=@posthorn/source', OPENER, url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  return {
    child,
    ended: once(child, 'close'),
    said: (word) => expect.poll(() => text).toContain(word),
    text: () => text,
  };
}

async function endOf({ child, ended, text }: Opener): Promise<string> {
  await ended;
  return `${text().trim().split('\n').at(-1)}, code ${child.exitCode}`;
}

/** Every column of every table, ours and the queue's. */
async function columnsOf(url: string): Promise<readonly string[]> {
  const client = new Client(url);
  await client.connect();
  const { rows } = await client.query(
    `select table_schema || '.' || table_name || '.' || column_name || ' ' || data_type as line
     from information_schema.columns where table_schema like 'posthorn%' order by 1`,
  );
  await client.end();
  expect(rows.length).toBeGreaterThan(100);
  return rows.map(({ line }) => line);
}
