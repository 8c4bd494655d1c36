import { type SendGridTestServer, startSendGridTestServer } from '@posthorn/testing';
import { MailService } from '@sendgrid/mail';
import { expect, it, onTestFinished } from 'vitest';

it('SendGrid’s own library talks to the server of the tests: one mail, many, refusals', async () => {
  const server = await startSendGridTestServer({ senders: ['@salon.example'] });
  onTestFinished(() => server.close());
  const mail = serviceOn(server);
  const content = {
    from: 'hello@salon.example',
    subject: 'Hello {{name}}',
    text: 'Hello {{name}}',
    html: '<p>{{name}}</p>',
  };

  const [response] = await mail.send({ ...content, to: 'anna@a.example' });
  expect(response.statusCode).toBe(202);
  expect(server.messages.map(({ id, to }) => ({ id, to }))).toEqual([
    { id: response.headers['x-message-id'], to: 'anna@a.example' },
  ]);

  await mail.send({
    ...content,
    personalizations: ['Anna', 'Bo'].map((name) => ({
      to: `${name}@a.example`,
      substitutions: { name },
      customArgs: { token: name.toLowerCase() },
    })),
  });
  expect(
    server.messages.slice(1).map(({ to, subject, html, customArgs }) => [to, subject, html, customArgs]),
  ).toEqual([
    ['Anna@a.example', 'Hello Anna', '<p>Anna</p>', { token: 'anna' }],
    ['Bo@a.example', 'Hello Bo', '<p>Bo</p>', { token: 'bo' }],
  ]);

  await expect(mail.send({ ...content, to: 'not an address' })).rejects.toMatchObject({
    code: 400,
    response: { body: { errors: [{ field: 'personalizations.0.to.0.email' }] } },
  });
  await expect(mail.send({ ...content, from: 'a@b.example', to: 'c@d.example' })).rejects.toMatchObject({
    code: 403,
    response: { body: { errors: [{ field: 'from' }] } },
  });
  await expect(serviceOn(server, 'SG.wrong').send({ ...content, to: 'a@b.example' })).rejects.toMatchObject({
    code: 401,
  });
});

function serviceOn({ url, apiKey }: SendGridTestServer, key = apiKey): MailService {
  const mail = new MailService();
  mail.setApiKey(key);
  // Its types leave its client out.
  const { client } = mail as unknown as { client: { setDefaultRequest(name: string, value: string): void } };
  client.setDefaultRequest('baseUrl', url);
  return mail;
}
