import type { DatabaseSync } from 'node:sqlite';
import { smtp } from '@posthorn/adapter-smtp';
import { sqlite } from '@posthorn/backend-sqlite';
import { arrayRecipients, createPosthorn } from '@posthorn/core';
import { PASSWORD, USERNAME } from './mail-server.ts';
import type { Customer } from './seed-customers.ts';

/** The set-up: everything the salon has to say about how it writes to its customers. */
export function createMessaging(database: DatabaseSync, customers: readonly Customer[]) {
  const byId = new Map(customers.map((customer) => [String(customer.id), customer]));
  return createPosthorn({
    backend: sqlite({ database }),
    adapters: [smtp()],
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
      customers: arrayRecipients({
        label: 'Kunder',
        rows: customers,
        id: 'id',
        name: ({ firstName, lastName }) => `${firstName} ${lastName}`,
        email: 'email',
        locale: 'language',
        data: (ids) => new Map(ids.map((id) => [id, { customer: { firstName: byId.get(id)?.firstName } }])),
      }),
    },
  });
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
  await posthorn.identities.save({
    key: 'salon',
    channel: 'email',
    name: 'Salon Sol',
    address: 'hej@salonsol.example',
    account: 'own-server',
    default: true,
    contact: true,
  });
  await posthorn.templates.save({
    key: 'booking-confirmation',
    label: 'Bekræftelse af tid',
    locale: 'da',
    email: { subject: 'Vi ses {{ reservation.startsAt | datetime }}', html: DANISH },
    locales: {
      en: { email: { subject: 'See you {{ reservation.startsAt | datetime }}', html: ENGLISH } },
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
