import type { SegmentRecord } from '@posthorn/core';
import { all, first, type Program, statement } from '../program.ts';
import { segmentOf } from './segment-row.ts';

const byKey = statement((db, p: { tenant: string; key: string }) =>
  db.selectFrom('posthorn_segments').selectAll().where('tenant', '=', p.tenant).where('key', '=', p.key),
);

const ofTenant = statement((db, p: { tenant: string }) =>
  db.selectFrom('posthorn_segments').selectAll().where('tenant', '=', p.tenant).orderBy('key'),
);

export function* getSegment(tenant: string, key: string): Program<SegmentRecord | undefined> {
  const row = yield* first(byKey, { tenant, key });
  return row && segmentOf(row);
}

export function* listSegments(tenant: string): Program<readonly SegmentRecord[]> {
  return (yield* all(ofTenant, { tenant })).map(segmentOf);
}
