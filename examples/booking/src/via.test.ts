import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';

const run = promisify(execFile);
const DEMO = join(import.meta.dirname, 'demo.ts');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'salon-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function demo(...args: string[]) {
  return run(process.execPath, ['--conditions=@posthorn/source', DEMO, '--data', folder, ...args]);
}

it('by SendGrid, its events end up in the timeline', async () => {
  const { stdout } = await demo('--via', 'sendgrid');
  expect(stdout).toMatch(/SendGrid took (\d+) emails in [12] requests?/);
  expect(stdout).toMatch(/delivered +\d+/);
  expect(stdout).not.toMatch(/^ {2}accepted +\d/m);
  expect(stdout).toMatch(/Delivered\. /);
}, 60_000);

it('by text message, its price is told first, and its callbacks end up in the timeline', async () => {
  const { stdout } = await demo('--via', 'sms');
  expect(stdout).toMatch(/It costs \d+\.\d\d DKK for \d+ segments/);
  expect(stdout).toMatch(/\d+ will not \(landline\)/);
  expect(stdout).toMatch(/delivered +\d+/);
  expect(stdout).not.toMatch(/^ {2}accepted +\d/m);
}, 60_000);

it('the next run tells the next day', async () => {
  await demo('--via', 'sms');
  const { stdout } = await demo('--via', 'sms');
  expect(stdout).toContain('2026-11-28');
}, 60_000);

it('a way that is not there is named beside those that are', async () => {
  await expect(demo('--via', 'pigeon')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('smtp, sendgrid, sms'),
  });
});
