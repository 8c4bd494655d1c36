import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonPost, MAX_BODY_BYTES, openPlatform, PUBLIC_URL, UNKNOWN } from './webhooks.test-kit.ts';

describe('what is posted for an account', () => {
  it('is given to its adapter byte by byte, and its reports are kept', async () => {
    const { posthorn, post, heard, answer, clock } = openPlatform();
    answer({ status: 'received', reports: [UNKNOWN] });
    const body = Uint8Array.of(0, 255, 13, 10, 0xe2, 0x82);
    const reply = await post('/webhooks/mail', {
      body,
      headers: { 'content-type': 'application/JSON; charset=x', 'x-signed': 'abc' },
    });
    expect([reply.status, await reply.text()]).toEqual([204, '']);
    expect(heard).toMatchObject([{ url: `${PUBLIC_URL}/webhooks/mail`, receivedAt: clock.now() }]);
    expect(Uint8Array.from(heard[0]?.body ?? [])).toEqual(body);
    expect(heard[0]?.headers.get('x-signed')).toBe('abc');
    expect(await posthorn.accounts.unmatchedReports('mail')).toMatchObject({
      items: [{ type: 'delivered', providerId: 'nobody-knows-it' }],
    });
  });

  it('is answered as the provider wants it', async () => {
    const { post, answer } = openPlatform();
    answer({ status: 'received', reports: [], answer: { mediaType: 'text/xml', body: '<Response/>' } });
    const reply = await post('/webhooks/mail');
    expect([reply.status, reply.headers.get('content-type'), await reply.text()]).toEqual([
      200,
      'text/xml',
      '<Response/>',
    ]);
  });

  it.each([
    ['forged', 403, 'warn'],
    ['malformed', 400, 'warn'],
    ['not_configured', 503, 'error'],
  ] as const)(
    'is refused where it is %s: the world hears %i and nothing else, the log why, once a minute',
    async (status, code, level) => {
      const { post, answer, clock, log } = openPlatform();
      answer({ status, reason: 'Set `webhookPublicKey`.' });
      for (let time = 0; time < 3; time += 1) {
        const reply = await post('/webhooks/mail');
        expect([reply.status, await reply.text()]).toEqual([code, '']);
      }
      expect(log).toEqual([{ level, text: expect.stringContaining('Set `webhookPublicKey`.') }]);
      expect(log[0]?.text).toContain('"account":"mail"');
      await clock.advance(60_000);
      await post('/webhooks/mail');
      expect(log).toHaveLength(2);
    },
  );

  it.each([
    '/webhooks/nobody',
    '/webhooks/silent',
    '/webhooks/mail~nobody',
    '/webhooks/mail~',
    '/webhooks/mail~%24platform',
    '/webhooks/mail~%ff',
    '/webhooks/~mail',
    '/webhooks/__proto__',
    '/webhooks/constructor',
    '/webhooks/constructor~__proto__',
    '/webhooks/own~__proto__',
    '/webhooks/%6dail',
    '/webhooks/mail/more',
    `/webhooks/${'x'.repeat(100_000)}`,
    `/webhooks/mail~${'%20'.repeat(50_000)}`,
    `${'/x'.repeat(50_000)}/webhooks/x`,
    '/webhooks',
    '/webhooks/',
  ])('is for nobody: %#', async (path) => {
    const { post, heard, log } = openPlatform();
    expect((await post(path)).status).toBe(404);
    expect([heard, log]).toEqual([[], []]);
  });

  it.each([
    undefined,
    '',
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/json-seq',
    'application/json, text/plain',
  ])('is not read as %j', async (type) => {
    const { post, heard } = openPlatform();
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
    expect((await post('/webhooks/mail', { headers, body: new Uint8Array(2) })).status).toBe(415);
    expect(heard).toEqual([]);
  });

  it.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])('is not looked at with %s', async (method) => {
    const { posthorn, heard } = openPlatform();
    const reply = await posthorn.handler(new Request(`${PUBLIC_URL}/webhooks/mail`, { method }));
    expect([reply.status, reply.headers.get('allow')]).toEqual([405, 'POST']);
    expect(heard).toEqual([]);
  });

  it('is read as far as the adapter reads, whatever length was announced', async () => {
    const { post, heard } = openPlatform();
    const piece = new Uint8Array(1_000_000);
    let asked = 0;
    const endless = new ReadableStream({
      pull(controller) {
        asked += 1;
        controller.enqueue(piece);
      },
    });
    const headers = { 'content-type': 'application/json', 'content-length': '2' };
    const init = { body: endless, duplex: 'half', headers } as RequestInit;
    expect((await post('/webhooks/mail', init)).status).toBe(413);
    expect(asked).toBeLessThan(15);
    expect(heard).toEqual([]);
    expect((await post('/webhooks/mail', { body: new Uint8Array(MAX_BODY_BYTES) })).status).toBe(204);
    expect((await post('/webhooks/mail', { body: new Uint8Array(MAX_BODY_BYTES + 1) })).status).toBe(413);
  });

  it('is refused where it tells of more than any provider posts at once, and nothing of it is kept', async () => {
    const { post, answer, log, posthorn } = openPlatform();
    answer({ status: 'received', reports: Array.from({ length: 10_001 }, () => UNKNOWN) });
    expect((await post('/webhooks/mail')).status).toBe(400);
    expect(log).toEqual([{ level: 'warn', text: expect.stringContaining('10001') }]);
    expect((await posthorn.accounts.unmatchedReports('mail')).items).toEqual([]);
  });

  it('is nothing where its sender leaves in the middle of it', async () => {
    const { post, heard, log } = openPlatform();
    const cut = new ReadableStream({ pull: (controller) => controller.error(new Error('gone')) });
    expect((await post('/webhooks/mail', { body: cut, duplex: 'half' } as RequestInit)).status).toBe(400);
    expect([heard, log]).toEqual([[], []]);
  });

  it('cannot be proven once somebody has read it, and the log says what to change', async () => {
    const { posthorn, heard, log } = openPlatform();
    const request = new Request(`${PUBLIC_URL}/webhooks/mail`, jsonPost());
    await request.json();
    expect((await posthorn.handler(request)).status).toBe(500);
    expect(heard).toEqual([]);
    expect(log).toEqual([
      { level: 'error', text: expect.stringMatching(/express\.json\(\).*toFastifyPlugin/) },
    ]);
  });

  it('cannot be proven where nobody knows what the provider was told to call', async () => {
    const { post, heard, log } = openPlatform({ publicUrl: undefined });
    expect((await post('/webhooks/mail')).status).toBe(503);
    expect(heard).toEqual([]);
    expect(log).toEqual([{ level: 'error', text: expect.stringContaining('`publicUrl`') }]);
  });
});

describe('a tenant', () => {
  it('has a path for its own account, whatever it is called', async () => {
    const { posthorn, post, heard, answer } = openPlatform();
    await fc.assert(
      fc.asyncProperty(tenantId, async (tenant) => {
        await posthorn.tenant(tenant).accounts.save({ key: 'own', adapter: 'mail', settings: {} });
        const path = `/webhooks/own~${encodeURIComponent(tenant)}`;
        expect((await post(path)).status).toBe(204);
        expect(heard.at(-1)?.url).toBe(PUBLIC_URL + path);
        expect((await post(`/webhooks/other~${encodeURIComponent(tenant)}`)).status).toBe(404);
        expect((await post('/webhooks/own')).status).toBe(404);
      }),
      {
        numRuns: 50,
        examples: [['a~b'], ['a/b'], ['Salon Søl & Måne'], ['__proto__'], ['%2F'], ['..'], ['?x#y']],
      },
    );
    answer({ status: 'forged', reason: 'no' });
    expect((await post('/webhooks/own~a~b')).status).toBe(403);
  });
});

const tenantId = fc
  .string({ minLength: 1, maxLength: 40, unit: 'binary' })
  .filter((id) => /^[^\p{Cc}\p{Cs}$][^\p{Cc}\p{Cs}]*$/u.test(id));

describe('the address that is given to the adapter', () => {
  it.each(['?token=a.b-c_d&x=%7E%2f', '?', '?a=b?c', '?a&a=&=&&', '?x=%zz', ''])(
    'is the public one with the query as it is: %j',
    async (query) => {
      const { posthorn, heard } = openPlatform();
      const asked = new Request(`http://evil.test:81/elsewhere/webhooks/mail/${query}#part`, {
        ...jsonPost(),
        headers: {
          'content-type': 'application/json',
          'x-forwarded-host': 'evil.test',
          'x-forwarded-proto': 'gopher',
          forwarded: 'host=evil.test;proto=http',
        },
      });
      expect((await posthorn.handler(asked)).status).toBe(204);
      expect(heard.map(({ url }) => url)).toEqual([`${PUBLIC_URL}/webhooks/mail${query}`]);
    },
  );
});
