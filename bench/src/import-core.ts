import { execFileSync } from 'node:child_process';
import type { Figure } from './figure.ts';

const RUNS = 15;

/** What core may bring along at once: each is small. */
const LIGHT: ReadonlySet<string> = new Set(['eventemitter3', 'mrmime', 'zod']);

/** Of what is published: the built package, as a host without our condition gets it. */
export const importCore: Figure = {
  name: 'import.core',
  about: `import '@posthorn/core', as published, against import 'zod': each alone in ${RUNS} fresh processes`,
  unit: '× zod',
  goal: { atMost: 2 },
  rounds: 3,
  async measure() {
    build();
    checkLight();
    const core: number[] = [];
    const zod: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      core.push(importMs('@posthorn/core'));
      zod.push(importMs('zod'));
    }
    return median(core) / median(zod);
  },
};

let isBuilt = false;

/** Once: what lies there may be older than the sources. */
function build(): void {
  if (isBuilt) return;
  execFileSync('pnpm', ['--silent', '--filter', '@posthorn/core', 'run', 'build'], {
    cwd: import.meta.dirname,
    shell: process.platform === 'win32',
  });
  isBuilt = true;
}

/** A quick import that brings a transport, a template engine or the like is not what this figure is about. */
function checkLight(): void {
  const loaded: readonly string[] = JSON.parse(
    runFresh(`
      import { registerHooks } from 'node:module';
      const loaded = [];
      registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
      await import('@posthorn/core');
      process.stdout.write(JSON.stringify(loaded));
    `),
  );
  if (!loaded.some((url) => url.endsWith('/core/dist/index.js'))) {
    throw new Error(`It is not the built package that is imported: ${loaded.join(', ')}`);
  }
  const packages = loaded.flatMap((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ?? []);
  const heavy = new Set(packages.filter((name) => !LIGHT.has(name)));
  if (heavy.size > 0) throw new Error(`import '@posthorn/core' loads ${[...heavy].join(', ')}`);
}

function importMs(specifier: string): number {
  return Number(
    runFresh(`
      const startedAt = performance.now();
      await import('${specifier}');
      process.stdout.write(String(performance.now() - startedAt));
    `),
  );
}

/** Without the flags of this process: none of them is a host's. */
function runFresh(script: string): string {
  return execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  });
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
