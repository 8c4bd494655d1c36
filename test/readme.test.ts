import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

describe('the README', () => {
  it('shows the snippet that is compiled, against the sources and against the packed packages', () => {
    const snippet = read('test/consumer/readme.ts');
    expect(read('README.md')).toContain(`\`\`\`ts\n${snippet}\`\`\``);
  });
});
