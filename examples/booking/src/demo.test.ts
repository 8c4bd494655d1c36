import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const DEMO = join(import.meta.dirname, 'demo.ts');
const KILLS = 10;
/** Four messages for each of smtp()'s five connections: what it may have in doubt at once. */
const WINDOW = 20;

interface DemoRun {
  readonly code: number | null;
  readonly lines: readonly string[];
}

/** Runs the demo; SIGKILL falls after so many lines of its output, wherever it is then. */
function runDemo(folder: string, killAfterLines = Number.POSITIVE_INFINITY): Promise<DemoRun> {
  const child = spawn(process.execPath, ['--conditions=@posthorn/source', DEMO, '--data', folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const errors: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    if (lines.length >= killAfterLines) child.kill('SIGKILL');
  });
  createInterface({ input: child.stderr }).on('line', (line) => errors.push(line));
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, lines: [...lines, ...errors] }));
  });
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'salon-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the booking demo', () => {
  it('killed again and again and then left alone, tells every customer exactly once', async () => {
    let inDoubt = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      await runDemo(folder, 1 + Math.floor(Math.random() * 200));
      inDoubt = Math.max(inDoubt, sendingRows(folder));
    }
    const { code, lines } = await runDemo(folder);

    expect(lines.join('\n')).toContain('0 of them twice');
    expect(lines.filter((line) => /^ {2}(queued|sending|unknown) {2,}\d/.test(line))).toEqual([]);
    expect(code).toBe(0);
    expect(inDoubt).toBeLessThanOrEqual(WINDOW);
    expectOneMessageEach(folder);
    expectOneWarningEach(folder);
    expectNobodyTwice(folder);
  }, 240_000);
});

function sendingRows(folder: string): number {
  return query(folder, "SELECT count(*) AS n FROM posthorn_deliveries WHERE work = 'sending'");
}

function expectOneMessageEach(folder: string): void {
  expect(query(folder, 'SELECT count(*) AS n FROM reservations WHERE confirmation IS NULL')).toBe(0);
  const confirmed = query(
    folder,
    "SELECT count(*) AS n FROM reservations WHERE confirmation <> 'told by phone'",
  );
  expect(confirmed).toBeGreaterThan(300);
  expect(query(folder, 'SELECT count(*) AS n FROM posthorn_messages WHERE broadcast IS NULL')).toBe(
    confirmed,
  );
  expect(
    query(
      folder,
      'SELECT count(DISTINCT m.id) AS n FROM reservations r JOIN posthorn_messages m ON m.id = r.confirmation',
    ),
  ).toBe(confirmed);
}

/** Every broadcast has told each customer of its day once, and left nobody out. */
function expectOneWarningEach(folder: string): void {
  const told = `
    SELECT count(*) AS n FROM posthorn_messages m JOIN posthorn_broadcasts b ON b.id = m.broadcast`;
  const meant = `
    SELECT count(DISTINCT b.id || ' ' || r.customer_id) AS n
    FROM posthorn_broadcasts b JOIN reservations r ON substr(r.starts_at, 1, 10) = b.label`;
  const met = `${meant} JOIN posthorn_messages m ON m.broadcast = b.id AND m.recipient_id = r.customer_id`;
  expect(query(folder, told)).toBeGreaterThan(100);
  expect(query(folder, met)).toBe(query(folder, told));
  // A reservation may have come in after its day was told.
  expect(query(folder, meant)).toBeGreaterThanOrEqual(query(folder, told));
}

function expectNobodyTwice(folder: string): void {
  const accepted = readFileSync(join(folder, 'mail-server.log'), 'utf8').trim().split('\n');
  expect(accepted.length).toBeGreaterThan(200);
  expect(new Set(accepted).size).toBe(accepted.length);
}

function query(folder: string, sql: string): number {
  const database = new DatabaseSync(join(folder, 'salon.db'));
  try {
    return Number(database.prepare(sql).get()?.n);
  } catch (error) {
    // Killed before the tables were there.
    if (String(error).includes('no such table')) return 0;
    throw error;
  } finally {
    database.close();
  }
}
