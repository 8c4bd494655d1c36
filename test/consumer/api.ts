import { createServer } from 'node:http';
import { smtp } from '@posthorn/adapter-smtp';
import { sqlite } from '@posthorn/backend-sqlite';
import { arrayRecipients, createPosthorn, toNodeHandler } from '@posthorn/core';

/** The whole face, typed as a host uses it. It is compiled against the sources and against the packed packages. */

const customers = [
  {
    id: 17,
    name: 'Anna',
    email: 'anna@example.dk',
    phone: '+4512345678',
    language: 'da',
    company: 'salon-sol',
    city: 'Aarhus',
  },
];
declare const password: string;
declare const bookingId: number;
declare const tx: unknown;

export const posthorn = createPosthorn({
  backend: sqlite('messages.db'),
  adapters: [smtp({ host: 'smtp.example.dk', port: 587, username: 'platform@example.dk', password })],
  secrets: { current: 'k1', keys: { k1: process.env.POSTHORN_KEY } },
  publicUrl: 'https://app.example.dk/messages',
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
      fields: { city: { column: 'city', type: 'text', label: 'By', group: 'Kunde' } },
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
  const aarhus = { combinator: 'and', rules: [{ field: 'city', operator: '=', value: 'Aarhus' }] };
  await posthorn.segments.save({ key: 'regulars', label: 'Stamkunder', source: 'customers', where: aarhus });
  const storm = { channel: 'email', email: { subject: 'Storm', text: 'Vi holder lukket' } } as const;
  await posthorn.send({ ...storm, to: [anna, { segment: 'regulars' }] });
  const [first] = await posthorn.send({ ...storm, to: { source: 'customers', where: aarhus } });
  const status: string | undefined = first?.status;

  const plan = await posthorn.broadcasts.plan({
    template: 'storm',
    channel: 'sms',
    to: [anna, { segment: 'regulars' }, { source: 'customers', where: aarhus }],
  });
  const cost: string | undefined = plan.cost?.amount;
  const broadcast = await posthorn.broadcasts.start(plan.id, { at: '2026-11-26T18:00', maxCost: cost });
  for await (const { done, open, timeLeftMs } of broadcast.progress()) console.log(done, open, timeLeftMs);
  await posthorn.broadcasts.pause(broadcast.id);
  await posthorn.broadcasts.resume(broadcast.id);
  await posthorn.broadcasts.cancel(broadcast.id);
  await posthorn.broadcasts.retryFailed(broadcast.id);
  const people = await posthorn.recipients.list({ source: 'customers', where: aarhus, limit: 20 });
  console.log(await posthorn.recipients.describe({ source: 'customers', where: aarhus }), people.items);

  posthorn.on('address.unsubscribed', ({ address, messageId }) => [address, messageId]);
  posthorn.on('message.bounced', ({ message: bounced, bounce }) => [bounced.id, bounce.class, status]);
  await posthorn.messages.timeline(message.id, { locale: 'da' });
  await posthorn.messages.rendered(message.id);
  await posthorn.messages.resend(message.id, { to: { email: 'anna@right.dk' } });
  await posthorn.messages.resolve(ids, 'resend', { by: 'kim' });
  await posthorn.messages.list({ status: ['bounced'], limit: 20 });
  await posthorn.segments.list();
  await posthorn.identities.contact();
  await posthorn.suppressions.add({ email: 'gone@example.dk', by: 'kim' });

  createServer(toNodeHandler(posthorn)).listen(3000);
  const page: Response = await posthorn.handler(new Request('https://app.example.dk/messages'));
  await page.text();
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
