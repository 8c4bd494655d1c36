import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import config from '../.dependency-cruiser.mjs';
import { run, workspace } from './workspace.test-kit.ts';

/** The rules of the architecture step, each broken once in a workspace of its own under the temp folder. */

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const sound: Record<string, string> = {
  'packages/core/src/index.ts': `export * from './messages/index.ts'; export * from './errors.ts';`,
  'packages/core/src/errors.ts': `export const code = 'x';`,
  'packages/core/src/messages/index.ts': `export * from './message.ts'; export * from './send-message.ts';`,
  'packages/core/src/messages/message.ts': `import { declared } from 'declared'; export const message = declared;`,
  'packages/core/src/messages/send-message.ts': `import type { Server } from 'node:http';
    import { queue } from '../delivery/index.ts'; import { code } from '../errors.ts'; import { message } from './message.ts';
    export const sent = [queue, code, message]; export type Host = Server;`,
  'packages/core/src/messages/send-message.test.ts': `import 'for-tests'; import '@posthorn/testing'; import './message.ts';
    import '../delivery/index.ts'; import './shop.test-kit.ts';`,
  'packages/core/src/messages/shop.test-kit.ts': `import 'for-tests'; export {};`,
  'packages/core/src/delivery/index.ts': `export const queue = 1;`,
  'packages/adapter-smtp/src/index.ts': `export * from '@posthorn/core'; export * from './reply.ts';`,
  'packages/adapter-smtp/src/reply.ts': `export const reply = 250;`,
  'packages/adapter-other/src/index.ts': `export * from '@posthorn/http-client';`,
  'packages/http-client/src/index.ts': `export * from '@posthorn/core';`,
  'packages/store-sql/src/index.ts': `export * from '@posthorn/core';`,
  'packages/backend-sqlite/src/index.ts': `import { DatabaseSync } from 'node:sqlite'; export * from '@posthorn/store-sql';
    export * from '@posthorn/core'; export const open = DatabaseSync;`,
  'packages/testing/src/index.ts': `export * from '@posthorn/backend-sqlite';`,
  'examples/shop/src/demo.ts': `import '@posthorn/core';`,
  'test/whole.test.ts': `import '@posthorn/core'; import '@posthorn/adapter-smtp';`,
};

interface Breach {
  readonly rule: string;
  readonly why: string;
  readonly files: Record<string, string>;
}
const breach = (rule: string, why: string, from: string, ...imported: string[]): Breach => ({
  rule,
  why,
  files: { [from]: `${imported.map((name) => `import ${JSON.stringify(name)};`).join(' ')} export {};` },
});

const core = 'packages/core/src';
const breaches: Breach[] = [
  {
    rule: 'no-cycle',
    why: 'two rooms that import each other',
    files: {
      [`${core}/cycle-a/index.ts`]: `import { b } from '../cycle-b/index.ts'; export const a = () => b;`,
      [`${core}/cycle-b/index.ts`]: `import { a } from '../cycle-a/index.ts'; export const b = () => a;`,
    },
  },
  {
    rule: 'no-cycle',
    why: 'a cycle of types alone',
    files: {
      [`${core}/type-a.ts`]: `import type { B } from './type-b.ts'; export type A = B[];`,
      [`${core}/type-b.ts`]: `import type { A } from './type-a.ts'; export type B = A | 1;`,
    },
  },
  breach('core-stands-alone', 'core imports an adapter', `${core}/r1.ts`, '@posthorn/adapter-smtp'),
  breach('core-stands-alone', 'core imports a backend', `${core}/r2.ts`, '@posthorn/backend-sqlite'),
  breach('core-stands-alone', 'core imports the store', `${core}/r3.ts`, '@posthorn/store-sql'),
  breach('core-stands-alone', 'core imports the test tools', `${core}/r4.ts`, '@posthorn/testing'),
  breach(
    'core-stands-alone-in-tests',
    "core's test imports a backend",
    `${core}/r.test.ts`,
    '@posthorn/backend-sqlite',
  ),
  breach(
    'adapters-know-core',
    'an adapter imports another',
    'packages/adapter-smtp/src/r1.ts',
    '@posthorn/adapter-other',
  ),
  breach(
    'adapters-know-core',
    'an adapter imports a backend',
    'packages/adapter-smtp/src/r2.ts',
    '@posthorn/backend-sqlite',
  ),
  breach(
    'adapters-know-core-in-tests',
    'so does its test',
    'packages/adapter-smtp/src/r.test.ts',
    '@posthorn/backend-sqlite',
  ),
  breach(
    'http-client-knows-core',
    'the HTTP client imports an adapter',
    'packages/http-client/src/r.ts',
    '@posthorn/adapter-smtp',
  ),
  breach(
    'http-client-knows-core-in-tests',
    'so does its test',
    'packages/http-client/src/r.test.ts',
    '@posthorn/adapter-smtp',
  ),
  breach(
    'stores-know-core',
    'the store imports a backend',
    'packages/store-sql/src/r.ts',
    '@posthorn/backend-sqlite',
  ),
  breach(
    'stores-know-core-in-tests',
    'so does its test',
    'packages/store-sql/src/r.test.ts',
    '@posthorn/backend-sqlite',
  ),
  breach(
    'backends-know-stores',
    'a backend imports an adapter',
    'packages/backend-sqlite/src/r.ts',
    '@posthorn/adapter-smtp',
  ),
  breach(
    'backends-know-stores-in-tests',
    'so does its test',
    'packages/backend-sqlite/src/r.test.ts',
    '@posthorn/adapter-smtp',
  ),
  breach(
    'testing-knows-backends',
    'testing imports an adapter',
    'packages/testing/src/r.ts',
    '@posthorn/adapter-smtp',
  ),
  breach(
    'testing-knows-backends-in-tests',
    'so does its test',
    'packages/testing/src/r.test.ts',
    '@posthorn/adapter-smtp',
  ),
  breach('core-opens-nothing', 'core opens a socket', `${core}/r5.ts`, 'node:net'),
  breach('core-opens-nothing', 'core opens a database', `${core}/r6.ts`, 'node:sqlite'),
  breach(
    'packages-by-name',
    'a path into core',
    'packages/adapter-smtp/src/r3.ts',
    '../../core/src/errors.ts',
  ),
  breach(
    'packages-by-name-elsewhere',
    'a test with a path into core',
    'test/r.test.ts',
    '../packages/core/src/errors.ts',
  ),
  breach('rooms-by-their-door', 'a file of another room', `${core}/delivery/r.ts`, '../messages/message.ts'),
  breach('rooms-by-their-door', 'the same in a test', `${core}/delivery/r.test.ts`, '../messages/message.ts'),
  breach(
    'rooms-by-their-door-from-outside',
    'from a file in no room',
    `${core}/r7.ts`,
    './messages/message.ts',
  ),
  breach('resolvable', 'a file that is not there', `${core}/r8.ts`, './gone.ts'),
  breach('resolvable', 'a package that is not there', `${core}/r9.ts`, 'gone'),
  breach('declared', 'a package for development', `${core}/r10.ts`, 'for-tests'),
  breach('declared', 'a package that the manifest does not name', `${core}/r11.ts`, 'undeclared'),
  breach(
    'tests-are-leaves',
    'production code imports a test',
    `${core}/r12.ts`,
    './messages/send-message.test.ts',
  ),
];

describe('the dependency rules', () => {
  let violations: { rule: { name: string }; from: string }[] = [];
  beforeAll(async () => {
    const folder = await workspace({ ...sound, ...Object.assign({}, ...breaches.map((each) => each.files)) });
    const { stdout } = await cruise(folder, 'json');
    violations = JSON.parse(stdout).summary.violations;
  }, 60_000);

  it('let a sound workspace pass', async () => {
    const { exitCode, stdout } = await cruise(await workspace(sound), 'err');
    expect(stdout).toContain('no dependency violations found');
    expect(exitCode).toBe(0);
  }, 60_000);

  it('end in a failure when one is broken', async () => {
    const only = breaches.find(({ rule }) => rule === 'core-stands-alone');
    const { exitCode, stdout } = await cruise(await workspace({ ...sound, ...only?.files }), 'err');
    expect(stdout).toContain('error core-stands-alone');
    expect(exitCode).not.toBe(0);
  }, 60_000);

  it.each(breaches)('$rule: $why', ({ rule, files }) => {
    const blamed = violations.filter((violation) => violation.rule.name === rule).map(({ from }) => from);
    expect(blamed).toEqual(expect.arrayContaining(Object.keys(files).slice(0, 1)));
  });

  it('are each broken above', () => {
    const names = config.forbidden.map(({ name }) => name);
    expect([...new Set(breaches.map(({ rule }) => rule))].sort()).toEqual([...names].sort());
  });
});

describe('the rules about files', () => {
  const check = (folder: string) => run(folder, join(root, 'scripts/check-files.mjs'), folder);
  const lines = (count: number) => `${'export {};\n'.repeat(count)}`;

  it('let 300 lines pass', async () => {
    const { exitCode } = await check(await workspace({ ...sound, 'packages/core/src/long.ts': lines(300) }));
    expect(exitCode).toBe(0);
  });

  it.each([
    ['a source', 'packages/core/src/long.ts'],
    ['a test', 'packages/core/src/messages/long.test.ts'],
    ['an example', 'examples/shop/src/long.ts'],
    ['a test of several packages', 'test/long.test.ts'],
  ])('refuse %s of 301 lines', async (_, path) => {
    const { exitCode, stderr } = await check(await workspace({ [path]: lines(301) }));
    expect(stderr).toContain(`${path}: 301 lines`);
    expect(exitCode).toBe(1);
  });

  it.each(['utils.ts', 'helpers.test.ts', 'common/index.ts', 'types.ts', 'interfaces.ts'])(
    'refuse the name %s',
    async (name) => {
      const path = `packages/core/src/messages/${name}`;
      const { exitCode, stderr } = await check(await workspace({ [path]: lines(1) }));
      expect(stderr).toContain(`${path}: "${name.split(/[./]/)[0]}" names nothing`);
      expect(exitCode).toBe(1);
    },
  );
});

function cruise(folder: string, output: 'err' | 'json') {
  const bin = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const options = ['--config', join(root, '.dependency-cruiser.mjs'), '--output-type', output];
  return run(folder, bin, ...options, 'packages', 'examples', 'test');
}
