import { defaultExclude, defineConfig } from 'vitest/config';

// Packages are tested from their sources: no build comes first.
const conditions = ['@posthorn/source', 'module', 'node', 'development|production'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    exclude: [...defaultExclude, '**/dist/**'],
    execArgv: ['--conditions=@posthorn/source'],
    // Vitest would leave one core idle: on a machine with two, that is half of it.
    maxWorkers: '100%',
    // They tell a test that hangs from one on a busy machine; none of them is what a test is about.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000, interval: 20 } },
    restoreMocks: true,
    unstubEnvs: true,
    projects: [
      {
        extends: true,
        // Files of one package share a worker, and with it the modules they load: a third of the time otherwise.
        test: { name: 'unit', include: ['packages/*/src/**/*.test.ts'], isolate: false },
      },
      { extends: true, test: { name: 'whole', include: ['examples/**/*.test.ts', 'test/**/*.test.ts'] } },
    ],
  },
});
