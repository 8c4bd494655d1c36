import { first, type Program, statement } from '../program.ts';

export const deleteSegment = statement((db, p: { tenant: string; key: string }) =>
  db
    .deleteFrom('posthorn_segments')
    .where('tenant', '=', p.tenant)
    .where('key', '=', p.key)
    .returning('created_at'),
);

export function* removeSegment(tenant: string, key: string): Program<boolean> {
  return (yield* first(deleteSegment, { tenant, key })) !== undefined;
}
