import type { BroadcastRecord, NewContent } from '@posthorn/core';
import { addAdHocContents, addFiles } from '../content/add-content.ts';
import { insert, type Program } from '../program.ts';
import { useFiles } from '../retention/file-uses.ts';
import { broadcastValues, insertBroadcast } from './broadcast-row.ts';

/** Answers it as stored: its content may be there under another id. */
export function* addBroadcast(
  record: BroadcastRecord,
  content: readonly NewContent[],
  files: NewContent['files'],
): Program<BroadcastRecord> {
  const versionIds = yield* addAdHocContents(content);
  yield* addFiles(record.tenant, files);
  yield* useFiles(files.map(({ hash }) => ({ tenant: record.tenant, hash, usedBy: record.id })));
  const stored = { ...record, versionId: versionIds.get(record.versionId) ?? record.versionId };
  yield* insert(insertBroadcast, [broadcastValues(stored)]);
  return stored;
}
