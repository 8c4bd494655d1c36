import { describe, expect, it } from 'vitest';
import { KEY, receive, signed } from './event-post.test-kit.ts';

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
