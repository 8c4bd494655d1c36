import { defaultExclude, defineConfig } from 'vitest/config';

// Packages are tested from their sources: no build comes first.
const conditions = ['@posthorn/source', 'module', 'node', 'development|production'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    environment: 'node',
    include: ['packages/*/src/**/*.test.ts', 'examples/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: [...defaultExclude, '**/dist/**'],
    execArgv: ['--conditions=@posthorn/source'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    restoreMocks: true,
    unstubEnvs: true,
  },
});
