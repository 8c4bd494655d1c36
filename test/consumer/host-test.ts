import { testPosthorn } from '@posthorn/testing';

const { posthorn, email, sent, settled, advance } = testPosthorn({ locale: 'en' });
await posthorn.identities.save({ key: 'salon', channel: 'email', address: 'hello@example.com' });

email.answer('anna@example.com', 'deferred'); // the first answer she gets; then it accepts again
await posthorn.send({
  channel: 'email',
  to: { email: 'anna@example.com' },
  email: { subject: 'See you', html: '<p>Hello Anna</p>' },
});
await settled(); // tried once: nothing has arrived
await advance(60_000); // a minute later it was tried again
console.log(sent.map(({ to, subject }) => [to, subject])); // [['anna@example.com', 'See you']]
await posthorn.close();
