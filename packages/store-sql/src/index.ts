export { type CompiledStatement, type Compiler, createCompiler } from './compile.ts';
export { createSqlStore } from './create-store.ts';
export { type Dialect, sqliteDialect } from './dialect.ts';
export * from './jobs/index.ts';
export { hasMessage } from './messages/get-messages.ts';
export { isMigrated, type Migration, migrate, migrations } from './migrate.ts';
export type {
  AnyStatement,
  Command,
  DefineCommand,
  EachCommand,
  InsertCommand,
  Insertion,
  Param,
  Params,
  Program,
  QueryCommand,
} from './program.ts';
export type { QueuePrograms, Runner } from './runner.ts';
