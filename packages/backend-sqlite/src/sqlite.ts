import { resolve } from 'node:path';
import type { Backend } from '@posthorn/core';
import { InputError } from '@posthorn/core';
import { checkedDatabase, fileOf, type HostDatabase } from './host-database.ts';
import { openBackend } from './open-backend.ts';

const MEMORY = ':memory:';

/**
 * Keeps state and work in SQLite: the default backend.
 *
 * - `sqlite('messages.db')`: a file of its own, made on first use. Several processes of one machine may share it.
 * - `sqlite(':memory:')`: gone with the instance; for tests.
 * - `sqlite({ database })`: the file of the host's own handle (`node:sqlite` or `better-sqlite3`). Posthorn's tables, all
 *   named `posthorn_…`, live beside the host's, and `tx` may be that handle while a transaction is open on it: the
 *   booking and its confirmation commit together. Everything else uses a connection of Posthorn's own. The file is
 *   switched to write-ahead logging.
 *
 * @throws InputError `invalid_input` for no path or a URI, or for a handle that is closed or in memory.
 * @example
 * ```ts
 * import { sqlite } from '@posthorn/backend-sqlite';
 *
 * export const backend = sqlite('messages.db');
 * ```
 */
export function sqlite(where: string | SqliteOptions): Backend {
  const host = typeof where === 'string' ? null : checkedDatabase(where?.database);
  const file = host === null ? pathOf(where) : fileOf(host);
  const inMemory = file === MEMORY;
  return {
    key: 'sqlite',
    location: inMemory ? null : `sqlite:${file}`,
    supports: { multiProcess: !inMemory, notify: false, hostTransaction: host !== null },
    open: (runtime) => openBackend(file, host, runtime),
  };
}

/** Names the host's own database. */
export interface SqliteOptions {
  /** An open handle on a database in a file. It is never closed by Posthorn. */
  readonly database: HostDatabase;
}

function pathOf(path: unknown): string {
  if (path === MEMORY) return path;
  if (typeof path === 'string' && (/^file:/i.test(path) || path.includes('\0'))) {
    throw new InputError('invalid_input', 'sqlite() was given a URI, or text that no path can hold.', {
      path: 'backend',
      advice: "Give the file's path, such as sqlite('/srv/app/messages.db').",
    });
  }
  if (typeof path === 'string' && path.trim() !== '') return resolve(path);
  throw new InputError('invalid_input', 'sqlite() was given an empty path.', {
    path: 'backend',
    advice: "Name a file, such as sqlite('messages.db').",
  });
}
