import { startPostgres } from '@posthorn/postgres-server';
import { backendConformance } from '@posthorn/testing';
import { afterAll } from 'vitest';
import { openedDatabase, postgresPlace } from './postgres-place.test-kit.ts';

const server = await startPostgres();
const url = await openedDatabase(server);

afterAll(async () => {
  await server.dropDatabase(url);
  await server.close();
});

await backendConformance({ name: 'postgres', open: async () => postgresPlace(url) });
