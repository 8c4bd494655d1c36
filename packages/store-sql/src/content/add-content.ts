import type { AttachmentContent, NewContent } from '@posthorn/core';
import { first, insert, insertion, type Program, statement } from '../program.ts';

const insertVersion = insertion(
  'posthorn_versions',
  ['tenant', 'id', 'template', 'number', 'content_hash', 'source', 'created_at'],
  { keepExisting: true },
);
const insertSkeleton = insertion('posthorn_skeletons', ['tenant', 'id', 'skeleton'], { keepExisting: true });
const insertVersionSkeleton = insertion(
  'posthorn_version_skeletons',
  ['tenant', 'version_id', 'position', 'skeleton_id', 'compiled'],
  { keepExisting: true },
);
const insertFile = insertion('posthorn_files', ['tenant', 'hash', 'content'], { keepExisting: true });

const adHocId = statement((db, p: { tenant: string; contentHash: string }) =>
  db
    .selectFrom('posthorn_versions')
    .select('id')
    .where('tenant', '=', p.tenant)
    .where('content_hash', '=', p.contentHash)
    .where('template', 'is', null),
);

/** Stores a version with its skeletons and files; what is stored already stays as it is. */
export function* addContent({ version, skeletons, files }: NewContent): Program<void> {
  const { tenant } = version;
  yield* insert(insertVersion, [
    [
      tenant,
      version.id,
      version.template,
      version.number,
      version.contentHash,
      JSON.stringify(version.source),
      version.createdAt,
    ],
  ]);
  yield* insert(
    insertSkeleton,
    skeletons.map(({ skeleton }) => [tenant, skeleton.id, JSON.stringify(skeleton)]),
  );
  yield* insert(
    insertVersionSkeleton,
    skeletons.map(({ skeleton, compiled }, position) => [
      tenant,
      version.id,
      position,
      skeleton.id,
      JSON.stringify(compiled),
    ]),
  );
  yield* addFiles(tenant, files);
}

/**
 * The same for ad-hoc compositions. Answers the ids under which they are stored, by their own: two sends at once may bring
 * the same content with ids of their own, and the first one's stays.
 */
export function* addAdHocContents(contents: readonly NewContent[]): Program<ReadonlyMap<string, string>> {
  const versionIds = new Map<string, string>();
  for (const content of contents) versionIds.set(content.version.id, yield* addAdHocContent(content));
  return versionIds;
}

function* addAdHocContent(content: NewContent): Program<string> {
  const { tenant, contentHash, id } = content.version;
  const known = yield* first(adHocId, { tenant, contentHash });
  if (known !== undefined) return known.id;
  yield* addContent(content);
  return id;
}

export function* addFiles(tenant: string, files: readonly AttachmentContent[]): Program<void> {
  yield* insert(
    insertFile,
    files.map((file) => [tenant, file.hash, file.content]),
  );
}
