import { startTwilioTestServer, type TwilioTestServerOptions, twilioError } from '@posthorn/testing';
import official from 'twilio';
import { describe, expect, it } from 'vitest';

type RequestOptions<T> = Parameters<typeof official.RequestClient.prototype.request<T>>[0];

/** The library knows Twilio's own address only. */
class LoopbackClient extends official.RequestClient {
  readonly #url: string;

  constructor(url: string) {
    super();
    this.#url = url;
  }

  override request<T>(options: RequestOptions<T>) {
    return super.request<T>({ ...options, uri: options.uri.replace('https://api.twilio.com', this.#url) });
  }
}

async function withLibrary<T>(
  options: TwilioTestServerOptions,
  use: (client: official.Twilio, server: Awaited<ReturnType<typeof startTwilioTestServer>>) => Promise<T>,
): Promise<T> {
  const server = await startTwilioTestServer(options);
  try {
    const client = official(server.accountSid, server.authToken, {
      httpClient: new LoopbackClient(server.url) as official.RequestClient,
    });
    return await use(client, server);
  } finally {
    await server.close();
  }
}

const message = { to: '+4520123456', from: 'SALON', body: 'Hej Åse' };

describe("Twilio's own library talks to the test server", () => {
  it('sends a message', () =>
    withLibrary({}, async (client, server) => {
      const sent = await client.messages.create(message);
      expect(sent).toMatchObject({ ...message, status: 'queued', sid: server.messages[0]?.sid });
      expect(server.messages).toMatchObject([{ ...message, status: 201 }]);
    }));

  it.each([
    ['a number that is none', { to: '123' }, 21211],
    ['a name that is none', { from: 'Søren' }, 21212],
    ['a number of somebody else', { from: '+4587654321' }, 21660],
    ['a text that is too long', { body: 'x'.repeat(1601) }, 21617],
    ['no text', { body: '' }, 21602],
    ['a name in North America', { to: '+12125550123' }, 21612],
  ])('reads why %s is refused', (_case, change, code) =>
    withLibrary({ numbers: ['+4512345678'] }, async (client) => {
      await expect(client.messages.create({ ...message, ...change })).rejects.toMatchObject({
        status: 400,
        code,
      });
    }),
  );

  it('reads what a script answers', () =>
    withLibrary({ script: () => twilioError(429, 20429, 'Too Many Requests') }, async (client) => {
      await expect(client.messages.create(message)).rejects.toMatchObject({ status: 429, code: 20429 });
    }));

  it('fetches the account and its numbers', () =>
    withLibrary({ numbers: ['+4512345678'] }, async (client, server) => {
      expect(await client.api.v2010.accounts(server.accountSid).fetch()).toMatchObject({ status: 'active' });
      const found = await client.incomingPhoneNumbers.list({ phoneNumber: '+4512345678' });
      expect(found.map(({ phoneNumber }) => phoneNumber)).toEqual(['+4512345678']);
    }));
});
