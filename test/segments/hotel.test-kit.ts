import { sqlite } from '@posthorn/backend-sqlite';
import { arrayRecipients, createPosthorn, type PosthornOptions } from '@posthorn/core';
import { recordingAdapter } from '@posthorn/testing';
import { onTestFinished } from 'vitest';
import { dumpOf, openHostDatabase } from '../database.test-kit.ts';
import { silent } from '../messages/salon.test-kit.ts';

interface Customer {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly phone?: string;
  readonly city: string;
  readonly arrives?: string;
}

const CUSTOMERS: readonly Customer[] = [
  {
    id: '1',
    name: 'Anna',
    email: 'anna@example.dk',
    phone: '+4512345671',
    city: 'Aarhus',
    arrives: '2026-11-27',
  },
  {
    id: '2',
    name: 'Bo',
    email: 'bo@example.dk',
    phone: '+4512345672',
    city: 'Odense',
    arrives: '2026-11-28',
  },
  { id: '3', name: 'Carl', email: 'carl@example.dk', phone: '+4512345673', city: 'Aarhus' },
];

const STAFF = [
  { id: 'kim', email: 'kim@hotel.dk', department: 'kitchen' },
  { id: 'lis', email: 'lis@hotel.dk', department: 'kitchen' },
  { id: 'mia', email: 'mia@hotel.dk', department: 'reception' },
];

export const anna = { source: 'customers', id: '1' };
export const bo = { source: 'customers', id: '2' };

export const email = { subject: 'Storm', text: 'Vi holder lukket i dag' };

/** Whom messages are to, by their ids. */
export function idsOf(messages: readonly { readonly to: { readonly id: string | null } }[]) {
  return messages.map(({ to }) => to.id);
}

export const everybody = { combinator: 'and', rules: [] };

/** Whose field is that. */
export function rule(field: string, value: string) {
  return { combinator: 'and', rules: [{ field, operator: '=', value }] };
}

/** A hotel with customers and staff, in the host's own file, which can lend its transaction. */
export async function openHotel(options: Partial<PosthornOptions> = {}) {
  const { database, file } = openHostDatabase();
  const outbox = recordingAdapter({ channel: 'email' });
  const customers = [...CUSTOMERS];
  let trouble: string | null = null;
  const rows = () => {
    if (trouble !== null) throw new Error(trouble);
    return customers;
  };
  const label = (text: string) => ({ column: text as never, type: 'text', label: text }) as const;
  const posthorn = createPosthorn({
    backend: sqlite({ database }),
    adapters: [outbox, recordingAdapter({ channel: 'sms' })],
    secrets: { current: 'k1', keys: { k1: 'a key for tests that is long enough, 0123456789' } },
    locale: 'da',
    timeZone: 'Europe/Copenhagen',
    recipients: {
      customers: arrayRecipients<Customer>({
        label: 'Customers',
        rows,
        tenant: () => 'default',
        id: 'id',
        name: 'name',
        email: 'email',
        phone: 'phone',
        fields: { city: label('city'), arrives: { column: 'arrives', type: 'date', label: 'Arrives' } },
      }),
      staff: arrayRecipients({
        label: 'Staff',
        rows: STAFF,
        id: 'id',
        email: 'email',
        fields: { department: label('department') },
      }),
    },
    log: silent,
    ...options,
  });
  onTestFinished(() => posthorn.close());
  await posthorn.identities.save({ key: 'hotel', channel: 'email', address: 'hej@hotel.dk' });
  await posthorn.identities.save({ key: 'hotel', channel: 'sms', address: 'HOTEL' });
  return {
    posthorn,
    database,
    /** More customers. */
    join: (...people: readonly Customer[]) => customers.push(...people),
    /** From now on the host's rows cannot be read; null: they can again. */
    breakDown: (problem: string | null) => {
      trouble = problem;
    },
    /** Everything that is stored. */
    tables: () => dumpOf(file),
    /** Addresses of the emails that have left, once all that wait have, in alphabetical order. */
    sent: async () => {
      await posthorn.drain({ maxMs: 10_000 });
      return outbox.sent.map(({ to }) => to).sort();
    },
  };
}
