import type { RetentionRules } from '@posthorn/core';
import { all, first, type Program, run, statement } from '../program.ts';
import { endFileUses } from './file-uses.ts';
import { loosenAll } from './loose.ts';
import type { Portion } from './phase.ts';
import type { LooseRow } from './retention-tables.ts';
import { isContentUsed } from './unused-contents.ts';

/** Whoever found it in the store before it was loose has written by then that it is used. */
const LOOSE_MS = 24 * 60 * 60 * 1000;
/** Files are large. */
const MOST = 20;

const old = statement((db, p: { before: number; limit: number }, dialect) =>
  dialect.passLocked(
    db
      .selectFrom('posthorn_loose')
      .select(['tenant', 'kind', 'key'])
      .where('since', '<', p.before)
      .orderBy('since')
      .limit(p.limit),
  ),
);

type Loose = { tenant: string; key: string };

const dropRow = statement((db, p: Loose & { kind: LooseRow['kind'] }) =>
  db
    .deleteFrom('posthorn_loose')
    .where('tenant', '=', p.tenant)
    .where('kind', '=', p.kind)
    .where('key', '=', p.key),
);

const versionOf = statement((db, p: Loose) =>
  db
    .selectFrom('posthorn_versions')
    .select('id')
    .where('template', 'is', null)
    .where('tenant', '=', p.tenant)
    .where('content_hash', '=', p.key),
);
const dropVersion = statement((db, p: { tenant: string; id: string }) =>
  db.deleteFrom('posthorn_versions').where('tenant', '=', p.tenant).where('id', '=', p.id),
);
const dropParts = statement((db, p: { tenant: string; id: string }) =>
  db
    .deleteFrom('posthorn_version_skeletons')
    .where('tenant', '=', p.tenant)
    .where('version_id', '=', p.id)
    .returning('skeleton_id'),
);
const partOf = statement((db, p: Loose) =>
  db
    .selectFrom('posthorn_version_skeletons')
    .select('version_id')
    .where('tenant', '=', p.tenant)
    .where('skeleton_id', '=', p.key)
    .limit(1),
);
const dropSkeleton = statement((db, p: Loose) =>
  db.deleteFrom('posthorn_skeletons').where('tenant', '=', p.tenant).where('id', '=', p.key),
);
const useOf = statement((db, p: Loose) =>
  db
    .selectFrom('posthorn_file_uses')
    .select('used_by')
    .where('tenant', '=', p.tenant)
    .where('hash', '=', p.key)
    .limit(1),
);
const dropFile = statement((db, p: Loose) =>
  db.deleteFrom('posthorn_files').where('tenant', '=', p.tenant).where('hash', '=', p.key),
);

/** What has been loose for a day, and still is used by nobody. */
export function* dropLoose({ now }: RetentionRules, _: unknown, limit: number): Program<Portion<true>> {
  const most = Math.min(limit, MOST);
  const rows = yield* all(old, { before: now - LOOSE_MS, limit: most });
  for (const { tenant, kind, key } of rows) {
    yield* DROPS[kind]({ tenant, key }, now);
    yield* run(dropRow, { tenant, kind, key });
  }
  return { at: rows.length < most ? null : true, looked: rows.length < most ? rows.length : limit };
}

const DROPS: Readonly<Record<LooseRow['kind'], (loose: Loose, now: number) => Program<void>>> = {
  *content({ tenant, key }, now) {
    const version = yield* first(versionOf, { tenant, key });
    if (version === undefined || (yield* isContentUsed(tenant, version.id))) return;
    const parts = yield* all(dropParts, { tenant, id: version.id });
    yield* run(dropVersion, { tenant, id: version.id });
    yield* loosenAll(
      tenant,
      'skeleton',
      parts.map(({ skeleton_id }) => skeleton_id),
      now,
    );
  },
  *skeleton({ tenant, key }, now) {
    if ((yield* first(partOf, { tenant, key })) !== undefined) return;
    yield* run(dropSkeleton, { tenant, key });
    yield* endFileUses(tenant, [key], now);
  },
  *file({ tenant, key }) {
    if ((yield* first(useOf, { tenant, key })) === undefined) yield* run(dropFile, { tenant, key });
  },
};
