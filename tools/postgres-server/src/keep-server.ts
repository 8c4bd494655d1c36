// Run as a process of its own: holds one Postgres as its child. Its standard input is a pipe from the process that asked
// for the server; when that process ends, in whatever way, the pipe does, and with it the server and its folder.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';

interface Order {
  readonly program: string;
  readonly args: readonly string[];
  /** Whom to run it as; Postgres refuses to be root. */
  readonly identity: { readonly uid?: number; readonly gid?: number };
  /** Removed when nobody is left who could want it. */
  readonly folder: string;
}

const { program, args, identity, folder } = JSON.parse(process.argv[2] ?? '') as Order;
const server = spawn(program, args, { ...identity, cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });

let isOrphan = false;
// "Fast": sessions are ended and everything is written.
const stop = (): void => {
  server.kill('SIGINT');
};
process.stdin.on('data', stop);
process.stdin.on('end', () => {
  isOrphan = true;
  stop();
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);

server.on('error', (error) => {
  console.error(String(error));
  process.exit(1);
});
server.on('exit', (code) => {
  if (isOrphan) rmSync(folder, { recursive: true, force: true });
  process.exit(code ?? 1);
});
