import type { Outcome, SmsEnvelope } from '@posthorn/core';
import {
  smsEnvelope,
  startTwilioTestServer,
  type TwilioAnswer,
  type TwilioTestServerOptions,
  twilioError,
} from '@posthorn/testing';
import { describe, expect, it } from 'vitest';
import { accountOn } from './account.test-kit.ts';
import type { TwilioSettingsInput } from './settings.ts';

interface Trial {
  readonly server?: TwilioTestServerOptions;
  readonly settings?: Partial<TwilioSettingsInput>;
  readonly envelope?: Partial<SmsEnvelope>;
  readonly webhookUrl?: string;
}

/** Sends one message, and says what became of it and what arrived. */
async function send({ server: options, settings, envelope, webhookUrl }: Trial) {
  const server = await startTwilioTestServer(options);
  const transport = accountOn(server, settings, webhookUrl);
  try {
    let outcome: Outcome | undefined;
    await transport.send([smsEnvelope(envelope)], {
      signal: new AbortController().signal,
      onOutcome: (_id, told) => {
        outcome = told;
      },
    });
    return { outcome, messages: server.messages };
  } finally {
    await transport.close();
    await server.close();
  }
}

const answering = (answer: TwilioAnswer | null) => send({ server: { script: () => answer } });
const saying = (text: string, settings: Partial<TwilioSettingsInput> = {}) =>
  send({ settings, envelope: { slots: [text], skeleton: { ...smsEnvelope().skeleton, text: [0] } } });

describe('what is posted', () => {
  it('names sender, recipient and text, counts on no rewriting, and asks for no callback without a URL', async () => {
    const { messages } = await send({
      envelope: { from: 'SALON', to: '+4520123456', slots: ['Åse & Bo + 100 %'] },
    });
    expect(Object.fromEntries(messages[0]?.parameters ?? [])).toEqual({
      To: '+4520123456',
      From: 'SALON',
      Body: 'Hello Åse & Bo + 100 %, see you soon.',
      SmartEncoded: 'false',
    });
  });

  it('carries the token that names message and attempt in the callback', async () => {
    const webhookUrl = 'http://localhost:3000/messages/webhooks/twilio';
    const { messages } = await send({ webhookUrl, envelope: { returnToken: 'abc123' } });
    expect(messages[0]?.statusCallback).toBe(`${webhookUrl}?token=abc123`);
  });

  it('hands a messaging service over as one', async () => {
    const service = `MG${'a'.repeat(32)}`;
    const { outcome, messages } = await send({ envelope: { from: service } });
    expect(outcome?.status).toBe('accepted');
    expect(messages[0]?.parameters.get('MessagingServiceSid')).toBe(service);
    expect(messages[0]?.parameters.has('From')).toBe(false);
  });

  it('is let in by an API key', async () => {
    const apiKeySid = `SK${'b'.repeat(32)}`;
    const { outcome } = await send({
      server: { apiKeys: { [apiKeySid]: 'key secret' } },
      settings: { authToken: undefined, apiKeySid, apiKeySecret: 'key secret' },
    });
    expect(outcome?.status).toBe('accepted');
  });

  it('has typographic signs replaced only where the settings say so', async () => {
    const text = 'Vi ses “i morgen” – kl. 10…';
    expect((await saying(text)).messages[0]?.body).toBe(text);
    expect((await saying(text, { smartReplacement: true })).messages[0]?.body).toBe(
      'Vi ses "i morgen" - kl. 10...',
    );
  });

  it('has the sign for it in the place of half a character', async () => {
    expect((await saying('Hej \ud83d!')).messages[0]?.body).toBe('Hej \ufffd!');
  });
});

describe('Twilio took it', () => {
  it('with the id that it gave', async () => {
    const { outcome, messages } = await send({});
    expect(outcome).toEqual({ status: 'accepted', providerId: messages[0]?.sid });
  });

  it('even where the answer is cut off after the status', async () => {
    const sid = `SM${'c'.repeat(32)}`;
    const body = { sid, body: 'text', status: 'queued' };
    expect((await answering({ status: 201, body, cutAfter: 50 })).outcome).toEqual({
      status: 'accepted',
      providerId: sid,
    });
    expect((await answering({ status: 201, body, cutAfter: 5 })).outcome).toEqual({ status: 'accepted' });
  });

  it('and what a customer wrote is not taken for the id', async () => {
    const fake = `"sid":"SM${'f'.repeat(32)}"`;
    const sid = `SM${'c'.repeat(32)}`;
    expect((await answering({ status: 201, body: { body: fake, sid } })).outcome).toMatchObject({
      providerId: sid,
    });
  });
});

describe('a refusal for good says whose fault it is', () => {
  it.each([
    [21211, 'invalid_address', 'recipient'],
    [21614, 'not_mobile', 'recipient'],
    [21635, 'not_mobile', 'recipient'],
    [21610, 'unsubscribed', 'recipient'],
    [21408, 'policy', 'sender'],
    [21606, 'sender_refused', 'sender'],
    [21212, 'sender_refused', 'sender'],
    [21617, 'message_too_large', 'content'],
    [99999, 'bad_request', 'sender'],
  ])('error %i: %s, %s', async (code, category, fault) => {
    const { outcome } = await answering(twilioError(400, code, 'In words'));
    const reply = { code: 400, text: `In words (Twilio error ${code})` };
    expect(outcome).toEqual({ status: 'refused', retryable: false, failure: { category, fault, reply } });
  });

  it.each([
    ['', 'bad_request'],
    ['x'.repeat(1601), 'message_too_large'],
  ])('a text that Twilio would not take is not sent at all: %#', async (text, category) => {
    const { outcome, messages } = await saying(text);
    expect(outcome).toMatchObject({
      status: 'refused',
      retryable: false,
      failure: { category, fault: 'content' },
    });
    expect(messages).toEqual([]);
  });

  it('1,600 characters are sent, emoji among them', async () => {
    expect((await saying('👋'.repeat(1600))).outcome?.status).toBe('accepted');
  });

  it('numbers of countries that the account does not send to are not asked for', async () => {
    const settings = { countries: ['DK', 'US'] };
    const to = (number: string) => send({ settings, envelope: { to: number, from: '+4512345678' } });
    expect((await to('+4520123456')).outcome?.status).toBe('accepted');
    expect((await to('+12125550123')).outcome?.status).toBe('accepted');
    for (const number of ['+23276123456', '+14165550123', '+88213123456']) {
      const { outcome, messages } = await to(number);
      expect(outcome).toMatchObject({ status: 'refused', retryable: false, failure: { category: 'policy' } });
      expect(messages).toEqual([]);
    }
  });
});

describe('a refusal for now is tried again', () => {
  it('after the time that Twilio asks for', async () => {
    const answer = { ...twilioError(429, 20429, 'Too Many Requests'), headers: { 'retry-after': '3' } };
    expect((await answering(answer)).outcome).toMatchObject({
      status: 'refused',
      retryable: true,
      retryAfterMs: 3000,
      failure: { category: 'rate_limited' },
    });
  });

  it.each([
    ['429 without a body', { status: 429, body: '' }, 'rate_limited'],
    ["a 5xx in Twilio's words", twilioError(500, 20500, 'Internal server error'), 'server_error'],
    ["a 503 in Twilio's words", twilioError(503, 20503, 'Service unavailable'), 'server_error'],
    ['a full queue', twilioError(400, 21611, 'The queue is full'), 'rate_limited'],
    ['a wrong token', twilioError(401, 20003, 'Authenticate'), 'credentials'],
    ['a 401 of nobody', { status: 401, body: '' }, 'credentials'],
    ['a 403', twilioError(403, 20403, 'Forbidden'), 'credentials'],
    ['a suspended account', twilioError(403, 10001, 'Account is not active'), 'credentials'],
    ['an account that is not there', twilioError(404, 20404, 'Not found'), 'credentials'],
  ])('%s', async (_case, answer, category) => {
    expect((await answering(answer)).outcome).toMatchObject({
      status: 'refused',
      retryable: true,
      failure: { category },
    });
  });
});

describe('whatever else comes after the message is in doubt, so that nothing is paid for twice', () => {
  it.each([
    ['a cut', null],
    ["a proxy's 502", { status: 502, body: '<html>Bad gateway</html>' }],
    ['a 500 that is cut off', { ...twilioError(500, 20500, 'Internal error'), cutAfter: 20 }],
    ['a 400 that gives no reason', { status: 400, body: '{}' }],
    ['a 200', { status: 200, body: {} }],
    ['a redirect', { status: 307, body: '', headers: { location: 'https://elsewhere.example' } }],
    ['JSON that is none of an error', { status: 500, body: [20500] }],
    ['a code that is none', { status: 500, body: { code: '20500' } }],
    ["a gateway's JSON", { status: 503, body: { code: 503, message: 'upstream timed out' } }],
    ['JSON of gRPC', { status: 504, body: { code: 4, message: 'deadline exceeded', details: [] } }],
    ["an error of Twilio's for another answer", { ...twilioError(500, 20503, 'Unavailable'), status: 502 }],
  ])('%s', async (_case, answer) => {
    const { outcome, messages } = await answering(answer);
    expect(outcome?.status).toBe('unknown');
    expect(messages).toHaveLength(1);
  });

  it('an answer that does not come in time', async () => {
    const { outcome } = await send({
      settings: { replyTimeoutMs: 20 },
      server: { script: () => new Promise(() => undefined) },
    });
    expect(outcome).toMatchObject({ status: 'unknown', failure: { category: 'timeout' } });
  });
});
