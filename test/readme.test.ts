import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

describe('a README', () => {
  it.each([
    ['README.md', 'test/consumer/readme.ts'],
    ['README.md', 'test/consumer/broadcast.ts'],
    ['packages/core/README.md', 'test/consumer/mount.ts'],
    ['packages/adapter-sendgrid/README.md', 'test/consumer/sendgrid.ts'],
    ['packages/adapter-sms/README.md', 'test/consumer/sms.ts'],
    ['packages/testing/README.md', 'test/consumer/host-test.ts'],
  ])('%s shows the snippet that is compiled, against the sources and the packed packages', (page, file) => {
    expect(read(page)).toContain(`\`\`\`ts\n${read(file)}\`\`\``);
  });
});
