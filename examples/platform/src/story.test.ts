import { expect, it, onTestFinished } from 'vitest';
import { SALON } from './companies.ts';
import { WINDOW } from './count-mail.ts';
import { type Platform, startPlatform } from './platform.ts';
import { createPool } from './process-life.ts';
import { tellStory } from './story.ts';

interface Booked {
  readonly confirmation: string;
  readonly email: string;
}

async function askHost<R extends object>({ databaseUrl }: Platform, sql: string, values: unknown[]) {
  const pool = createPool(databaseUrl);
  const { rows } = await pool.query<R>(sql, values);
  await pool.end();
  return rows;
}

function booked(platform: Platform, company: string): Promise<Booked[]> {
  return askHost<Booked>(
    platform,
    'select b.confirmation, c.email from bookings b join customers c on c.id = b.customer where b.company = $1',
    [company],
  );
}

async function customersOf(platform: Platform, company: string): Promise<string[]> {
  const rows = await askHost<{ readonly email: string }>(
    platform,
    'select email from customers where company = $1',
    [company],
  );
  return rows.map(({ email }) => email);
}

it('a worker dies, another is replaced, and every customer is written to once, by their own company', async () => {
  const lines: string[] = [];
  const platform = await startPlatform((line) => lines.push(line));
  onTestFinished(() => platform.end());
  expect(await tellStory(platform, (line) => lines.push(line))).toBe(true);

  const told = lines.join('\n');
  expect(told).toMatch(/\[worker 1] was killed \(SIGKILL\)/);
  expect(told).toMatch(/\[worker 2] has ended \(exit code 0\)/);
  const doubts = [...told.matchAll(/(\d+) in doubt/g)].map(([, count]) => Number(count));
  expect(Math.max(...doubts)).toBeLessThanOrEqual(WINDOW);

  for (const { company, server } of platform.tenants) {
    const bookings = await booked(platform, company.id);
    const confirmations = new Map(bookings.map(({ confirmation, email }) => [confirmation, email]));
    const confirmed = server.taken.filter(({ message }) => confirmations.has(message));
    // One for each booking, to whoever booked.
    expect(new Map(confirmed.map(({ message, to }) => [message, to]))).toEqual(confirmations);
    expect(confirmed).toHaveLength(bookings.length);
    // What is left is news; the bookings that were rolled back left nothing.
    const others = server.taken.filter(({ message }) => !confirmations.has(message)).map(({ to }) => to);
    const meant = company === SALON ? await customersOf(platform, company.id) : [];
    expect(others.sort()).toEqual(meant.sort());
    // By its own account, and nobody else's.
    expect(new Set(server.taken.map(({ from }) => from))).toEqual(new Set([company.address]));
    expect(server.wrongLogins).toBe(0);
  }
}, 120_000);
