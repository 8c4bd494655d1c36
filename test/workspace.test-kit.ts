import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

/** Workspaces of our packages' shape in the temp folder, for tests of the tools that check this one. */

const packages: Record<string, { dependencies?: string[]; peers?: string[]; dev?: string[] }> = {
  core: { dependencies: ['declared'], dev: ['for-tests'] },
  'adapter-smtp': { peers: ['@posthorn/core'] },
  'adapter-other': { dependencies: ['@posthorn/http-client'], peers: ['@posthorn/core'] },
  'http-client': { peers: ['@posthorn/core'] },
  'store-sql': { peers: ['@posthorn/core'] },
  'backend-sqlite': { dependencies: ['@posthorn/store-sql'], peers: ['@posthorn/core'] },
  testing: { dependencies: ['@posthorn/backend-sqlite'], peers: ['@posthorn/core'] },
};

const folders: string[] = [];
afterAll(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

/** A workspace with these files, its packages linked as pnpm links them. */
export async function workspace(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'posthorn-architecture-'));
  folders.push(folder);
  const put = async (path: string, text: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  await put('tsconfig.json', JSON.stringify({ compilerOptions: { module: 'nodenext', noEmit: true } }));
  await put('package.json', JSON.stringify({ name: 'workspace', private: true, type: 'module' }));
  for (const name of ['declared', 'for-tests', 'undeclared']) {
    await put(
      `node_modules/${name}/package.json`,
      JSON.stringify({ name, version: '1.0.0', main: 'index.js' }),
    );
    await put(`node_modules/${name}/index.js`, `exports.declared = 1;`);
  }
  await mkdir(join(folder, 'node_modules/@posthorn'), { recursive: true });
  for (const [name, { dependencies = [], peers = [], dev = [] }] of Object.entries(packages)) {
    const versions = (names: string[]) => Object.fromEntries(names.map((each) => [each, '^1.0.0']));
    const manifest = {
      name: `@posthorn/${name}`,
      version: '1.0.0',
      type: 'module',
      exports: { '.': { '@posthorn/source': './src/index.ts', default: './dist/index.js' } },
      dependencies: versions(dependencies),
      peerDependencies: versions(peers),
      devDependencies: versions(dev),
    };
    await put(`packages/${name}/package.json`, JSON.stringify(manifest));
    await symlink(join(folder, 'packages', name), join(folder, 'node_modules/@posthorn', name), 'junction');
  }
  for (const [path, text] of Object.entries(files)) await put(path, text);
  for (const part of ['examples', 'test']) await mkdir(join(folder, part), { recursive: true });
  return folder;
}

/** Runs a script with this Node and tells how it ended. */
export function run(cwd: string, ...args: string[]) {
  return new Promise<{ exitCode: number; stdout: string; stderr: string }>((resolve) => {
    const env = { ...process.env, NO_COLOR: '1' };
    execFile(process.execPath, args, { cwd, env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) =>
      resolve({ exitCode: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}
