import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Said anew, and not passed on: under `node -e` what would be passed on is the script itself. */
const FROM_SOURCE = '--conditions=@posthorn/source';
/** It trusts the benchmark's own servers. */
const ENV = { ...process.env, NODE_EXTRA_CA_CERTS: join(import.meta.dirname, 'loopback-cert.pem') };

/** Runs a script of this folder in a process of its own: it gets the job as JSON, and prints what it has to say as JSON. */
export async function runApart<R>(script: string, job: unknown, flags: readonly string[] = []): Promise<R> {
  const args = [...flags, FROM_SOURCE, join(import.meta.dirname, script), JSON.stringify(job)];
  const { stdout } = await run(process.execPath, args, { env: ENV });
  return JSON.parse(stdout);
}

/** In such a script: its job. */
export function readJob<J>(): J {
  return JSON.parse(process.argv[2] ?? 'null');
}

/** In such a script: what it has to say. */
export function report(result: unknown): void {
  process.stdout.write(JSON.stringify(result));
}
