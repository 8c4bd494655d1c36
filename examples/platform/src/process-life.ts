import { Pool } from 'pg';

/** What the parent process tells its children. */
export function setting(name: 'DATABASE_URL' | 'PUBLIC_URL' | 'PORT'): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set.`);
  return value;
}

/** Connections that Postgres may cut while nobody uses them: the next query gets another. */
export function createPool(databaseUrl: string): Pool {
  const pool = new Pool({ connectionString: databaseUrl });
  pool.on('error', () => undefined);
  return pool;
}

/** Tells the parent that this process is at work. */
export function ready(): void {
  process.send?.('ready');
}

/**
 * Ends this process gracefully: on SIGTERM, which is what a process manager or a container sends, and when the parent is
 * gone. Ctrl-C reaches every process of a terminal; here the parent decides what it means.
 */
export function endGracefully(close: () => Promise<void>): void {
  let isEnding = false;
  const end = async (): Promise<void> => {
    if (isEnding) return;
    isEnding = true;
    await close();
    process.exit(0);
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', () => undefined);
  process.on('disconnect', end);
}
