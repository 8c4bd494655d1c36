import { DatabaseSync } from 'node:sqlite';
import { smtp } from '@posthorn/adapter-smtp';
import { sqlite } from '@posthorn/backend-sqlite';
import { createPosthorn, sqlRecipients } from '@posthorn/core';

const salon = new DatabaseSync('salon.db');

const posthorn = createPosthorn({
  backend: sqlite('messages.db'),
  adapters: [smtp({ host: 'smtp.example.com', port: 587 })],
  secrets: { current: 'k1', keys: { k1: process.env.POSTHORN_KEY } },
  publicUrl: 'https://app.example.com/messages', // links to unsubscribe; mount `posthorn.handler` there
  limits: { smtp: { perHour: 300 } }, // what your mail server allows
  recipients: {
    customers: sqlRecipients({
      dialect: 'sqlite',
      label: 'Customers',
      from: 'customers c',
      id: 'c.id',
      name: 'c.name',
      email: 'c.email',
      fields: { city: { column: 'c.city', type: 'text', label: 'City' } },
      relations: {
        reservation: {
          from: 'reservations r',
          on: 'r.customer_id = c.id',
          label: 'Reservations',
          fields: { date: { column: 'r.date', type: 'date', label: 'Date' } },
        },
      },
      query: (sql, params) => salon.prepare(sql).all(...params),
    }),
  },
});

await posthorn.identities.save({
  key: 'salon',
  channel: 'email',
  name: 'Salon Sol',
  address: 'hello@example.com',
});

// The JSON of react-querybuilder, so your users can click it together.
const where = {
  combinator: 'and',
  rules: [{ field: 'reservation.date', operator: '=', value: '2026-11-27' }],
};
const plan = await posthorn.broadcasts.plan({
  to: { source: 'customers', where },
  email: { subject: 'We close early on Friday', text: 'A storm is coming. We will call you.' },
});
console.log(`${plan.willReceive} of ${plan.total}`, plan.skipped); // nothing is sent yet

await posthorn.start();
const broadcast = await posthorn.broadcasts.start(plan.id);
for await (const { done, open, accounts } of broadcast.progress()) {
  console.log(`${done} of ${done + open}`, accounts[0]?.sentence); // "smtp: 300 an hour, done at 16:40"
}
