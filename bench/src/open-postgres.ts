import { type PostgresServer, startPostgres } from '@posthorn/postgres-server';

/** A Postgres of its own from npm, with the settings that it has by itself; its files lie in the temporary folder. */
export async function openPostgres(): Promise<PostgresServer & AsyncDisposable> {
  const server = await startPostgres({ own: true });
  return { ...server, [Symbol.asyncDispose]: () => server.close() };
}
