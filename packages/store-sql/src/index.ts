export type { BulkStatement } from './bulk.ts';
export { type CompiledStatement, type Compiler, createCompiler } from './compile.ts';
export { createSqlStore } from './create-store.ts';
export { type Dialect, sqliteDialect } from './dialect.ts';
export { type ExecuteOptions, executeProgram } from './execute-program.ts';
export * from './jobs/index.ts';
export { hasMessage } from './messages/get-messages.ts';
export { isMigrated, type Migration, migrate, migrations } from './migrate.ts';
export { postgresDialect } from './postgres-dialect.ts';
export {
  type AnyStatement,
  type CallCommand,
  type Command,
  call,
  type DefineCommand,
  type EachCommand,
  type InsertCommand,
  type Insertion,
  type LockCommand,
  type Param,
  type Params,
  type Program,
  type QueryCommand,
  type SqlConnection,
} from './program.ts';
export type { QueuePrograms, Runner } from './runner.ts';
export * from './work/index.ts';
