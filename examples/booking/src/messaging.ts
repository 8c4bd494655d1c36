import type { DatabaseSync } from 'node:sqlite';
import { smtp } from '@posthorn/adapter-smtp';
import { sqlite } from '@posthorn/backend-sqlite';
import { type AnyAdapter, createPosthorn, sqlRecipients } from '@posthorn/core';
import { PASSWORD, USERNAME } from './mail-server.ts';

/** How messages leave, and where their provider reports. */
interface Way {
  readonly adapters?: readonly AnyAdapter[];
  readonly publicUrl?: string;
}

/** The set-up: everything the salon has to say about how it writes to its customers. */
export function createMessaging(database: DatabaseSync, { adapters = [smtp()], publicUrl }: Way = {}) {
  return createPosthorn({
    backend: sqlite({ database }),
    adapters,
    publicUrl,
    secrets: { current: 'k1', keys: { k1: process.env.POSTHORN_KEY ?? DEMO_KEY } },
    locale: 'da',
    timeZone: 'Europe/Copenhagen',
    tags: {
      'customer.firstName': { label: 'Fornavn', group: 'Kunde', example: 'Anna' },
      'reservation.startsAt': {
        label: 'Tidspunkt',
        group: 'Reservation',
        type: 'datetime',
        example: '2026-11-27T10:00',
      },
      'reservation.service': { label: 'Behandling', group: 'Reservation', example: 'Klipning' },
    },
    recipients: {
      customers: sqlRecipients({
        dialect: 'sqlite',
        label: 'Kunder',
        from: 'customers c',
        id: 'c.id',
        name: "c.first_name || ' ' || c.last_name",
        email: 'c.email',
        phone: 'c.phone',
        locale: 'c.language',
        fields: { city: { column: 'c.city', type: 'text', label: 'By', group: 'Kunde' } },
        relations: {
          reservation: {
            from: 'reservations r',
            on: 'r.customer_id = c.id',
            label: 'Reservationer',
            fields: {
              date: { column: 'r.starts_at', type: 'date', label: 'Reservationsdato' },
              service: { column: 'r.service', type: 'text', label: 'Behandling' },
            },
          },
        },
        data: (ids) => firstNames(database, ids),
        query: (sql, params) => database.prepare(sql).all(...params),
      }),
    },
  });
}

/** Tag values for a page of customers. */
function firstNames(database: DatabaseSync, ids: readonly string[]) {
  const rows = database
    .prepare('SELECT id, first_name AS firstName FROM customers WHERE id IN (SELECT value FROM json_each(?))')
    .all(JSON.stringify(ids.map(Number)));
  return new Map(rows.map(({ id, firstName }) => [String(id), { customer: { firstName } }]));
}

export type Messaging = ReturnType<typeof createMessaging>;

/** What somebody at the salon does once, in the settings. Doing it again changes nothing. */
export async function setUpSalon(posthorn: Messaging, mailServerPort: number): Promise<void> {
  await posthorn.accounts.save({
    key: 'own-server',
    adapter: 'smtp',
    settings: {
      host: '127.0.0.1',
      port: mailServerPort,
      security: 'none',
      username: USERNAME,
      password: PASSWORD,
    },
  });
  await saveSender(posthorn, 'own-server');
  await saveTemplates(posthorn);
}

export async function saveSender(posthorn: Messaging, account: string): Promise<void> {
  await posthorn.identities.save({
    key: 'salon',
    channel: 'email',
    name: 'Salon Sol',
    address: 'hej@salonsol.example',
    account,
    default: true,
    contact: true,
  });
}

export async function saveTemplates(posthorn: Messaging): Promise<void> {
  await posthorn.templates.save({
    key: 'booking-confirmation',
    label: 'Bekræftelse af tid',
    locale: 'da',
    email: { subject: 'Vi ses {{ reservation.startsAt | datetime }}', html: DANISH },
    locales: {
      en: { email: { subject: 'See you {{ reservation.startsAt | datetime }}', html: ENGLISH } },
    },
  });
  await posthorn.templates.save({
    key: 'storm',
    label: 'Stormvarsel',
    locale: 'da',
    email: {
      subject: 'Vi lukker tidligt på grund af stormen',
      html: '<p>Hej {{ customer.firstName }}</p><p>Der er varslet storm, så vi ringer og finder en ny tid.</p>',
    },
    sms: {
      text: 'Hej {{ customer.firstName }}. Der er varslet storm, så vi ringer og finder en ny tid. Salon Sol',
    },
    locales: {
      en: {
        email: {
          subject: 'We close early because of the storm',
          html: '<p>Dear {{ customer.firstName }}</p><p>A storm is coming: we will call you to find another time.</p>',
        },
        sms: {
          text: 'Dear {{ customer.firstName }}, a storm is coming: we will call you to find another time. Salon Sol',
        },
      },
    },
  });
}

const DANISH = `<style>.time { font-weight: bold }</style>
<p>Hej {{ customer.firstName }}</p>
<p>Vi glæder os til at se dig til {{ reservation.service | downcase }}
  <span class="time">{{ reservation.startsAt | datetime: 'full' }}</span>.</p>
<p>Kan du ikke komme, så ring til os senest dagen før.</p>
<p>Kærlig hilsen<br>Salon Sol</p>`;

const ENGLISH = `<style>.time { font-weight: bold }</style>
<p>Dear {{ customer.firstName }}</p>
<p>We look forward to seeing you for {{ reservation.service }}
  <span class="time">{{ reservation.startsAt | datetime: 'full' }}</span>.</p>
<p>Should something come up, please call us the day before.</p>
<p>Kind regards<br>Salon Sol</p>`;

/** Only for a demo whose secrets everybody knows. A real host keeps its key out of its code. */
const DEMO_KEY = 'T0tally-0pen-k3y-0f-the-b00king-dem0/only';
