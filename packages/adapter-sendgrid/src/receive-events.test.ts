import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { WebhookReceipt } from '@posthorn/core';
import { EventWebhook } from '@sendgrid/eventwebhook';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settingsOf } from './account.test-kit.ts';
import { eventWebhook } from './receive-events.ts';

const RUNS = Number(process.env.SIGNATURE_RUNS ?? 500);
const RECEIVED_AT = Date.UTC(2026, 10, 27, 10, 0, 0);
const official = new EventWebhook();

interface Post {
  readonly body: string | Uint8Array;
  readonly signature?: string;
  readonly timestamp?: string;
}

async function receive(
  { body, signature, timestamp }: Post,
  webhookPublicKey?: string,
): Promise<WebhookReceipt> {
  const headers = new Headers({
    ...(signature === undefined ? {} : { 'X-Twilio-Email-Event-Webhook-Signature': signature }),
    ...(timestamp === undefined ? {} : { 'X-Twilio-Email-Event-Webhook-Timestamp': timestamp }),
  });
  const url = 'https://app.example.dk/m/webhooks/sendgrid';
  const request = { url, headers, body: Buffer.from(body), receivedAt: RECEIVED_AT };
  return await eventWebhook.receive(request, settingsOf({ webhookPublicKey }));
}

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const shown = (key: KeyObject) => key.export({ format: 'der', type: 'spki' }).toString('base64');
const KEY = shown(publicKey);
const OTHER_KEY = shown(generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).publicKey);

/** As SendGrid posts it. */
function signed(body: string | Uint8Array, timestamp = '1795773600'): Required<Post> {
  const content = Buffer.concat([Buffer.from(timestamp), Buffer.from(body)]);
  return { body, timestamp, signature: sign('sha256', content, privateKey).toString('base64') };
}

/** The examples of SendGrid's own library. */
const ONE = {
  key: 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==',
  signature:
    'MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM=',
  timestamp: '1600112502',
  body: `${JSON.stringify([
    {
      email: 'hello@world.com',
      event: 'dropped',
      reason: 'Bounced Address',
      sg_event_id: 'ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA',
      sg_message_id: 'LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0',
      'smtp-id': '<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>',
      timestamp: 1600112492,
    },
  ])}\r\n`,
};
const SEVERAL = {
  key: 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEQ4LIFtWztlsF7skFqOncjD1lun4H5w8XOhyOArHW9RcIx/FfEzx6cikC/yPfUvwaX/JScE7Fc9CJD2afQ9Ok3Q==',
  signature:
    'MEYCIQC/I4o6vCgqRYrTljjoVWB/GRWNtxeePlLMHr3x9ETeRQIhAIpV+03nREPTTHWSW0wIOA0EoMPdcNgXa70yCaqDJlu5',
  timestamp: '1619651159',
  body: `${[
    {
      email: 'invalid@gmail.com',
      event: 'processed',
      send_at: 0,
      sg_event_id: 'cHJvY2Vzc2VkLTE5OTQyMTEyLXFOd0JMZ1BRUWpXNkRKdktRd1NBYnctMA',
      sg_message_id: 'qNwBLgPQQjW6DJvKQwSAbw.filterdrecv-canary-547b64655b-cw6zx-1-6089EA4A-56.0',
      'smtp-id': '<qNwBLgPQQjW6DJvKQwSAbw@ismtpd0178p1mdw1.sendgrid.net>',
      timestamp: 1619651146,
    },
    {
      email: 'invalid@gmail.com',
      event: 'bounce',
      ip: '167.89.101.76',
      reason:
        '552 5.2.2 The email account that you tried to reach is over quota and inactive. Please direct the recipient to https://support.google.com/mail/?p=OverQuotaPerm c17si1130468pgv.34 - gsmtp',
      sg_event_id: 'Ym91bmNlLTAtMTk5NDIxMTItcU53QkxnUFFRalc2REp2S1F3U0Fidy0w',
      sg_message_id: 'qNwBLgPQQjW6DJvKQwSAbw.filterdrecv-canary-547b64655b-cw6zx-1-6089EA4A-56.0',
      'smtp-id': '<qNwBLgPQQjW6DJvKQwSAbw@ismtpd0178p1mdw1.sendgrid.net>',
      status: '5.2.2',
      timestamp: 1619651147,
      tls: 1,
      type: 'blocked',
    },
  ]
    .map((event) => JSON.stringify(event))
    .join(',\r\n')
    .replace(/^.*$/s, '[$&]')}\r\n`,
};

describe("SendGrid's own examples", () => {
  it('of one event is signed', async () => {
    expect(await receive(ONE, ONE.key)).toMatchObject({
      status: 'received',
      reports: [{ type: 'rejected', address: 'hello@world.com', failure: { category: 'suppressed' } }],
    });
  });

  it('of several events is signed', async () => {
    expect(await receive(SEVERAL, SEVERAL.key)).toMatchObject({
      status: 'received',
      reports: [
        { type: 'accepted', providerId: 'qNwBLgPQQjW6DJvKQwSAbw' },
        {
          type: 'bounced',
          failure: { bounceClass: 'soft', category: 'mailbox_full', reply: { enhanced: '5.2.2' } },
        },
      ],
    });
  });

  it.each([
    ['with the key of another account', { ...ONE, key: SEVERAL.key }],
    ['with another time', { ...ONE, timestamp: '1600112503' }],
    ['without the line end at its end', { ...ONE, body: ONE.body.trimEnd() }],
    ['written anew by a parser', { ...SEVERAL, body: JSON.stringify(JSON.parse(SEVERAL.body)) }],
    ['with another signature of SendGrid', { ...ONE, signature: SEVERAL.signature }],
  ])('is forged %s', async (_how, { key, ...post }) => {
    expect((await receive(post, key)).status).toBe('forged');
  });
});

describe('a post is believed', () => {
  it("where this account's key has signed it, whatever it says, and SendGrid's own library agrees", async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), fc.nat(), async (body, time) => {
        const post = signed(body, String(time));
        const ours = (await receive(post, KEY)).status !== 'forged';
        expect(ours).toBe(true);
        const verify = (key: string) =>
          official.verifySignature(
            official.convertPublicKeyToECDSA(key),
            body,
            post.signature,
            post.timestamp,
          );
        expect(verify(KEY)).toBe(true);
        expect(verify(OTHER_KEY)).toBe(false);
        expect((await receive(post, OTHER_KEY)).status).toBe('forged');
      }),
      { numRuns: Math.ceil(RUNS / 20) },
    );
  });

  it('with the key in PEM form', async () => {
    const pem = publicKey.export({ format: 'pem', type: 'spki' }).toString();
    expect((await receive(signed('[]'), pem)).status).toBe('received');
  });

  it('however old it is: SendGrid repeats itself for a day, and what was told before changes nothing', async () => {
    expect((await receive(signed('[]', '1'), KEY)).status).toBe('received');
  });
});

describe('a post is forged', () => {
  const body = '[{"event":"delivered","email":"anna@example.com"}]\r\n';
  const post = findSigned((signature) => /[+/].*=$/.test(signature));

  /** A signature that the tests below can spoil. */
  function findSigned(fits: (signature: string) => boolean): Required<Post> {
    for (let time = 1_795_773_600; ; time += 1) {
      const found = signed(body, String(time));
      if (fits(found.signature)) return found;
    }
  }

  it('where one bit of body, time or signature is another', async () => {
    const flip = (text: string | Uint8Array, bit: number) => {
      const bytes = Buffer.from(text);
      const at = (bit >> 3) % bytes.length;
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7));
      return bytes;
    };
    const places = fc.constantFrom('body' as const, 'timestamp' as const, 'signature' as const);
    await fc.assert(
      fc.asyncProperty(places, fc.nat(), async (place, bit) => {
        const flipped = flip(post[place], bit);
        // What no header can hold arrives nowhere.
        fc.pre(place === 'body' || flipped.every((byte) => byte > 0x20 && byte < 0x7f));
        const text = place === 'body' ? flipped : flipped.toString('latin1');
        expect((await receive({ ...post, [place]: text }, KEY)).status).toBe('forged');
      }),
      { numRuns: RUNS },
    );
  });

  it('where one bit of the signature itself is another', async () => {
    const bytes = Buffer.from(post.signature, 'base64');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect((await receive({ ...post, signature: flipped.toString('base64') }, KEY)).status).toBe('forged');
    }
  });

  const der = Buffer.from(post.signature, 'base64');
  const r = der.subarray(2, 4 + (der[3] ?? 0));
  const s = der.subarray(2 + r.length);
  const integer = (bytes: Buffer) => Buffer.concat([Buffer.alloc(32), bytes.subarray(2)]).subarray(-32);
  const sequence = (...parts: readonly Buffer[]) => {
    const content = Buffer.concat(parts);
    return Buffer.concat([Buffer.of(0x30, content.length), content]).toString('base64');
  };
  const padded = Buffer.concat([Buffer.of(0x02, r.length - 1, 0), r.subarray(2)]);

  it.each<[string, string | undefined]>([
    ['missing', undefined],
    ['empty', ''],
    ['no base64', 'certainly not'],
    ['truncated', post.signature.slice(0, -8)],
    ['followed by more', `${post.signature}AAAA`],
    ['followed by more within', Buffer.concat([der, Buffer.of(0)]).toString('base64')],
    ['without padding', post.signature.replace(/=+$/, '')],
    ['in the alphabet of URLs', der.toString('base64url')],
    ['in base64 of base64', Buffer.from(post.signature).toString('base64')],
    ['hexadecimal', der.toString('hex')],
    ['with a blank in it', `${post.signature.slice(0, 10)} ${post.signature.slice(10)}`],
    ['sent twice', `${post.signature}, ${post.signature}`],
    ['in the form of browsers (r and s)', Buffer.concat([integer(r), integer(s)]).toString('base64')],
    ['of zeros', sequence(Buffer.of(2, 1, 0), Buffer.of(2, 1, 0))],
    ['with an integer that is longer than it need be', sequence(padded, s)],
    [
      'with a length that is longer than it need be',
      Buffer.concat([Buffer.of(0x30, 0x81), der.subarray(1)]).toString('base64'),
    ],
  ])('where the signature is %s', async (_how, signature) => {
    const { signature: _right, ...rest } = post;
    const spoiled = signature === undefined ? rest : { ...rest, signature };
    expect((await receive(spoiled, KEY)).status).toBe('forged');
  });

  it.each<[string, string | undefined, string]>([
    ['missing', undefined, body],
    ['empty', '', `${post.timestamp}${body}`],
    ['a part of the body', `${post.timestamp}[`, body.slice(1)],
    ['moved into the body', post.timestamp.slice(0, -1), `${post.timestamp.slice(-1)}${body}`],
    ['negative', `-${post.timestamp}`, body],
  ])('where its time is %s', async (_how, timestamp, text) => {
    const spoiled = {
      signature: post.signature,
      body: text,
      ...(timestamp === undefined ? {} : { timestamp }),
    };
    const receipt = await receive(spoiled, KEY);
    // Time and body are signed as one: what is moved between them leaves no JSON to believe.
    expect(['forged', 'malformed']).toContain(receipt.status);
  });

  it('where another curve signed it', async () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
    expect(() => settingsOf({ webhookPublicKey: shown(other.publicKey) })).toThrow();
    const content = Buffer.concat([Buffer.from(post.timestamp), Buffer.from(body)]);
    const signature = sign('sha256', content, other.privateKey).toString('base64');
    expect((await receive({ ...post, signature }, KEY)).status).toBe('forged');
  });
});

describe('without the key', () => {
  it('nothing is believed, and the log says what to set', async () => {
    const receipt = await receive(signed('[]'));
    expect(receipt).toMatchObject({
      status: 'not_configured',
      reason: expect.stringContaining('webhookPublicKey'),
    });
  });
});

describe('what is signed, and still no list of events, is malformed', () => {
  it.each(['', '{', '{}', 'null', '"event"', '17', '[{"event":"open"}', '[]]', 'event=open'])(
    '%s',
    async (body) => {
      expect((await receive(signed(body), KEY)).status).toBe('malformed');
    },
  );

  it('as bytes that are no text may be', async () => {
    expect((await receive(signed(Buffer.of(0xff, 0xfe, 0x00)), KEY)).status).toBe('malformed');
  });

  it('a list of what are no events is kept as such', async () => {
    const body =
      '[null, 1, "x", [], {}, {"event":{}}, {"event":"__proto__"}, {"__proto__":{"event":"open"}}]';
    const receipt = await receive(signed(body), KEY);
    expect(receipt).toMatchObject({
      status: 'received',
      reports: Array(8).fill({ type: 'other', token: null }),
    });
  });
});
