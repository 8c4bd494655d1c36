// A process that is killed in the middle of a migration: it says `half-way` there, and waits for its end.
import { writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { createCompiler, type Migration, migrate, migrations, sqliteDialect } from '@posthorn/store-sql';
import { createConnection, useWriteAheadLog } from './connection.ts';

const database = new DatabaseSync(process.argv[2] ?? '');
database.function('say_half_way', () => {
  writeSync(1, 'half-way');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  return null;
});
const stalling: Migration = {
  version: migrations.length + 1,
  name: 'stalls',
  statements: (db) => [db.selectNoFrom((it) => it.fn('say_half_way', []).as('never')).compile()],
};
useWriteAheadLog(database);
const connection = createConnection(database, createCompiler(sqliteDialect));
connection.write(migrate(sqliteDialect, 0, [...migrations, stalling]), 'full');
