import { execFileSync } from 'node:child_process';
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { inTemporaryFolder } from './temporary-folder.ts';

const FSYNCS = 200;
/** What is measured against, by version. */
const PACKAGES = ['nodemailer', 'liquidjs', 'bullmq'] as const;

/** The machine and the versions that figures depend on, a line each. */
export async function describeMachine(): Promise<readonly string[]> {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const packages = PACKAGES.map((name) => `${name} ${versionOf(name)}`).join(', ');
  const fsyncMs = await inTemporaryFolder(async (folder) => medianFsyncMs(join(folder, 'fsync')));
  return [
    `Node ${process.versions.node}, SQLite ${process.versions.sqlite}, ${packages}, ${redisVersion()}`,
    `${process.platform} ${process.arch}, ${cpus().length} × ${cpu?.model ?? 'unknown processor'}, ${memory} GB`,
    `4 kB written and synced to disk in ${fsyncMs.toFixed(2)} ms (median of ${FSYNCS})`,
  ];
}

function versionOf(name: string): string {
  const path = findPackageJSON(name, import.meta.url);
  return path === undefined ? 'not installed' : JSON.parse(readFileSync(path, 'utf8')).version;
}

function redisVersion(): string {
  try {
    const text = execFileSync('redis-server', ['--version'], { encoding: 'utf8' });
    return `Redis ${/v=(\S+)/.exec(text)?.[1] ?? 'of an unknown version'}`;
  } catch {
    return 'no redis-server on the PATH';
  }
}

/** What a durable commit waits for. */
function medianFsyncMs(path: string): number {
  const file = openSync(path, 'w');
  const page = Buffer.alloc(4096, 1);
  const times = Array.from({ length: FSYNCS }, () => {
    const startedAt = performance.now();
    writeSync(file, page);
    fsyncSync(file);
    return performance.now() - startedAt;
  });
  closeSync(file);
  return times.sort((a, b) => a - b)[FSYNCS / 2] ?? Number.NaN;
}
