import { DatabaseSync } from 'node:sqlite';
import { createRandom } from './random.ts';
import { makeCustomer, makePhone } from './seed-customers.ts';

const CUSTOMERS = 2_400;
const OLD_RESERVATIONS = 6_000;
const NEW_PER_DAY = 320;
const WEEKS_AHEAD = 6;
const DAY_MS = 86_400_000;
const SERVICES = ['Klipning', 'Farvning', 'Massage', 'Ansigtsbehandling', 'Skæg & styling'] as const;

/** A reservation whose customer has not been told yet. */
export interface NewReservation {
  readonly id: number;
  readonly customerId: number;
  /** Wall time in the salon: `2026-11-27T10:00`. */
  readonly startsAt: string;
  readonly service: string;
}

/**
 * The host: a booking system with its own SQLite file. It knows nothing of Posthorn but the column in which it notes that
 * a confirmation is on its way.
 */
export class BookingSystem {
  readonly database: DatabaseSync;

  constructor(file: string) {
    this.database = new DatabaseSync(file, { timeout: 5_000 });
    this.database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    this.#atOnce(() => {
      this.database.exec(SCHEMA);
      this.#addPhones();
      if (this.#count('customers') === 0) this.#seed();
    });
  }

  customerCount(): number {
    return this.#count('customers');
  }

  /** Those whose customers have not been told yet. A new day brings new ones once all have been. */
  unconfirmed(): readonly NewReservation[] {
    const waiting = this.#unconfirmed();
    if (waiting.length > 0) return waiting;
    this.#atOnce(() => this.#addReservations(NEW_PER_DAY, null));
    return this.#unconfirmed();
  }

  /** Part of the transaction that also sends. */
  noteConfirmed(reservationId: number, messageId: string): void {
    this.database
      .prepare('UPDATE reservations SET confirmation = ? WHERE id = ?')
      .run(messageId, reservationId);
  }

  /** All of it or nothing, whatever else is awaited inside. */
  async transaction<T>(run: () => Promise<T>): Promise<T> {
    this.database.exec('BEGIN IMMEDIATE');
    try {
      const result = await run();
      this.database.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      throw error;
    }
  }

  /** How many reservations a message is noted for, and how many messages those are. */
  confirmed(): { readonly reservations: number; readonly messages: number } {
    const row = this.database.prepare(
      `SELECT count(*) AS reservations, count(DISTINCT confirmation) AS messages
         FROM reservations WHERE confirmation <> 'told by phone'`,
    );
    return row.get() as unknown as { reservations: number; messages: number };
  }

  close(): void {
    this.database.close();
  }

  #unconfirmed(): NewReservation[] {
    const rows = this.database.prepare(
      `SELECT id, customer_id AS customerId, starts_at AS startsAt, service
         FROM reservations WHERE confirmation IS NULL ORDER BY id`,
    );
    return rows.all() as unknown as NewReservation[];
  }

  #count(table: 'customers' | 'reservations'): number {
    return Number(this.database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n ?? 0);
  }

  #seed(): void {
    const random = createRandom(17);
    const insert = this.database.prepare('INSERT INTO customers VALUES (?, ?, ?, ?, ?, ?, ?)');
    for (let id = 1; id <= CUSTOMERS; id += 1) {
      const { firstName, lastName, email, city, language, phone } = makeCustomer(id, random);
      insert.run(id, firstName, lastName, email, city, language, phone);
    }
    this.#addReservations(OLD_RESERVATIONS, 'told by phone');
  }

  /** To a booking system from before it knew any. */
  #addPhones(): void {
    const columns = this.database.prepare("SELECT name FROM pragma_table_info('customers')").all();
    if (columns.some(({ name }) => name === 'phone')) return;
    this.database.exec('ALTER TABLE customers ADD COLUMN phone TEXT');
    const update = this.database.prepare('UPDATE customers SET phone = ? WHERE id = ?');
    for (let id = 1; id <= CUSTOMERS; id += 1) update.run(makePhone(id), id);
  }

  #atOnce(run: () => void): void {
    this.database.exec('BEGIN IMMEDIATE');
    run();
    this.database.exec('COMMIT');
  }

  #addReservations(count: number, confirmation: string | null): void {
    const random = createRandom(this.#count('reservations') + 1);
    const insert = this.database.prepare(
      'INSERT INTO reservations (customer_id, starts_at, service, confirmation) VALUES (?, ?, ?, ?)',
    );
    for (let index = 0; index < count; index += 1) {
      const day = new Date(Date.UTC(2026, 10, 23) + random.below(WEEKS_AHEAD * 7) * DAY_MS);
      const hour = String(9 + random.below(9)).padStart(2, '0');
      const startsAt = `${day.toISOString().slice(0, 10)}T${hour}:${random.pick(['00', '30'])}`;
      insert.run(1 + random.below(CUSTOMERS), startsAt, random.pick(SERVICES), confirmation);
    }
  }
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS customers (
    id INTEGER PRIMARY KEY, first_name TEXT NOT NULL, last_name TEXT NOT NULL,
    email TEXT, city TEXT NOT NULL, language TEXT NOT NULL, phone TEXT
  ) STRICT;
  CREATE TABLE IF NOT EXISTS reservations (
    id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (id),
    starts_at TEXT NOT NULL, service TEXT NOT NULL, confirmation TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS reservations_by_customer ON reservations (customer_id);
  CREATE INDEX IF NOT EXISTS reservations_unconfirmed ON reservations (id) WHERE confirmation IS NULL;
`;
