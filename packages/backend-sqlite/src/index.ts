export type { HostDatabase, HostStatement } from './host-database.ts';
export { type SqliteOptions, sqlite } from './sqlite.ts';
