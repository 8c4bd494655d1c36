import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const LOOK_MS = 20;

/** Ends the server on a data folder whose keeper was killed: Postgres does not notice, and nobody else would end it. */
export async function endOrphan(data: string): Promise<void> {
  const server = serverOn(data);
  if (server === undefined) return;
  try {
    process.kill(server, 'SIGINT');
    while (serverOn(data) === server && process.kill(server, 0)) await pause(LOOK_MS);
  } catch {
    // It is gone.
  }
}

/** By the file that Postgres keeps for as long as it runs. */
function serverOn(data: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(join(data, 'postmaster.pid'), 'utf8'), 10);
  } catch {
    return undefined;
  }
}
