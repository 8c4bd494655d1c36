import { smtp } from '@posthorn/adapter-smtp';
import { sqlite } from '@posthorn/backend-sqlite';
import { arrayRecipients, createPosthorn } from '@posthorn/core';

/** The whole face, typed as a host uses it. It is compiled against the sources and against the packed packages. */

const customers = [
  {
    id: 17,
    name: 'Anna',
    email: 'anna@example.dk',
    phone: '+4512345678',
    language: 'da',
    company: 'salon-sol',
  },
];
declare const password: string;
declare const bookingId: number;
declare const tx: unknown;

export const posthorn = createPosthorn({
  backend: sqlite('messages.db'),
  adapters: [smtp({ host: 'smtp.example.dk', port: 587, username: 'platform@example.dk', password })],
  secrets: { current: 'k1', keys: { k1: process.env.POSTHORN_KEY } },
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
    'order.lines': { label: 'Varer', group: 'Ordre', type: 'list', of: { name: 'text', price: 'money' } },
  },
  recipients: {
    customers: arrayRecipients({
      label: 'Kunder',
      rows: customers,
      tenant: 'company',
      id: 'id',
      name: 'name',
      email: 'email',
      phone: 'phone',
      locale: 'language',
    }),
  },
});

export async function everyday(): Promise<void> {
  await posthorn.accounts.save({
    key: 'own-server',
    adapter: 'smtp',
    settings: { host: 'smtp.salonsol.dk', port: 587, username: 'hej@salonsol.dk', password },
  });
  await posthorn.identities.save({
    key: 'salon',
    channel: 'email',
    name: 'Salon Sol',
    address: 'hej@salonsol.dk',
    account: 'own-server',
    default: true,
    contact: true,
  });
  await posthorn.templates.save({
    key: 'booking-confirmation',
    email: {
      subject: 'Vi ses {{ reservation.startsAt | date }}',
      html: '<p>Hej {{ customer.firstName }}</p>',
    },
    sms: { text: 'Hej {{ customer.firstName }}, vi ses {{ reservation.startsAt | date }}' },
  });

  const anna = { source: 'customers', id: '17' };
  const data = { customer: { firstName: 'Anna' }, reservation: { startsAt: '2026-11-27T10:00' } };
  await posthorn.preview({ template: 'booking-confirmation', channel: 'email', to: anna, data });
  const message = await posthorn.send({
    template: 'booking-confirmation',
    channel: ['email', 'sms'],
    to: anna,
    data,
    key: `booking-${bookingId}`,
    tx,
  });
  const several = await posthorn.send({
    channel: 'email',
    to: [anna, { email: 'bo@example.dk', name: 'Bo' }],
    email: { subject: 'Hej', html: '<p>Hej</p>' },
  });
  const ids: readonly string[] = several.map(({ id }) => id);

  posthorn.on('message.bounced', ({ message: bounced, bounce }) => [bounced.id, bounce.class]);
  await posthorn.messages.timeline(message.id, { locale: 'da' });
  await posthorn.messages.rendered(message.id);
  await posthorn.messages.resend(message.id, { to: { email: 'anna@right.dk' } });
  await posthorn.messages.resolve(ids, 'resend', { by: 'kim' });
  await posthorn.messages.list({ status: ['bounced'], limit: 20 });
  await posthorn.identities.contact();
  await posthorn.suppressions.add({ email: 'gone@example.dk', by: 'kim' });

  await posthorn.start();
  await posthorn.drain({ maxMs: 10_000 });
  await posthorn.close();

  const salon = posthorn.tenant('salon-sol');
  await salon.identities.contact();
}

/** `data` is typed from the tag catalogue. */
export async function typedData(): Promise<void> {
  const to = { email: 'anna@example.dk' };
  const template = 'booking-confirmation';
  await posthorn.send({ template, to, data: { order: { lines: [{ name: 'Shampoo', price: '89.50' }] } } });
  // @ts-expect-error -- no such tag
  await posthorn.send({ template, to, data: { customer: { fristName: 'Anna' } } });
  // @ts-expect-error -- a time is no number
  await posthorn.send({ template, to, data: { reservation: { startsAt: 17 } } });
  // @ts-expect-error -- a list holds rows
  await posthorn.send({ template, to, data: { order: { lines: 'Shampoo' } } });
}
