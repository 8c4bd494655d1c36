import { smtp } from '@posthorn/adapter-smtp';
import { sqlite } from '@posthorn/backend-sqlite';
import { createPosthorn, type Log, type Posthorn } from '@posthorn/core';

/** What a process needs to know to be one of a salon's. */
export interface SalonPlace {
  /** The database that all of them share. */
  readonly file: string;
  /** The mail server's. */
  readonly port: number;
  /** What the process calls itself in EHLO. */
  readonly name: string;
}

export const MAX_CONNECTIONS = 2;
/** What smtp() may have in doubt at once, for a process and an account. */
export const WINDOW = 4 * MAX_CONNECTIONS;

const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** The salon as one process sees it; it works nothing before `start`. */
export function openSalon({ file, port, name }: SalonPlace): Posthorn {
  return createPosthorn({
    backend: sqlite(file),
    adapters: [
      smtp({
        host: '127.0.0.1',
        port,
        name,
        security: 'none',
        authentication: 'none',
        maxConnections: MAX_CONNECTIONS,
      }),
    ],
    secrets: { current: 'k1', keys: { k1: 'a key for tests that is long enough, 0123456789' } },
    log: silent,
  });
}
