import type { SegmentRecord, SegmentStore } from './ports/index.ts';

/** Segments in memory, for the store of `memory-store.test-kit.ts`. */
export function segmentStore(rows: Map<string, SegmentRecord>): SegmentStore {
  const idOf = (tenant: string, key: string) => JSON.stringify([tenant, key]);
  return {
    async save(record) {
      const id = idOf(record.tenant, record.key);
      rows.set(id, { ...record, createdAt: rows.get(id)?.createdAt ?? record.createdAt });
    },
    get: async (tenant, key) => rows.get(idOf(tenant, key)),
    list: async (tenant) =>
      [...rows.values()].filter((row) => row.tenant === tenant).sort((a, b) => (a.key < b.key ? -1 : 1)),
    remove: async (tenant, key) => rows.delete(idOf(tenant, key)),
  };
}
