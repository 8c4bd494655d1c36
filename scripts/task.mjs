// Installs what the lockfile says, then runs one script of the root package.json with the arguments given.
// `npm run demo`, `npm test` and the like come here through npx, which brings Node 24 and pnpm.
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [task, ...args] = process.argv.slice(2);

if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(
    `npx should have brought Node 24, but this is ${process.version}. Does npm's ignore-scripts forbid it?`,
  );
  process.exit(1);
}

// What npx was told is not meant for an npm or npx that a task starts.
for (const name of ['npm_config_package', 'npm_config_call', 'npm_config_yes']) delete process.env[name];

let child;
// Ctrl-C reaches the whole process group: the task decides how it ends, we pass its exit code on.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child?.kill('SIGTERM'));

function pnpm(args, { env = process.env, stdout = 'inherit' } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = ['inherit', stdout, 'inherit'];
    child = spawn('pnpm', args, { cwd: root, env, stdio, shell: process.platform === 'win32' });
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(signal ? 1 : code));
  });
}

// CI makes pnpm ask nothing: a node_modules that does not fit is replaced. What it says of that goes to stderr, as
// stdout is the task's: `npm run --silent bench -- --json` is read by programs.
process.exitCode = await pnpm(['install', '--frozen-lockfile'], {
  env: { ...process.env, CI: 'true' },
  stdout: process.stderr,
});
if (process.exitCode === 0) process.exitCode = await pnpm(['--silent', 'run', task, ...args]);
