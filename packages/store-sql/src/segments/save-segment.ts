import type { SegmentRecord } from '@posthorn/core';
import { lock, setUpOf } from '../locks.ts';
import { first, insert, type Program } from '../program.ts';
import { deleteSegment } from './remove-segment.ts';
import { insertSegment, segmentValues } from './segment-row.ts';

export function* saveSegment(record: SegmentRecord): Program<void> {
  const { tenant, key } = record;
  yield* lock(setUpOf(tenant));
  const before = yield* first(deleteSegment, { tenant, key });
  const createdAt = before?.created_at ?? record.createdAt;
  yield* insert(insertSegment, [segmentValues({ ...record, createdAt })]);
}
