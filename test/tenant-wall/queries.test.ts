import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sqlite } from '@posthorn/backend-sqlite';
import {
  createPosthorn,
  PosthornError,
  type RecipientQuery,
  type Recipients,
  sqlRecipients,
} from '@posthorn/core';
import { recordingAdapter } from '@posthorn/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const COMPANIES = ['sol', "sol' OR 1=1 --", 'luna', '%', ''] as const;
const WORDS = [
  'Aarhus',
  'sol',
  'luna',
  "x' OR 'x' = 'x",
  '%',
  '_',
  '"',
  '\\',
  'c.company',
  '1=1',
  'ÆØÅ',
  '🌻',
] as const;

let folder: string;
let salon: DatabaseSync;
let posthorn: ReturnType<typeof openPosthorn>;
/** Whose customer it is, by id. */
const companyOf = new Map<string, string>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'posthorn-'));
  salon = new DatabaseSync(':memory:');
  salon.exec(`
    CREATE TABLE customers (id TEXT PRIMARY KEY, company TEXT NOT NULL, city TEXT, visits INTEGER, email TEXT);
    CREATE TABLE reservations (customer TEXT NOT NULL, company TEXT NOT NULL, day TEXT, service TEXT);`);
  const customer = salon.prepare('INSERT INTO customers VALUES (?, ?, ?, ?, ?)');
  const reservation = salon.prepare('INSERT INTO reservations VALUES (?, ?, ?, ?)');
  for (let index = 0; index < 60; index += 1) {
    const id = `customer-${index}`;
    const company = COMPANIES[index % COMPANIES.length] ?? 'sol';
    const word = WORDS[index % WORDS.length] ?? null;
    companyOf.set(id, company);
    customer.run(
      id,
      company,
      index % 7 === 0 ? null : word,
      index % 9,
      index % 3 === 0 ? null : `${id}@example.dk`,
    );
    if (index % 2 === 0) reservation.run(id, company, `2026-11-${20 + (index % 9)}`, word);
  }
  posthorn = openPosthorn();
  await posthorn.tenant('sol').identities.save({ key: 'sol', channel: 'email', address: 'hej@sol.example' });
});
afterAll(async () => {
  await posthorn.close();
  salon.close();
  rmSync(folder, { recursive: true, force: true });
});

function openPosthorn() {
  return createPosthorn({
    backend: sqlite(join(folder, 'messages.db')),
    adapters: [recordingAdapter({ channel: 'email' })],
    secrets: { current: 'k1', keys: { k1: 'a key for tests that is long enough, 0123456789' } },
    recipients: {
      customers: sqlRecipients({
        dialect: 'sqlite',
        label: 'Customers',
        from: 'customers c',
        tenant: 'c.company',
        id: 'c.id',
        email: 'c.email',
        fields: {
          city: { column: 'c.city', type: 'text', label: 'City' },
          visits: { column: 'c.visits', type: 'number', label: 'Visits' },
          company: { column: 'c.company', type: 'text', label: 'Company' },
        },
        relations: {
          reservation: {
            from: 'reservations r',
            on: 'r.customer = c.id',
            label: 'Reservations',
            fields: {
              day: { column: 'r.day', type: 'date', label: 'Day' },
              service: { column: 'r.service', type: 'text', label: 'Service' },
              company: { column: 'r.company', type: 'text', label: 'Company' },
            },
          },
        },
        query: (sql, params) => salon.prepare(sql).all(...params),
      }),
    },
  });
}

const word = fc.constantFrom(...WORDS, ...COMPANIES);
const textRule = fc.record({
  field: fc.constantFrom('city', 'company', 'reservation.service', 'reservation.company'),
  operator: fc.constantFrom('=', '!=', '<', '>=', 'contains', 'beginsWith', 'doesNotEndWith'),
  value: word.filter((text) => text !== ''),
});
const listRule = fc.record({
  field: fc.constantFrom('city', 'company', 'reservation.service', 'reservation.company'),
  operator: fc.constantFrom('in', 'notIn'),
  value: fc.array(word, { minLength: 1, maxLength: 4 }),
});
const nullRule = fc.record({
  field: fc.constantFrom('city', 'company', 'visits', 'reservation.day', 'reservation.company'),
  operator: fc.constantFrom('null', 'notNull'),
  value: fc.constant(null),
});
const otherRule = fc.constantFrom(
  { field: 'visits', operator: '>', value: 3 },
  { field: 'reservation.day', operator: '=', value: '2026-11-24' },
  { field: 'email.status', operator: '!=', value: 'ok' },
  { field: 'email.status', operator: 'in', value: ['ok', 'missing'] },
);
const query = fc.letrec<{ group: RecipientQuery }>((tie) => ({
  group: fc.record({
    combinator: fc.constantFrom('and', 'or'),
    not: fc.boolean(),
    rules: fc.array(
      fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        textRule,
        listRule,
        nullRule,
        otherRule,
        tie('group'),
      ),
      { maxLength: 4 },
    ),
  }),
})).group;

describe('no query of a company, however built,', () => {
  it('finds a person of another', async () => {
    let found = 0;
    await fc.assert(
      fc.asyncProperty(query, fc.constantFrom('sol', 'luna', '%'), async (where, tenant) => {
        const ids = await everybody(posthorn.tenant(tenant).recipients, where);
        found += ids.length;
        for (const id of ids) expect(companyOf.get(id)).toBe(tenant);
      }),
      { numRuns: 300 },
    );
    expect(found).toBeGreaterThan(300);
  });

  it('writes to a person of another, at once or as a segment or a broadcast', async () => {
    const sol = posthorn.tenant('sol');
    const email = { subject: 'Hello', text: 'Hello' };
    await fc.assert(
      fc.asyncProperty(query, async (where) => {
        await sol.segments.save({ key: 'some', source: 'customers', where });
        const sent = await sol.send({ to: [{ segment: 'some' }, { source: 'customers', where }], email });
        for (const { to } of sent) expect(companyOf.get(to.id ?? '')).toBe('sol');
        const { total } = await sol.broadcasts.plan({ to: { segment: 'some' }, email });
        expect(total).toBe(sent.length);
      }),
      { numRuns: 40 },
    );
  });

  it('names a person of another by its id', async () => {
    const foreign = [...companyOf].find(([, company]) => company === 'luna')?.[0] ?? '';
    const sol = posthorn.tenant('sol');
    const named = sol.send({
      to: { source: 'customers', id: foreign },
      email: { subject: 'Hello', text: 'Hello' },
    });
    await expect(named).rejects.toBeInstanceOf(PosthornError);
  });
});

async function everybody(recipients: Recipients, where: RecipientQuery): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await recipients.list({ source: 'customers', where, limit: 5, cursor });
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return ids;
}
