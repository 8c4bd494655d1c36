import { createPublicKey, verify } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type SendGridEvent, sendGridEvent } from './event-webhook.ts';
import {
  type SendGridTestServer,
  type SendGridTestServerOptions,
  startSendGridTestServer,
} from './sendgrid-test-server.ts';

const person = (number: number) => ({ to: [{ email: `c${number}@a.example` }] });
const mail = {
  personalizations: [person(1)],
  from: { email: 'hello@salon.example' },
  subject: 'Hello',
  content: [{ type: 'text/plain', value: 'Hello' }],
};

async function start(options: SendGridTestServerOptions = {}): Promise<SendGridTestServer> {
  const server = await startSendGridTestServer(options);
  onTestFinished(() => server.close());
  return server;
}

async function post({ url, apiKey }: SendGridTestServer, body: unknown, key = apiKey): Promise<Response> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  return await fetch(`${url}/v3/mail/send`, { method: 'POST', headers, body: JSON.stringify(body) });
}

describe('the SendGrid of the tests refuses what SendGrid refuses, and names the field', () => {
  it.each<[string, string | null, object]>([
    ['nobody to send to', 'personalizations', { personalizations: [] }],
    [
      'more than 1,000 of them',
      'personalizations',
      { personalizations: Array.from({ length: 1001 }, (_, number) => person(number)) },
    ],
    [
      'an address twice',
      'personalizations',
      { personalizations: [person(1), { to: [{ email: 'C1@A.example' }] }] },
    ],
    ['no recipient', 'personalizations.0.to', { personalizations: [{ to: [] }] }],
    [
      'a wrong address',
      'personalizations.1.to.0.email',
      { personalizations: [person(1), { to: [{ email: 'no' }] }] },
    ],
    [
      'too long substitutions',
      'personalizations.0.substitutions',
      { personalizations: [{ ...person(1), substitutions: { '-a-': 'æ'.repeat(5000) } }] },
    ],
    [
      'too long custom arguments',
      'personalizations.0.custom_args',
      { personalizations: [{ ...person(1), custom_args: { a: 'x'.repeat(10_001) } }] },
    ],
    [
      'a value that is no text',
      'personalizations.0.custom_args.a',
      { personalizations: [{ ...person(1), custom_args: { a: 1 } }] },
    ],
    [
      'a header of its own',
      'personalizations.0.headers',
      { personalizations: [{ ...person(1), headers: { 'Reply-To': 'x@a.example' } }] },
    ],
    ['no sender', 'from', { from: undefined }],
    ['no subject', 'subject', { subject: '' }],
    ['no content', 'content', { content: [] }],
    ['an empty part', 'content.0.value', { content: [{ type: 'text/plain', value: '' }] }],
    [
      'plain text behind HTML',
      'content.1.type',
      {
        content: [
          { type: 'text/html', value: '<p>' },
          { type: 'text/plain', value: 'x' },
        ],
      },
    ],
    [
      'a file that is not base64',
      'attachments.0.content',
      { attachments: [{ content: 'æ', filename: 'a' }] },
    ],
  ])('%s', async (_, field, difference) => {
    const server = await start();
    const answer = await post(server, { ...mail, ...difference });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ errors: [{ field, message: expect.any(String) }] });
    expect([server.messages, server.received]).toEqual([[], []]);
  });

  it('a wrong key, one that may not send, a sender that is not verified, too much, another path', async () => {
    const server = await start({ senders: ['@salon.example'] });
    expect((await post(server, mail, 'SG.wrong')).status).toBe(401);
    expect((await post(await start({ scopes: [] }), mail)).status).toBe(403);
    expect((await post(server, { ...mail, from: { email: 'a@other.example' } })).status).toBe(403);
    const film = { content: 'A'.repeat(30_000_000), filename: 'film.mp4' };
    expect((await post(server, { ...mail, attachments: [film] })).status).toBe(413);
    const headers = { authorization: `Bearer ${server.apiKey}` };
    expect((await fetch(`${server.url}/v3/nothing`, { headers })).status).toBe(404);
  });
});

describe('the SendGrid of the tests', () => {
  it('substitutes in subject and content, within values too', async () => {
    const server = await start();
    const substitutions = { '-name-': 'Anna -city-', '-city-': 'Aarhus $&' };
    const answer = await post(server, {
      ...mail,
      subject: 'To -name-',
      personalizations: [{ ...person(1), substitutions }],
    });
    expect(answer.status).toBe(202);
    expect(server.messages).toMatchObject([
      { id: answer.headers.get('x-message-id'), subject: 'To Anna Aarhus $&' },
    ]);
  });

  it('keeps nothing where only speed matters, and counts', async () => {
    const server = await start({ keep: false });
    await post(server, { ...mail, personalizations: [person(1), person(2)] });
    expect([server.taken, server.messages, server.received, server.requests]).toEqual([2, [], [], []]);
  });

  it('tells signed events of everything it takes, 1,000 at a time', async () => {
    const server = await start();
    const host = await listen();
    server.reportTo(host.url);
    await post(server, {
      ...mail,
      personalizations: Array.from({ length: 700 }, (_, number) => ({
        ...person(number),
        custom_args: { n: `${number}` },
      })),
    });
    await server.reported();
    expect(host.posts.map(({ events }) => events.length)).toEqual([1000, 400]);
    expect(server.posts).toEqual([
      { status: 204, events: 1000 },
      { status: 204, events: 400 },
    ]);
    const told = host.posts.flatMap(({ events }) => events);
    expect(told.filter(({ event }) => event === 'delivered').map(({ n }) => n)).toEqual(
      Array.from({ length: 700 }, (_, number) => `${number}`),
    );
    const key = createPublicKey({
      key: Buffer.from(server.webhookPublicKey, 'base64'),
      format: 'der',
      type: 'spki',
    });
    for (const { signed, signature } of host.posts)
      expect(verify('sha256', signed, key, signature)).toBe(true);
  });

  it('posts what a test makes up, as often and in the order it likes', async () => {
    const server = await start();
    const host = await listen();
    await post(server, mail);
    const events = server.messages.flatMap((email) => [
      sendGridEvent(email, 'open', { sg_machine_open: true }),
      sendGridEvent(email, 'processed', { timestamp: 1 }),
    ]);
    expect(await server.post(host.url, [...events, ...events])).toEqual([204]);
    expect(host.posts[0]?.events.map(({ event, email }) => `${event} ${email}`)).toEqual([
      'open c1@a.example',
      'processed c1@a.example',
      'open c1@a.example',
      'processed c1@a.example',
    ]);
    expect(await server.post('http://127.0.0.1:1', events)).toEqual([0]);
  });
});

interface Post {
  readonly events: readonly SendGridEvent[];
  readonly signed: Buffer;
  readonly signature: Buffer;
}

/** A host that takes events. */
async function listen(): Promise<{ readonly url: string; readonly posts: readonly Post[] }> {
  const posts: Post[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const header = (name: string) => String(request.headers[`x-twilio-email-event-webhook-${name}`]);
      posts.push({
        events: JSON.parse(body.toString()),
        signed: Buffer.concat([Buffer.from(header('timestamp')), body]),
        signature: Buffer.from(header('signature'), 'base64'),
      });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`, posts };
}
