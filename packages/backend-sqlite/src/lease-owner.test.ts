import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { isGone, leaseOwner } from './lease-owner.ts';

/** This process's name with another part. */
function named(part: number, value: string): string {
  return leaseOwner()
    .split('|')
    .map((text, i) => (i === part ? value : text))
    .join('|');
}

describe('the owner of a lease', () => {
  it('lives while its process does', () => {
    expect(isGone(leaseOwner())).toBe(false);
  });

  it('is gone once its process has ended', async () => {
    const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    await once(child, 'exit');
    expect(isGone(named(2, String(child.pid)))).toBe(true);
  });

  it.runIf(process.platform === 'linux')(
    'is gone where another process got its number, or the machine was started anew',
    () => {
      expect(isGone(named(3, '1'))).toBe(true);
      expect(isGone(named(0, 'another boot'))).toBe(true);
    },
  );

  it.runIf(process.platform === 'linux')('lives where the system hides when it started', () => {
    const owner = leaseOwner();
    // As with /proc mounted `hidepid=2`: what another user runs cannot be read, only be signalled.
    const read = fs.readFileSync;
    const hiding = vi.spyOn(fs, 'readFileSync').mockImplementation((path, options) => {
      if (String(path).endsWith('/stat')) throw new Error('ENOENT');
      return read(path, options);
    });
    syncBuiltinESMExports();
    onTestFinished(() => {
      hiding.mockRestore();
      syncBuiltinESMExports();
    });
    expect(isGone(owner)).toBe(false);
  });

  it('may live where it cannot be seen: in another container, or under a name that says nothing', () => {
    expect(isGone(named(1, 'pid:[1]'))).toBe(false);
    expect(isGone('')).toBe(false);
    expect(isGone('somebody')).toBe(false);
  });
});
