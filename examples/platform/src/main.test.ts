import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';

const MAIN = join(import.meta.dirname, 'main.ts');

/** Runs it in a process group of its own, with its temporary files in a folder of their own. */
function runPlatform() {
  const folder = mkdtempSync(join(tmpdir(), 'platform-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  // Postgres runs as somebody else where we are root.
  chmodSync(folder, 0o755);
  const child = spawn(process.execPath, ['--conditions=@posthorn/source', MAIN, '--stay'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
    env: { ...process.env, TMPDIR: folder },
  });
  return { folder, child, lines: createInterface({ input: child.stdout }) };
}

it('Ctrl-C ends all of it, and leaves no process and no folder behind', async () => {
  const { folder, child, lines } = runPlatform();
  const group = -(child.pid ?? 0);
  const ended = once(child, 'exit');
  const seen: string[] = [];
  for await (const line of lines) {
    seen.push(line);
    // A terminal sends it to every process of the group.
    if (line.startsWith('3.')) process.kill(group, 'SIGINT');
  }
  expect(await ended).toEqual([130, null]);
  expect(() => process.kill(group, 0)).toThrow('ESRCH');
  for (const url of seen.join('\n').matchAll(/https?:\/\/[^\s]+/g))
    await expect(fetch(url[0])).rejects.toThrow();
  // What is kept between runs is an empty database to copy; where a server had its files, nothing is left.
  expect(readdirSync(folder).filter((name) => /^posthorn-postgres-\w{6}$/.test(name))).toEqual([]);
}, 60_000);
