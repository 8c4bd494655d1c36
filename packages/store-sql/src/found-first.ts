import { sql } from 'kysely';

/**
 * A number to sort by that no index is in the order of: the rows are found first, then sorted. Where nobody has run
 * ANALYZE, SQLite prefers an index in the order asked for to the one that finds the rows, and reads all that a tenant has.
 */
export function foundFirst(column: string) {
  return sql<number>`${sql.ref(column)} + 0`;
}
