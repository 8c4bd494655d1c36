import type { AttachmentContent, NewContent } from '@posthorn/core';
import { first, insert, insertion, type Program, statement } from '../program.ts';
import { useFiles } from '../retention/file-uses.ts';
import { keepLoose } from '../retention/loose.ts';

type AdHoc = { tenant: string; contentHash: string };

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

/** Answers nothing where the tenant has such content already. */
const takeAdHoc = statement((db, p: AdHoc & { id: string; source: string; createdAt: number }) =>
  db
    .insertInto('posthorn_versions')
    .values({
      tenant: p.tenant,
      id: p.id,
      template: null,
      number: null,
      content_hash: p.contentHash,
      source: p.source,
      created_at: p.createdAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id'),
);

const adHocId = statement((db, p: AdHoc) =>
  db
    .selectFrom('posthorn_versions')
    .select('id')
    .where('tenant', '=', p.tenant)
    .where('content_hash', '=', p.contentHash)
    .where('template', 'is', null),
);

/** Stores a version with its skeletons and files; what is stored already stays as it is. */
export function* addContent(content: NewContent): Program<void> {
  const { version } = content;
  yield* insert(insertVersion, [
    [
      version.tenant,
      version.id,
      version.template,
      version.number,
      version.contentHash,
      JSON.stringify(version.source),
      version.createdAt,
    ],
  ]);
  yield* addParts(content);
}

function* addParts({ version, skeletons, files }: NewContent): Program<void> {
  const { tenant } = version;
  yield* keepLoose(
    tenant,
    'skeleton',
    skeletons.map(({ skeleton }) => skeleton.id),
  );
  yield* insert(
    insertSkeleton,
    sortedBy(skeletons, ({ skeleton }) => skeleton.id).map(({ skeleton }) => [
      tenant,
      skeleton.id,
      JSON.stringify(skeleton),
    ]),
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
  yield* useFiles(
    skeletons.flatMap(({ skeleton }) =>
      skeleton.channel === 'email'
        ? skeleton.attachments.map(({ hash }) => ({ tenant, hash, usedBy: skeleton.id }))
        : [],
    ),
  );
}

/**
 * The same for ad-hoc compositions. Answers the ids under which they are stored, by their own: two sends at once may bring
 * the same content with ids of their own, and the first one's stays.
 */
export function* addAdHocContents(contents: readonly NewContent[]): Program<ReadonlyMap<string, string>> {
  const versionIds = new Map<string, string>();
  for (const content of sortedBy(contents, ({ version }) => version.contentHash)) {
    versionIds.set(content.version.id, yield* addAdHocContent(content));
  }
  return versionIds;
}

function* addAdHocContent(content: NewContent): Program<string> {
  const { tenant, contentHash, id, createdAt } = content.version;
  yield* keepLoose(tenant, 'content', [contentHash]);
  const known = yield* first(adHocId, { tenant, contentHash });
  if (known !== undefined) return known.id;
  const source = JSON.stringify(content.version.source);
  const taken = yield* first(takeAdHoc, { tenant, contentHash, id, source, createdAt });
  // Another send has written it meanwhile.
  if (taken === undefined) return (yield* first(adHocId, { tenant, contentHash }))?.id ?? id;
  yield* addParts(content);
  return id;
}

export function* addFiles(tenant: string, files: readonly AttachmentContent[]): Program<void> {
  yield* keepLoose(
    tenant,
    'file',
    files.map(({ hash }) => hash),
  );
  yield* insert(
    insertFile,
    sortedBy(files, ({ hash }) => hash).map((file) => [tenant, file.hash, file.content]),
  );
}

/** In one order everywhere, so that of two transactions with the same parts one waits, and not each for the other. */
function sortedBy<T>(parts: readonly T[], keyOf: (part: T) => string): readonly T[] {
  return parts.length < 2 ? parts : [...parts].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}
