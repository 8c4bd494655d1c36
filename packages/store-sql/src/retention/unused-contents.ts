import { all, first, type Program, statement } from '../program.ts';
import { loosenAll } from './loose.ts';

type Content = { tenant: string; versionId: string };

const ofMessage = statement((db, p: Content) =>
  db
    .selectFrom('posthorn_messages')
    .select('version_id')
    .where('template', 'is', null)
    .where('tenant', '=', p.tenant)
    .where('version_id', '=', p.versionId)
    .limit(1),
);

const ofBroadcast = statement((db, p: Content) =>
  db
    .selectFrom('posthorn_broadcasts')
    .select('version_id')
    .where('template', 'is', null)
    .where('tenant', '=', p.tenant)
    .where('version_id', '=', p.versionId)
    .where('swept', '=', 0)
    .limit(1),
);

const hashes = statement((db, p: { tenant: string; ids: string }, dialect) =>
  db
    .selectFrom('posthorn_versions')
    .select('content_hash')
    .where('tenant', '=', p.tenant)
    .where('id', 'in', dialect.each(p.ids))
    .where('template', 'is', null),
);

/** Whether a message or a broadcast still says this ad-hoc content. */
export function* isContentUsed(tenant: string, versionId: string): Program<boolean> {
  const content = { tenant, versionId };
  if ((yield* first(ofMessage, content)) !== undefined) return true;
  return (yield* first(ofBroadcast, content)) !== undefined;
}

/** Those of the contents that nobody says any more are loose from now on. */
export function* loosenContents(tenant: string, versionIds: readonly string[], now: number): Program<void> {
  const unused: string[] = [];
  for (const versionId of new Set(versionIds)) {
    if (!(yield* isContentUsed(tenant, versionId))) unused.push(versionId);
  }
  if (unused.length === 0) return;
  const rows = yield* all(hashes, { tenant, ids: JSON.stringify(unused) });
  yield* loosenAll(
    tenant,
    'content',
    rows.map(({ content_hash }) => content_hash),
    now,
  );
}
