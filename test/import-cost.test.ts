import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** What importing it loads, seen by a hook of the child's own module loader. */
function loadedBy(specifier: string): readonly string[] {
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
    await import(${JSON.stringify(specifier)});
    console.log(JSON.stringify([...loaded, ...process.moduleLoadList.map((name) => name.replace(/^NativeModule /, 'node:'))]));
  `;
  const args = ['--conditions=@posthorn/source', '--no-warnings', '--input-type=module', '--eval', script];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: import.meta.dirname, encoding: 'utf8' }));
}

/** The packages among modules, each once. */
function packagesOf(urls: readonly string[]): readonly string[] {
  const names = urls.flatMap((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ?? []);
  return [...new Set(names)].sort();
}

/** What core may bring along at once: each is small. mrmime is a table of file endings. */
const LIGHT = ['eventemitter3', 'mrmime', 'zod'];
const SOCKETS_AND_DATABASES =
  /^node:(net|tls|http|https|http2|dns|dgram|sqlite|child_process|worker_threads)$/;

describe('importing', () => {
  it('@posthorn/core brings nothing that is heavy, opens no socket and no database', () => {
    const loaded = loadedBy('@posthorn/core');
    expect(loaded.some((url) => url.endsWith('/core/src/posthorn.ts'))).toBe(true);
    expect(packagesOf(loaded)).toEqual(LIGHT);
    expect(loaded.filter((name) => SOCKETS_AND_DATABASES.test(name))).toEqual([]);
  });

  it('@posthorn/adapter-smtp opens no nodemailer yet', () => {
    expect(packagesOf(loadedBy('@posthorn/adapter-smtp'))).toEqual(LIGHT);
  });

  it('@posthorn/adapter-sms reads nothing of phone numbers yet', () => {
    expect(packagesOf(loadedBy('@posthorn/adapter-sms'))).toEqual(LIGHT);
  });

  it('@posthorn/backend-sqlite opens no SQLite yet', () => {
    const loaded = loadedBy('@posthorn/backend-sqlite');
    expect(loaded.filter((name) => name === 'node:sqlite')).toEqual([]);
    expect(packagesOf(loaded)).not.toContain('nodemailer');
  });
});
