import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { COMPANIES, type Company } from './companies.ts';
import { CompanyMailServer } from './company-mail-server.ts';
import { createHostTables } from './host-tables.ts';
import { keepDatabase } from './kept-database.ts';
import { KeptProcess } from './kept-process.ts';
import { createPool } from './process-life.ts';

/** A company and its mail server. */
export interface Tenant {
  readonly company: Company;
  readonly server: CompanyMailServer;
  /** Of its mail server. */
  readonly port: number;
}

/** Everything that runs. */
export interface Platform {
  /** Of the web process. */
  readonly url: string;
  readonly databaseUrl: string;
  readonly web: KeptProcess;
  readonly workers: readonly [KeptProcess, KeptProcess];
  readonly tenants: readonly Tenant[];
  /** Ends every process, gracefully, and leaves nothing behind. */
  end(): Promise<void>;
}

/** Postgres, one web process, two workers, and a mail server for each company. */
export async function startPlatform(say: (line: string) => void): Promise<Platform> {
  const ends: (() => Promise<void>)[] = [];
  const end = async (): Promise<void> => {
    for (const endOne of ends.splice(0).reverse()) await endOne();
  };
  try {
    const database = await keepDatabase(say);
    ends.push(database.end);
    await prepare(database.url);
    const tenants = await Promise.all(COMPANIES.map((company) => openTenant(company)));
    ends.push(async () => void (await Promise.all(tenants.map(({ server }) => server.close()))));

    const port = await freePort();
    const url = `http://localhost:${port}`;
    const env = {
      DATABASE_URL: database.url,
      PUBLIC_URL: `${url}/messages`,
      PORT: String(port),
      // Seals the companies' passwords. A real platform has one for good; this database is gone with its processes.
      POSTHORN_KEY: randomBytes(32).toString('base64'),
    };
    const web = new KeptProcess({ name: 'web', file: 'web.ts', env, say });
    const first = new KeptProcess({ name: 'worker 1', file: 'worker.ts', env, say });
    const second = new KeptProcess({ name: 'worker 2', file: 'worker.ts', env, say });
    const workers = [first, second] as const;
    const processes = [web, ...workers];
    ends.push(async () => void (await Promise.all(processes.map((process) => process.end()))));
    await Promise.all(processes.map((process) => process.start()));
    return { url, databaseUrl: database.url, web, workers, tenants, end };
  } catch (error) {
    await end();
    throw error;
  }
}

async function prepare(databaseUrl: string): Promise<void> {
  const pool = createPool(databaseUrl);
  try {
    await createHostTables(pool);
  } finally {
    await pool.end();
  }
}

async function openTenant(company: Company): Promise<Tenant> {
  const server = new CompanyMailServer(company);
  return { company, server, port: await server.listen() };
}

/** Known before the web process is there, as it stands in the links of every message. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('There is no port.');
  return address.port;
}
