// Packs every public package as it would be published and looks at the result as a host gets it: publint and attw
// on each tarball, then all of them installed into a folder outside the workspace, imported by plain Node and
// type-checked together with the files of test/consumer. Needs a build.
import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const root = resolve(process.argv[2] ?? dirname(dirname(fileURLToPath(import.meta.url))));
const tools = join(dirname(dirname(fileURLToPath(import.meta.url))), 'node_modules/.bin');
const json = (path) => JSON.parse(readFileSync(path, 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'posthorn-packages-'));
const problems = [];

try {
  const packages = readdirSync(join(root, 'packages'))
    .map((name) => join(root, 'packages', name))
    .filter((path) => existsSync(join(path, 'package.json')))
    .map((path) => ({ path, manifest: json(join(path, 'package.json')) }))
    .filter(({ manifest }) => !manifest.private);
  const unbuilt = packages.filter(({ path }) => !existsSync(join(path, 'dist/index.js')));
  if (unbuilt.length > 0) {
    problems.push(...unbuilt.map(({ manifest }) => `${manifest.name} is not built: run the build first`));
  } else {
    const packed = [];
    for (const each of packages) packed.push({ ...each, tarball: await pack(each) });
    for (const each of packed) {
      await lint(each);
      await types(each);
    }
    await consume(packed);
  }
  for (const problem of problems) console.error(problem);
  console.log(`packages: ${packages.length} checked, ${problems.length} problems`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = problems.length === 0 ? 0 : 1;

async function pack({ path, manifest }) {
  const before = new Set(readdirSync(folder));
  const { exitCode, output } = await run('pnpm', ['pack', '--pack-destination', folder], path);
  const file = readdirSync(folder).find((name) => !before.has(name));
  if (exitCode !== 0 || !file) throw new Error(`${manifest.name} cannot be packed:\n${output}`);
  return join(folder, file);
}

async function lint({ manifest, tarball }) {
  const bytes = readFileSync(tarball);
  const content = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const { messages, pkg } = await publint({ pack: { tarball: content }, strict: true });
  for (const message of messages)
    problems.push(`${manifest.name}: ${formatMessage(message, pkg, { color: false })}`);
  const text = JSON.stringify(pkg);
  if (/"(workspace|catalog):/.test(text) || text.includes('@posthorn/source')) {
    problems.push(`${manifest.name}: the packed package.json still speaks of the workspace`);
  }
}

async function types({ manifest, tarball }) {
  const args = [tarball, '--profile', 'esm-only', '--no-emoji', '--no-color', '--format', 'ascii'];
  const { exitCode, output } = await run(join(tools, 'attw'), args, folder);
  if (exitCode !== 0) problems.push(`${manifest.name}: attw finds its types wrong\n${output}`);
}

async function consume(packed) {
  const host = join(folder, 'host');
  mkdirSync(host);
  const consumer = join(root, 'test/consumer');
  if (existsSync(consumer)) cpSync(consumer, host, { recursive: true });
  const names = packed.map(({ manifest }) => manifest.name);
  const write = (name, value) => writeFileSync(join(host, name), value);
  const tarballs = Object.fromEntries(
    packed.map(({ manifest, tarball }) => [manifest.name, `file:${tarball}`]),
  );
  const nodeTypes = json(join(root, 'node_modules/@types/node/package.json')).version;
  write(
    'package.json',
    JSON.stringify({
      private: true,
      type: 'module',
      dependencies: tarballs,
      devDependencies: { '@types/node': nodeTypes },
    }),
  );
  // JSON is YAML. The packages depend on each other: those too come from the tarballs.
  write('pnpm-workspace.yaml', JSON.stringify({ packages: ['.'], overrides: tarballs }));
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    target: 'es2023',
    module: 'nodenext',
    types: ['node'],
    noEmit: true,
    allowImportingTsExtensions: true,
  };
  write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['**/*.ts'] }));
  write('all.ts', names.map((name, at) => `export * as p${at} from '${name}';\n`).join(''));
  write('all.mjs', names.map((name) => `await import('${name}');\n`).join(''));

  const installed = await run(
    'pnpm',
    ['install', '--prefer-offline', '--ignore-scripts', '--no-frozen-lockfile'],
    host,
  );
  if (installed.exitCode !== 0) {
    problems.push(`the packed packages cannot be installed together:\n${installed.output}`);
    return;
  }
  const imported = await run(process.execPath, ['all.mjs'], host);
  if (imported.exitCode !== 0) problems.push(`the packed packages cannot be imported:\n${imported.output}`);
  const checked = await run(join(tools, 'tsc'), ['--project', host], host);
  const files = globSync('**/*.ts', { cwd: host, exclude: ['node_modules'] }).length;
  if (checked.exitCode !== 0)
    problems.push(`a host's files do not compile with the packed packages:\n${checked.output}`);
  else console.log(`host: ${files} files compiled with the packed packages`);
}

function run(command, args, cwd) {
  return new Promise((done, fail) => {
    const env = { ...process.env, CI: 'true', NODE_OPTIONS: '' };
    const child = spawn(command, args, { cwd, env, shell: process.platform === 'win32' });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (output += bytes));
    child.once('error', fail);
    child.once('close', (exitCode) => done({ exitCode: exitCode ?? 1, output }));
  });
}
