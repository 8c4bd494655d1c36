import { setTimeout as pause } from 'node:timers/promises';
import { startPostgres } from '@posthorn/postgres-server';
import { Client } from 'pg';

const PAUSE_MS = 100;

/** A Postgres that is started again when it is killed. */
export interface KeptDatabase {
  readonly url: string;
  /** Resolves when nothing of it is left. */
  end(): Promise<void>;
}

/** One of npm's, or a new database on the server that `DATABASE_URL` names, which keeps itself. */
export async function keepDatabase(say: (line: string) => void): Promise<KeptDatabase> {
  const server = await startPostgres();
  const url = await server.createDatabase();
  const isOurs = !process.env.DATABASE_URL;
  let isEnding = false;
  let watcher: Client | undefined;
  let beginning: Promise<void> = isOurs ? watch() : Promise.resolve();

  async function watch(): Promise<void> {
    watcher = new Client({ connectionString: url });
    // Of which the end follows.
    watcher.on('error', () => undefined);
    await watcher.connect();
    watcher.once('end', () => {
      if (!isEnding) beginning = startAgain();
    });
  }

  async function startAgain(): Promise<void> {
    say('  [Postgres] does not answer any more. It is started again.');
    while (!isEnding && !(await isStarted())) await pause(PAUSE_MS);
    if (isEnding) return;
    say('  [Postgres] is there again, with everything that was committed.');
  }

  /** Not while processes of the one that was killed still hold its memory. */
  async function isStarted(): Promise<boolean> {
    try {
      await server.start();
      await watch();
      return true;
    } catch {
      return false;
    }
  }

  return {
    url,
    async end() {
      isEnding = true;
      await beginning.catch(() => undefined);
      await watcher?.end();
      await server.dropDatabase(url);
      await server.close();
    },
  };
}
