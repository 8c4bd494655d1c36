import { smtp } from '@posthorn/adapter-smtp';
import { startSmtpTestServer } from '@posthorn/testing';
import { expect, it, onTestFinished } from 'vitest';
import { openSalon } from './salon.test-kit.ts';

it("SendGrid's SMTP relay: what left by the salon's mail server is told by SendGrid's signed events", async () => {
  const relay = await startSmtpTestServer();
  onTestFinished(() => relay.close());
  const { posthorn, provider, webhookUrl } = await openSalon([], {}, [
    smtp({
      host: '127.0.0.1',
      port: relay.port,
      authentication: 'none',
      security: 'none',
      reportedBy: 'sendgrid',
    }),
  ]);
  await posthorn.identities.save({
    key: 'relayed',
    channel: 'email',
    address: 'hello@salon.example',
    account: 'smtp',
  });
  const email = { subject: 'See you', text: 'Tomorrow at ten' };
  const { id } = await posthorn.send({ to: { email: 'anna@customers.example' }, identity: 'relayed', email });
  await posthorn.drain({ maxMs: 15_000 });
  expect(await posthorn.messages.get(id)).toMatchObject({ status: 'accepted' });
  expect(provider.requests).toEqual([]);

  const [, field = '{}'] = /^X-SMTPAPI: (.+\r\n(?: .+\r\n)*)/m.exec(`${relay.taken[0]?.content}`) ?? [];
  // Each of them stands in every event.
  const { unique_args: args } = JSON.parse(field);
  const event = { email: 'anna@customers.example', event: 'delivered', sg_message_id: 'abc.filter', ...args };
  expect(await provider.post(webhookUrl, [{ ...event, timestamp: Math.floor(Date.now() / 1000) }])).toEqual([
    204,
  ]);
  expect(await posthorn.messages.get(id)).toMatchObject({ status: 'delivered' });
});
