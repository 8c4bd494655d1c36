import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { pipeline } from './pipeline.ts';

it('has the steps that the architecture draws, in that order', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/architecture.md'), 'utf8');
  const drawn = /^compose .*explain$/m.exec(page)?.[0] ?? '';
  const steps = drawn
    .split(/[→‖]/u)
    .map((step) => step.trim().replace(/ (\w)/, (_, letter) => letter.toUpperCase()));
  expect(Object.keys(pipeline)).toEqual(steps);
});
