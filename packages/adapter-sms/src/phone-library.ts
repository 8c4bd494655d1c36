import { createRequire } from 'node:module';

type Library = typeof import('libphonenumber-js/max');

let library: Library | undefined;

/** Loaded when the first number is read, and not by `import()`, as an estimate is answered at once. */
export function phoneLibrary(): Library {
  library ??= createRequire(import.meta.url)('libphonenumber-js/max') as Library;
  return library;
}
