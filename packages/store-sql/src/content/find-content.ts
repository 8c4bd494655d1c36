import type { AttachmentContent, AttachmentRef, CompiledSkeleton, Skeleton } from '@posthorn/core';
import { all, first, type Program, statement } from '../program.ts';
import { compiledSkeletonOf } from './content-row.ts';

const ofVersion = statement((db, p: { tenant: string; versionId: string }) =>
  db
    .selectFrom('posthorn_version_skeletons as v')
    .innerJoin('posthorn_skeletons as s', (on) =>
      on.onRef('s.tenant', '=', 'v.tenant').onRef('s.id', '=', 'v.skeleton_id'),
    )
    .select(['s.skeleton', 'v.compiled'])
    .where('v.tenant', '=', p.tenant)
    .where('v.version_id', '=', p.versionId)
    .orderBy('v.position'),
);

const skeletonById = statement((db, p: { tenant: string; id: string }) =>
  db
    .selectFrom('posthorn_skeletons')
    .select('skeleton')
    .where('tenant', '=', p.tenant)
    .where('id', '=', p.id),
);

const skeletonsByIds = statement((db, p: { tenant: string; ids: string }, dialect) =>
  db
    .selectFrom('posthorn_skeletons')
    .select(['id', 'skeleton'])
    .where('tenant', '=', p.tenant)
    .where('id', 'in', dialect.each(p.ids)),
);

const hashes = statement((db, p: { tenant: string; hashes: string }, dialect) =>
  db
    .selectFrom('posthorn_files')
    .select('hash')
    .where('tenant', '=', p.tenant)
    .where('hash', 'in', dialect.each(p.hashes)),
);

const fileByHash = statement((db, p: { tenant: string; hash: string }) =>
  db.selectFrom('posthorn_files').select('content').where('tenant', '=', p.tenant).where('hash', '=', p.hash),
);

export function* skeletonsOf(tenant: string, versionId: string): Program<readonly CompiledSkeleton[]> {
  return (yield* all(ofVersion, { tenant, versionId })).map(compiledSkeletonOf);
}

export function* getSkeleton(tenant: string, id: string): Program<Skeleton | undefined> {
  const row = yield* first(skeletonById, { tenant, id });
  return row && JSON.parse(row.skeleton);
}

export function* getSkeletons(
  tenant: string,
  ids: readonly string[],
): Program<ReadonlyMap<string, Skeleton>> {
  const rows = yield* all(skeletonsByIds, { tenant, ids: JSON.stringify(ids) });
  return new Map(rows.map(({ id, skeleton }) => [id, JSON.parse(skeleton)]));
}

export function* knownFiles(tenant: string, wanted: readonly string[]): Program<ReadonlySet<string>> {
  const rows = yield* all(hashes, { tenant, hashes: JSON.stringify(wanted) });
  return new Set(rows.map((row) => row.hash));
}

/** Name and type are the reference's: the same bytes may travel under several names. */
export function* getFile(tenant: string, ref: AttachmentRef): Program<AttachmentContent | undefined> {
  const row = yield* first(fileByHash, { tenant, hash: ref.hash });
  return row && { ...ref, content: row.content };
}
