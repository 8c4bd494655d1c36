import type { SegmentRecord } from '@posthorn/core';
import { insertion, type Param } from '../program.ts';
import type { SegmentRow } from '../schema.ts';

export const insertSegment = insertion('posthorn_segments', [
  'tenant',
  'key',
  'label',
  'source',
  'query',
  'created_at',
  'updated_at',
]);

/** In the order of `insertSegment`. */
export function segmentValues(record: SegmentRecord): readonly Param[] {
  return [
    record.tenant,
    record.key,
    record.label,
    record.source,
    JSON.stringify(record.query),
    record.createdAt,
    record.updatedAt,
  ];
}

export function segmentOf(row: SegmentRow): SegmentRecord {
  return {
    tenant: row.tenant,
    key: row.key,
    label: row.label,
    source: row.source,
    query: JSON.parse(row.query),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
