import { smtp } from '@posthorn/adapter-smtp';
import { sqlite } from '@posthorn/backend-sqlite';
import { createPosthorn } from '@posthorn/core';

const posthorn = createPosthorn({
  backend: sqlite('messages.db'),
  adapters: [
    smtp({ host: 'smtp.example.com', username: 'hello@example.com', password: process.env.SMTP_PASSWORD }),
  ],
  secrets: { current: 'k1', keys: { k1: process.env.POSTHORN_KEY } }, // openssl rand -base64 32
  tags: {
    'customer.firstName': { label: 'First name', example: 'Anna' },
    'reservation.startsAt': { label: 'Time', type: 'datetime', example: '2026-11-27T10:00' },
  },
});

// Once, or in your settings pages: who it is from, and what it says.
await posthorn.identities.save({
  key: 'salon',
  channel: 'email',
  name: 'Salon Sol',
  address: 'hello@example.com',
});
await posthorn.templates.save({
  key: 'booking-confirmation',
  email: {
    subject: 'See you {{ reservation.startsAt | date }}',
    html: '<p>Dear {{ customer.firstName }}, you are booked for {{ reservation.startsAt | datetime }}.</p>',
  },
});

// Every day: one line. It is written down before it is sent; the key makes it safe to say twice.
await posthorn.start();
const message = await posthorn.send({
  template: 'booking-confirmation',
  to: { email: 'anna@example.org', name: 'Anna Sol' },
  data: { customer: { firstName: 'Anna' }, reservation: { startsAt: '2026-11-27T10:00' } },
  key: 'booking-4711',
});

// And afterwards: what became of it, in words. (A server just goes on; a script waits until all has left.)
await posthorn.drain({ maxMs: 30_000 });
for (const { at, title, sentence } of await posthorn.messages.timeline(message.id)) {
  console.log(at.toISOString(), title, sentence);
}
await posthorn.close();
