import { type SqlBool, sql } from 'kysely';

// The conditions of the partial indexes of `posthorn_deliveries`. A database uses such an index only where the query
// repeats its condition literally, so both are written from these words.

export const stillOpen = sql<SqlBool>`work <> 'done'`;
export const inWaiting = sql<SqlBool>`chunk is null and work in ('scheduled', 'queued')`;
export const remarkable = sql<SqlBool>`outcome not in ('accepted', 'delivered')`;
