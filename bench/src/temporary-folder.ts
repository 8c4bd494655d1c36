import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Beside the sources, on a real disk: on many systems the folder of temporary files is in memory. */
export const DISK = join(import.meta.dirname, '..', 'node_modules', '.cache');

/** Runs something with a folder of its own, which is gone afterwards. */
export async function inTemporaryFolder<R>(run: (folder: string) => Promise<R>): Promise<R> {
  const folder = makeFolder();
  try {
    return await run(folder);
  } finally {
    remove(folder);
  }
}

/** Fills a folder that stays for as long as this process lives. */
export async function keepTemporaryFolder(fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = makeFolder();
  process.on('exit', () => remove(folder));
  await fill(folder);
  return folder;
}

function makeFolder(): string {
  mkdirSync(DISK, { recursive: true });
  return mkdtempSync(join(DISK, 'posthorn-'));
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
