import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sqlite } from '@posthorn/backend-sqlite';
import type { BackendLaw, BackendPlace } from './backend-harness.ts';

export async function memoryPlace(): Promise<BackendPlace> {
  return { backend: sqlite(':memory:'), remove: async () => undefined };
}

export async function filePlace(): Promise<BackendPlace> {
  const folder = await mkdtemp(join(tmpdir(), 'posthorn-'));
  return { backend: sqlite(join(folder, 'messages.db')), remove: () => rm(folder, { recursive: true }) };
}

/** A host's own database, in which Posthorn is a guest. */
export async function hostPlace(): Promise<BackendPlace> {
  const folder = await mkdtemp(join(tmpdir(), 'posthorn-'));
  const database = new DatabaseSync(join(folder, 'host.db'));
  return {
    backend: sqlite({ database }),
    host: {
      async begin() {
        database.exec('begin immediate');
        return database;
      },
      commit: async () => database.exec('commit'),
      rollback: async () => database.exec('rollback'),
    },
    async remove() {
      database.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** The cheapest place where the law can be checked. */
export function placeFor({ needs }: BackendLaw): Promise<BackendPlace> {
  if (needs === undefined) return memoryPlace();
  return needs === 'hostTransaction' ? hostPlace() : filePlace();
}
