import type { SegmentRecord } from '../ports/index.ts';
import type { RecipientQuery } from '../queries/index.ts';

/** A recipient query under a name, as it is saved. */
export interface SegmentInput {
  /** Letters, digits, `.`, `_`, `-`; at most 64. */
  readonly key: string;
  /** What people call it: `Regulars`. */
  readonly label?: string | undefined;
  /** Key of the recipient source that it is asked of. */
  readonly source: string;
  /** Who belongs to it. It may not name another segment. */
  readonly where: RecipientQuery;
}

/** A recipient query under a name. Who belongs to it is found out anew whenever it is used. */
export interface Segment {
  readonly key: string;
  readonly label: string | null;
  readonly source: string;
  /** As it was saved. */
  readonly where: RecipientQuery;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/**
 * The segments of one tenant: regulars, a department, everybody of a role. Wherever a message says whom it is to,
 * `{ segment: 'regulars' }` names one.
 */
export interface Segments {
  /**
   * Saves a segment, all of it: what is left out is gone.
   *
   * @throws InputError `invalid_input`; `invalid_query` where the query does not fit the source.
   * @throws NotFoundError `unknown_source`.
   * @throws ConfigurationError `tenant_wall` for a source that cannot tell tenants apart, under `.tenant()`.
   *
   * @example
   * ```ts
   * import type { Posthorn } from '@posthorn/core';
   *
   * export async function nameGroups(posthorn: Posthorn) {
   *   await posthorn.segments.save({
   *     key: 'regulars',
   *     label: 'Regulars in Aarhus',
   *     source: 'customers',
   *     where: {
   *       combinator: 'and',
   *       rules: [
   *         { field: 'visits', operator: '>=', value: 10 },
   *         { field: 'city', operator: '=', value: 'Aarhus' },
   *       ],
   *     },
   *   });
   *   // A department is a segment of the staff.
   *   await posthorn.segments.save({
   *     key: 'kitchen',
   *     source: 'staff',
   *     where: { combinator: 'and', rules: [{ field: 'department', operator: '=', value: 'kitchen' }] },
   *   });
   * }
   * ```
   */
  save(input: SegmentInput): Promise<Segment>;
  /** Null where there is none by that key. */
  get(key: string): Promise<Segment | null>;
  /** Ordered by key; also those that no longer fit their source, which using them says. */
  list(): Promise<readonly Segment[]>;
  /** Removes a segment; answers false where there was none. What was sent to it stays. */
  remove(key: string): Promise<boolean>;
}

/** A row as people see it. */
export function segmentOf({ key, label, source, query, createdAt, updatedAt }: SegmentRecord): Segment {
  return {
    key,
    label,
    source,
    // It was one when it was saved; whether it still fits its source is asked when it is used.
    where: query as unknown as RecipientQuery,
    createdAt: new Date(createdAt),
    updatedAt: new Date(updatedAt),
  };
}
