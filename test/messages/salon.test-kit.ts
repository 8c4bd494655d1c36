import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sqlite } from '@posthorn/backend-sqlite';
import { arrayRecipients, createPosthorn, type Log, type PosthornOptions } from '@posthorn/core';
import { recordingAdapter } from '@posthorn/testing';
import { onTestFinished } from 'vitest';

export const tags = {
  'customer.firstName': { label: 'First name', example: 'Anna' },
  'reservation.startsAt': { label: 'Time', type: 'datetime', example: '2026-11-27T10:00' },
  'account.password': { label: 'Password', sensitive: true, example: 'secret' },
} as const;

export const CUSTOMERS = [
  { id: '17', name: 'Anna', email: 'anna@example.dk', phone: '+4512345678', company: 'sol' },
  { id: '18', name: 'Bo', email: null, phone: '+4587654321', company: 'sol' },
  { id: '19', name: 'Carl', email: 'carl(at)example.dk', phone: null, company: 'sol' },
  { id: '20', name: 'Dorte', email: null, phone: null, company: 'maane' },
  { id: '21', name: 'Annas mand', email: 'anna@example.dk', phone: null, company: 'sol' },
];

export const anna = { source: 'customers', id: '17' };
export const bo = { source: 'customers', id: '18' };
export const carl = { source: 'customers', id: '19' };
export const dorte = { source: 'customers', id: '20' };

export const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A salon with an email and a text message sender and one template. Not started: messages wait until `drain`. */
export async function openSalon(options: Partial<PosthornOptions> = {}) {
  const email = recordingAdapter({ channel: 'email' });
  const sms = recordingAdapter({ channel: 'sms' });
  const posthorn = createPosthorn({
    backend: sqlite(':memory:'),
    adapters: [email, sms],
    secrets: { current: 'k1', keys: { k1: 'a key for tests that is long enough, 0123456789' } },
    locale: 'da',
    timeZone: 'Europe/Copenhagen',
    tags,
    recipients: {
      customers: arrayRecipients({
        label: 'Customers',
        rows: CUSTOMERS,
        tenant: 'company',
        id: 'id',
        name: 'name',
        email: 'email',
        phone: 'phone',
        data: (ids) => Object.fromEntries(ids.map((id) => [id, { customer: { firstName: nameOf(id) } }])),
      }),
    },
    log: silent,
    ...(options as object),
  });
  onTestFinished(() => posthorn.close());
  await furnish(posthorn);
  return { posthorn, email, sms, drain: () => posthorn.drain({ maxMs: 10_000 }) };
}

type Furnishable = Pick<Awaited<ReturnType<typeof openSalon>>['posthorn'], 'identities' | 'templates'>;

/** Senders and a template. */
export async function furnish(posthorn: Furnishable): Promise<void> {
  await posthorn.identities.save({
    key: 'salon',
    channel: 'email',
    name: 'Salon Sol',
    address: 'hej@salonsol.dk',
  });
  await posthorn.identities.save({ key: 'salon', channel: 'sms', address: 'SALON' });
  await posthorn.templates.save({
    key: 'booking',
    email: {
      subject: 'Vi ses {{ reservation.startsAt | date }}',
      html: '<p>Hej {{ customer.firstName }}</p>',
    },
    sms: { text: 'Hej {{ customer.firstName }}' },
  });
}

/** The salon in the host's own file, which can lend its transaction. */
export async function openSalonInHostDatabase() {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-'));
  const database = new DatabaseSync(join(folder, 'host.db'));
  database.exec('create table bookings (id integer primary key, customer text)');
  onTestFinished(() => {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { ...(await openSalon({ backend: sqlite({ database }) })), database };
}

function nameOf(id: string): string {
  return CUSTOMERS.find((customer) => customer.id === id)?.name ?? '';
}
