import { twilio } from '@posthorn/adapter-sms';
import { sqlite } from '@posthorn/backend-sqlite';
import { arrayRecipients, createPosthorn } from '@posthorn/core';

const posthorn = createPosthorn({
  backend: sqlite('messages.db'),
  adapters: [
    twilio({
      accountSid: 'AC0123456789abcdef0123456789abcdef',
      authToken: process.env.TWILIO_AUTH_TOKEN,
      from: 'SALON', // a name, a number, or a messaging service
      price: { amount: '0.35', currency: 'DKK' }, // for each part of a message
      countries: ['DK', 'SE', 'NO'],
      smartReplacement: true,
    }),
  ],
  secrets: { current: 'k1', keys: { k1: process.env.POSTHORN_KEY } },
  publicUrl: 'https://app.example.dk/messages', // Twilio reports to …/webhooks/twilio
  country: 'DK', // of numbers without a country code
  limits: { twilio: { perRecipientPerDay: 5 } },
  recipients: {
    customers: arrayRecipients({
      label: 'Customers',
      rows: [{ id: '1', name: 'Anna', mobile: '20 12 34 56' }],
      id: 'id',
      name: 'name',
      phone: 'mobile',
    }),
  },
});

// What it would cost, and why, before anybody gets it.
const plan = await posthorn.broadcasts.plan({
  channel: 'sms',
  to: { source: 'customers', where: { combinator: 'and', rules: [] } },
  sms: { text: 'Dear {{ customer.name }}, we are closed tomorrow…' },
});
console.log(plan.willReceive, plan.segments, plan.cost?.amount, plan.cost?.currency);
for (const { message } of plan.warnings) console.log(message);
await posthorn.broadcasts.start(plan.id);
