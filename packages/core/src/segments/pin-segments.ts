import type { Opened, Scope } from '../context.ts';

/**
 * A `to` in which each segment is replaced by its query of now: what is shown and agreed on does not change when somebody
 * edits the segment. The form of `to` has been checked.
 */
export async function pinSegments(opened: Opened, scope: Scope, to: unknown): Promise<unknown> {
  if (!Array.isArray(to)) return pin(opened, scope, to);
  return Promise.all(to.map((entry) => pin(opened, scope, entry)));
}

async function pin({ store }: Opened, { tenant }: Scope, entry: unknown): Promise<unknown> {
  if (typeof entry !== 'object' || entry === null || !('segment' in entry)) return entry;
  const record = await store.segments.get(tenant, String(entry.segment));
  return record === undefined ? entry : { source: record.source, where: record.query };
}
