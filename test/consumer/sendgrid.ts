import { createServer } from 'node:http';
import { sendgrid } from '@posthorn/adapter-sendgrid';
import { sqlite } from '@posthorn/backend-sqlite';
import { createPosthorn, toNodeHandler } from '@posthorn/core';

const posthorn = createPosthorn({
  backend: sqlite('messages.db'),
  adapters: [
    sendgrid({
      apiKey: process.env.SENDGRID_API_KEY ?? '', // needs the permission Mail Send
      webhookPublicKey: process.env.SENDGRID_WEBHOOK_KEY, // what SendGrid signs its events with
    }),
  ],
  secrets: { current: 'k1', keys: { k1: process.env.POSTHORN_KEY } },
  publicUrl: 'https://app.example.com/messages',
});
createServer(toNodeHandler(posthorn)).listen(3000);

// Enter this in SendGrid, under Settings, Mail Settings, Event Webhook; switch on the Signed Event Webhook there.
console.log(await posthorn.accounts.webhookUrl('sendgrid')); // https://app.example.com/messages/webhooks/sendgrid

// Is the key right, and may it send from this address? Sends nothing.
await posthorn.identities.save({ key: 'salon', channel: 'email', address: 'hello@example.com' });
console.log((await posthorn.accounts.verify('sendgrid')).message);

await posthorn.start();
const { id } = await posthorn.send({
  to: { email: 'anna@example.org', name: 'Anna' },
  email: { subject: 'See you on Friday', html: '<p>Dear Anna, you are booked for ten.</p>' },
});
console.log((await posthorn.messages.get(id))?.status); // later: delivered, or bounced and why
