import { type SqlBool, sql } from 'kysely';

// The conditions of the partial indexes of `posthorn_deliveries`. A database uses such an index only where the query
// repeats its condition literally, so both are written from these words.

export const stillOpen = sql<SqlBool>`work <> 'done'`;
export const inWaiting = sql<SqlBool>`chunk is null and work in ('scheduled', 'queued') and due_at < 8640000000000000`;
export const isHeld = sql<SqlBool>`broadcast is not null and due_at = 8640000000000000`;
/** The last moment there is: what a paused broadcast holds is due then. */
export const NEVER = 8_640_000_000_000_000;

export const remarkable = sql<SqlBool>`outcome not in ('accepted', 'delivered')`;
