import { smtp } from '@posthorn/adapter-smtp';
import { postgres } from '@posthorn/backend-postgres';
import { createPosthorn, sqlRecipients } from '@posthorn/core';
import type { Pool } from 'pg';

/**
 * The set-up, the same in the web process and in every worker. `lookups` is not the pool that bookings are taken on: a
 * booking holds one of its connections while its customer is looked up, and ten at once would wait for each other.
 */
export function createMessaging(lookups: Pool, publicUrl: string) {
  return createPosthorn({
    backend: postgres(lookups),
    // The platform has no mail server of its own: every company brings one.
    adapters: [smtp()],
    publicUrl,
    secrets: { current: 'k1', keys: { k1: process.env.POSTHORN_KEY } },
    locale: 'en-GB',
    timeZone: 'Europe/Copenhagen',
    tags: {
      'customer.firstName': { label: 'First name', group: 'Customer', example: 'Anna' },
      'booking.startsAt': { label: 'Time', group: 'Booking', type: 'datetime', example: '2026-11-27T10:00' },
      'booking.service': { label: 'Service', group: 'Booking', example: 'Haircut' },
    },
    recipients: {
      customers: sqlRecipients({
        dialect: 'postgres',
        label: 'Customers',
        from: 'customers c',
        // Whose row it is: no company ever sees another one's customers.
        tenant: 'c.company',
        id: 'c.id',
        name: "c.first_name || ' ' || c.last_name",
        email: 'c.email',
        fields: { city: { column: 'c.city', type: 'text', label: 'City' } },
        data: (ids) => firstNames(lookups, ids),
        query: async (sql, params) => (await lookups.query(sql, [...params])).rows,
      }),
    },
  });
}

/** The platform's Posthorn; `messaging.tenant(company)` is that of one company. */
export type Messaging = ReturnType<typeof createMessaging>;
export type CompanyMessaging = ReturnType<Messaging['tenant']>;

/** Tag values for a page of customers. */
async function firstNames(lookups: Pool, ids: readonly string[]) {
  const { rows } = await lookups.query<{ readonly id: string; readonly firstName: string }>(
    'select id, first_name as "firstName" from customers where id = any($1::bigint[])',
    [ids],
  );
  return new Map(rows.map(({ id, firstName }) => [id, { customer: { firstName } }]));
}
