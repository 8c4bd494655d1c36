import { all, insert, insertion, type Program, statement } from '../program.ts';
import { loosenAll } from './loose.ts';

const insertUse = insertion('posthorn_file_uses', ['tenant', 'hash', 'used_by'], { keepExisting: true });

interface FileUse {
  readonly tenant: string;
  readonly hash: string;
  /** A single message, a broadcast for all of its messages, or a skeleton. */
  readonly usedBy: string;
}

const endUses = statement((db, p: { tenant: string; users: string }, dialect) =>
  db
    .deleteFrom('posthorn_file_uses')
    .where('tenant', '=', p.tenant)
    .where('used_by', 'in', dialect.each(p.users))
    .returning('hash'),
);

const stillUsed = statement((db, p: { tenant: string; hashes: string }, dialect) =>
  db
    .selectFrom('posthorn_file_uses')
    .select('hash')
    .distinct()
    .where('tenant', '=', p.tenant)
    .where('hash', 'in', dialect.each(p.hashes)),
);

/** Written with what needs the files; each once. */
export function* useFiles(uses: readonly FileUse[]): Program<void> {
  const rows = new Map(
    uses.map(({ tenant, hash, usedBy }) => [`${tenant}\n${hash}\n${usedBy}`, [tenant, hash, usedBy]]),
  );
  yield* insert(
    insertUse,
    [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row),
  );
}

/** These need no files any more; files that nobody needs then are loose. */
export function* endFileUses(tenant: string, users: readonly string[], now: number): Program<void> {
  const ended = yield* all(endUses, { tenant, users: JSON.stringify(users) });
  if (ended.length === 0) return;
  const hashes = [...new Set(ended.map(({ hash }) => hash))];
  const used = yield* all(stillUsed, { tenant, hashes: JSON.stringify(hashes) });
  const kept = new Set(used.map(({ hash }) => hash));
  yield* loosenAll(
    tenant,
    'file',
    hashes.filter((hash) => !kept.has(hash)),
    now,
  );
}
