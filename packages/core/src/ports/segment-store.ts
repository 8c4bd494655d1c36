import type { JsonObject } from './json.ts';

/** A row of `segments`: a recipient query under a name. */
export interface SegmentRecord {
  readonly tenant: string;
  readonly key: string;
  readonly label: string | null;
  readonly source: string;
  /** As it was given. */
  readonly query: JsonObject;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface SegmentStore {
  /** Inserts or replaces; keeps `createdAt` of what was there. */
  save(record: SegmentRecord): Promise<void>;
  get(tenant: string, key: string): Promise<SegmentRecord | undefined>;
  /** Ordered by key. */
  list(tenant: string): Promise<readonly SegmentRecord[]>;
  remove(tenant: string, key: string): Promise<boolean>;
}
