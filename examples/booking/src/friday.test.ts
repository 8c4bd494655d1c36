import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqlite } from '@posthorn/backend-sqlite';
import { arrayRecipients, createPosthorn, type Recipients } from '@posthorn/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BookingSystem } from './booking-system.ts';
import { createMessaging } from './messaging.ts';

const FRIDAY = '2026-11-27';

/** Reservation on Friday, and city Aarhus or Odense, and no reservation for a massage. */
const WHERE = {
  combinator: 'and',
  rules: [
    { field: 'reservation.date', operator: '=', value: FRIDAY },
    { field: 'city', operator: 'in', value: ['Aarhus', 'Odense'] },
    {
      combinator: 'and',
      not: true,
      rules: [{ field: 'reservation.service', operator: '=', value: 'Massage' }],
    },
  ],
};

const BY_HAND = `
  SELECT c.id FROM customers c
  WHERE EXISTS (SELECT 1 FROM reservations r WHERE r.customer_id = c.id AND substr(r.starts_at, 1, 10) = '${FRIDAY}')
    AND c.city IN ('Aarhus', 'Odense')
    AND NOT EXISTS (SELECT 1 FROM reservations r WHERE r.customer_id = c.id AND r.service = 'Massage')
  ORDER BY c.id`;

let folder: string;
let salon: BookingSystem;
let byHand: string[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'friday-'));
  salon = new BookingSystem(join(folder, 'salon.db'));
  byHand = salon.database
    .prepare(BY_HAND)
    .all()
    .map(({ id }) => String(id));
});
afterAll(() => {
  salon.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('everybody with a reservation on Friday, in Aarhus or Odense, who never has a massage', () => {
  it('is somebody', () => {
    expect(byHand.length).toBeGreaterThan(5);
  });

  it('is found in the booking system as by hand-written SQL', async () => {
    const posthorn = createMessaging(salon.database);
    expect(await everybody(posthorn.recipients)).toEqual(byHand);
    await posthorn.close();
  });

  it('is found in an array of the same customers', async () => {
    const rows = salon.database.prepare('SELECT * FROM customers').all();
    const reservations = Map.groupBy(
      salon.database.prepare('SELECT * FROM reservations').all(),
      ({ customer_id }) => customer_id,
    );
    const posthorn = createPosthorn({
      backend: sqlite(join(folder, 'array.db')),
      adapters: [],
      secrets: { current: 'k1', keys: { k1: 'only-for-this-test-and-long-enough-for-it' } },
      recipients: {
        customers: arrayRecipients({
          label: 'Kunder',
          rows,
          id: 'id',
          fields: { city: { column: 'city', type: 'text', label: 'By' } },
          relations: {
            reservation: {
              label: 'Reservationer',
              rows: ({ id }) => reservations.get(id ?? null) ?? [],
              fields: {
                date: { column: 'starts_at', type: 'date', label: 'Reservationsdato' },
                service: { column: 'service', type: 'text', label: 'Behandling' },
              },
            },
          },
        }),
      },
    });
    const found = await everybody(posthorn.recipients);
    expect(found.sort(byNumber)).toEqual(byHand);
    await posthorn.close();
  });
});

async function everybody(recipients: Recipients): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await recipients.list({ source: 'customers', where: WHERE, limit: 7, cursor });
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return ids;
}

function byNumber(a: string, b: string): number {
  return Number(a) - Number(b);
}
