import type { Options } from 'tsup';

/** How every package is built: its one entry as an ES module with declarations; dependencies stay imports. */
export const base: Options = {
  entry: ['src/index.ts'],
  format: 'esm',
  platform: 'node',
  target: 'node22.18',
  dts: true,
  sourcemap: true,
  clean: true,
  treeshake: true,
  splitting: true,
  silent: true,
  removeNodeProtocol: false, // `node:sqlite` has no other name
};
