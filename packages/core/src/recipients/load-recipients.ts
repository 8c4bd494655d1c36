import type { Scope } from '../context.ts';
import type { RecipientSource, SourceRecipient, SourceScope } from '../ports/index.ts';
import { ambiguousId, askForData, brokenSource } from './ask-source.ts';
import type { RecipientRef, ResolvedRecipient } from './recipient.ts';
import { createRowResolver } from './resolve-row.ts';
import { rowText } from './row-text.ts';

/** A recipient that its source is still to be asked for. */
export interface PendingRecipient {
  readonly ref: RecipientRef;
  readonly source: RecipientSource;
  /** Where it stood in the input. */
  readonly path: string;
}

/** The most ids a source is asked for at once. */
const PAGE = 500;

/** Asks each source for its own, a page at a time; who was not found is not in the answer. */
export async function loadRecipients(
  scope: Scope,
  pending: readonly PendingRecipient[],
): Promise<ReadonlyMap<PendingRecipient, ResolvedRecipient>> {
  const found = new Map<PendingRecipient, ResolvedRecipient>();
  for (const source of new Set(pending.map((entry) => entry.source))) {
    const wanted = pending.filter((entry) => entry.source === source);
    const rows = await loadRows(scope, source, [...new Set(wanted.map(({ ref }) => ref.id))]);
    const resolve = createRowResolver(scope);
    for (const entry of wanted) {
      const loaded = rows.get(entry.ref.id);
      if (loaded !== undefined) {
        found.set(entry, resolve(entry.ref, entry.path, loaded.row, loaded.data));
      }
    }
  }
  return found;
}

interface LoadedRow {
  readonly row: SourceRecipient;
  readonly data: Readonly<Record<string, unknown>>;
}

async function loadRows(
  scope: Scope,
  source: RecipientSource,
  ids: readonly string[],
): Promise<ReadonlyMap<string, LoadedRow>> {
  const asked = { tenant: scope.tenant, scoped: scope.scoped };
  const loaded = new Map<string, LoadedRow>();
  for (let start = 0; start < ids.length; start += PAGE) {
    const page = new Set(ids.slice(start, start + PAGE));
    const rows = new Map<string, SourceRecipient>();
    for (const row of await askRows(source, [...page], asked)) {
      const id = rowText(row.id);
      if (id === undefined || !page.has(id)) continue;
      if (rows.has(id)) throw ambiguousId(source, id);
      rows.set(id, row);
    }
    const data = await askForData(source, [...rows.keys()], asked);
    for (const [id, row] of rows) loaded.set(id, { row, data: data.get(id) ?? {} });
  }
  return loaded;
}

async function askRows(source: RecipientSource, ids: readonly string[], scope: SourceScope) {
  const rows: unknown = await source.byIds(ids, scope);
  if (Array.isArray(rows)) return rows as readonly SourceRecipient[];
  throw brokenSource(source, '`byIds` answered no list.');
}
