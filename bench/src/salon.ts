import { DatabaseSync } from 'node:sqlite';
import { postgres } from '@posthorn/backend-postgres';
import { sqlite } from '@posthorn/backend-sqlite';
import { type AnyAdapter, createPosthorn, sqlRecipients } from '@posthorn/core';
import { recordingAdapter } from '@posthorn/testing';
import { dataOf, HTML, SUBJECT, TEXT } from './mail.ts';

/** A host with that many customers in a SQLite file of its own; every tenth has no email address. */
export function createCustomers(file: string, count: number): DatabaseSync {
  const database = new DatabaseSync(file);
  database.exec(`
    PRAGMA journal_mode = WAL;
    CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT, city TEXT NOT NULL) STRICT;
    BEGIN`);
  const insert = database.prepare('INSERT INTO customers VALUES (?, ?, ?, ?)');
  for (let id = 1; id <= count; id += 1) {
    const email = id % 10 === 0 ? null : `customer.${id}@example.com`;
    insert.run(id, `Anna Sørensen ${id}`, email, id % 2 === 0 ? 'Aarhus' : 'Odense');
  }
  database.exec('COMMIT');
  return database;
}

/** A Posthorn over these customers, as every process of the host opens it: on a file of SQLite, or what a URL of Postgres names. */
export function openSalon(
  customers: DatabaseSync,
  database: string,
  adapter: AnyAdapter = recordingAdapter({ channel: 'email' }),
) {
  return createPosthorn({
    backend: database.startsWith('postgres:') ? postgres(database) : sqlite(database),
    adapters: [adapter],
    publicUrl: 'https://salon.example.com/posthorn',
    secrets: { current: 'k1', keys: { k1: 'only-for-a-benchmark-and-long-enough-for-it' } },
    recipients: {
      customers: sqlRecipients({
        dialect: 'sqlite',
        label: 'Customers',
        from: 'customers c',
        id: 'c.id',
        name: 'c.name',
        email: 'c.email',
        fields: { city: { column: 'c.city', type: 'text', label: 'City' } },
        data: (ids) => new Map(ids.map((id) => [id, dataOf(Number(id))])),
        query: (sql, params) => customers.prepare(sql).all(...params),
      }),
    },
  });
}

/** What `openSalon` makes. */
export type Salon = ReturnType<typeof openSalon>;

/** The same with a newsletter and a mail about an appointment, as a host would set it up. */
export async function createSalon(...given: Parameters<typeof openSalon>): Promise<Salon> {
  const posthorn = openSalon(...given);
  await posthorn.identities.save({
    key: 'salon',
    channel: 'email',
    name: 'Salon Sol',
    address: 'hej@example.com',
  });
  await posthorn.templates.save({
    key: 'newsletter',
    email: {
      subject: 'News for {{ customer.firstName }}',
      html: `<p>Dear {{ customer.firstName }}</p>${'<p>There is news.</p>'.repeat(100)}`,
    },
  });
  await posthorn.templates.save({ key: 'appointment', email: { subject: SUBJECT, html: HTML, text: TEXT } });
  return posthorn;
}

/** Plans a broadcast to everybody; answers the plan's id. */
export async function planForEverybody(
  posthorn: Salon,
  template: 'newsletter' | 'appointment' = 'newsletter',
): Promise<string> {
  const where = { combinator: 'and', rules: [] } as const;
  const plan = await posthorn.broadcasts.plan({ template, to: { source: 'customers', where } });
  return plan.id;
}

/** Starts a planned broadcast, and waits until every message has its outcome. */
export async function sendPlanned(posthorn: Salon, plan: string): Promise<void> {
  const broadcast = await posthorn.broadcasts.start(plan);
  for await (const { status, failure } of broadcast.progress()) {
    if (failure !== null) throw new Error(failure.message);
    if (status === 'finished') return;
  }
}

/** Plans a broadcast to everybody, starts it, and waits until every message has its outcome. */
export async function sendToEverybody(posthorn: Salon): Promise<void> {
  const plan = await planForEverybody(posthorn);
  await posthorn.start();
  await sendPlanned(posthorn, plan);
}

/** Has the list of a broadcast to everybody made, and answers how long it took, in ms. Nothing is sent. */
export async function listEverybody(posthorn: Salon): Promise<number> {
  const plan = await planForEverybody(posthorn);
  await posthorn.start();
  const startedAt = performance.now();
  // In a year: the list is complete, and nothing leaves.
  const at = new Date(Date.now() + 365 * 86_400_000);
  const broadcast = await posthorn.broadcasts.start(plan, { at });
  for await (const { status } of broadcast.progress()) if (status === 'scheduled') break;
  return performance.now() - startedAt;
}
