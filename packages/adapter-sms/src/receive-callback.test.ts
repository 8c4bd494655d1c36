import type { Report, WebhookReceipt } from '@posthorn/core';
import { type SignedRequest, signTwilioForm, signTwilioJson } from '@posthorn/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { receiveCallback } from './receive-callback.ts';

const authToken = 'the auth token';
const URL = 'https://app.example.dk/messages/webhooks/twilio';
const SID = `SM${'a'.repeat(32)}`;
const receivedAt = Date.UTC(2026, 10, 27, 10);

function receive(
  { url, headers, body }: SignedRequest,
  settings: { authToken?: string } = { authToken },
): Promise<WebhookReceipt> {
  const request = { url, headers: new Headers(headers), body: Buffer.from(body), receivedAt };
  return receiveCallback(request, settings);
}

/** A status callback of the message with the token `abc123`. */
function status(parameters: Readonly<Record<string, string>>): SignedRequest {
  const told = { MessageSid: SID, To: '+4520123456', From: 'SALON', AccountSid: 'AC1', ...parameters };
  return signTwilioForm(authToken, `${URL}?token=abc123`, Object.entries(told));
}

function inbound(parameters: Readonly<Record<string, string>>): SignedRequest {
  const told = {
    MessageSid: SID,
    SmsStatus: 'received',
    From: '+4520123456',
    To: '+4512345678',
    ...parameters,
  };
  return signTwilioForm(authToken, URL, Object.entries(told));
}

async function reportsOf(request: SignedRequest): Promise<readonly Report[]> {
  const receipt = await receive(request);
  if (receipt.status !== 'received') throw new Error(`${receipt.status}: ${receipt.reason}`);
  return receipt.reports;
}

const reportOf = async (request: SignedRequest) => (await reportsOf(request))[0];

describe('the status of a message', () => {
  it('is told with its token, its id and its number', async () => {
    expect(await receive(status({ MessageStatus: 'delivered', RawDlrDoneDate: '2611271100' }))).toEqual({
      status: 'received',
      reports: [
        {
          type: 'delivered',
          token: 'abc123',
          providerId: SID,
          address: '+4520123456',
          occurredAt: null,
          failure: null,
          list: null,
          detail: { provider: 'delivered' },
        },
      ],
    });
  });

  it.each([
    ['accepted', 'accepted'],
    ['scheduled', 'accepted'],
    ['queued', 'accepted'],
    ['sending', 'accepted'],
    ['sent', 'accepted'],
    ['delivered', 'delivered'],
    ['undelivered', 'bounced'],
    ['failed', 'rejected'],
    ['canceled', 'failed'],
    ['read', 'opened'],
    ['receiving', 'other'],
    ['received', 'other'],
    ['partially_delivered', 'other'],
    ['of next year', 'other'],
    ['__proto__', 'other'],
    ['constructor', 'other'],
    ['', 'other'],
  ])('%s: %s', async (word, type) => {
    const report = await reportOf(status({ MessageStatus: word }));
    expect(report).toMatchObject({ type, detail: { provider: word } });
    expect(report?.failure === null).toBe(!['bounced', 'rejected', 'failed'].includes(type));
  });

  it.each([
    ['30003', 'bounced', 'soft', 'unreachable', 'recipient'],
    ['30004', 'bounced', 'blocked', 'policy', 'recipient'],
    ['30005', 'bounced', 'hard', 'unknown_mailbox', 'recipient'],
    ['30006', 'bounced', 'hard', 'not_mobile', 'recipient'],
    ['30007', 'bounced', 'blocked', 'spam', 'content'],
    ['30008', 'bounced', 'undetermined', 'other', 'nobody'],
    ['21211', 'bounced', 'hard', 'invalid_address', 'recipient'],
    ['39999', 'bounced', 'undetermined', 'other', 'nobody'],
    ['', 'bounced', 'undetermined', 'other', 'nobody'],
    ['__proto__', 'bounced', 'undetermined', 'other', 'nobody'],
  ])(
    'undelivered with error %s: %s, %s, %s, the fault of %s',
    async (code, type, bounceClass, category, fault) => {
      const report = await reportOf(status({ MessageStatus: 'undelivered', ErrorCode: code }));
      expect(report).toMatchObject({ type, failure: { bounceClass, category, fault } });
    },
  );

  it.each([
    ['30001', 'rejected', 'quota', 'sender'],
    ['30002', 'rejected', 'quota', 'sender'],
    ['21610', 'rejected', 'unsubscribed', 'recipient'],
    ['30034', 'rejected', 'sender_refused', 'sender'],
    ['30005', 'bounced', 'unknown_mailbox', 'recipient'],
    ['39999', 'rejected', 'other', 'nobody'],
  ])('failed with error %s: %s, %s, the fault of %s', async (code, type, category, fault) => {
    const report = await reportOf(status({ MessageStatus: 'failed', ErrorCode: code }));
    expect(report).toMatchObject({ type, failure: { category, fault }, detail: { code } });
    expect(report?.failure?.bounceClass === undefined).toBe(type === 'rejected');
  });

  it('says why in words, and names the error', async () => {
    const words = async (parameters: Readonly<Record<string, string>>) =>
      (await reportOf(status({ MessageStatus: 'undelivered', ...parameters })))?.failure?.reply?.text;
    expect(await words({ ErrorCode: '30003' })).toBe('Handset out of reach (Twilio error 30003)');
    expect(await words({ ErrorCode: '30003', ErrorMessage: 'Off\r\nline' })).toBe(
      'Off line (Twilio error 30003)',
    );
    expect(await words({})).toBe('No reason given');
  });

  it('is found by its id where the callback has no token, or that of an older parameter', async () => {
    const request = signTwilioForm(authToken, URL, [
      ['SmsSid', SID],
      ['MessageStatus', 'sent'],
    ]);
    expect(await reportOf(request)).toMatchObject({ token: null, providerId: SID, address: null });
  });

  it('is read from JSON as well', async () => {
    const request = signTwilioJson(authToken, `${URL}?token=abc123`, {
      MessageSid: SID,
      MessageStatus: 'undelivered',
      ErrorCode: 30_003,
      toString: null,
    });
    expect(await reportOf(request)).toMatchObject({
      type: 'bounced',
      token: 'abc123',
      detail: { code: '30003' },
    });
  });
});

describe('a text from a recipient', () => {
  it.each([
    'STOP',
    'stop',
    ' Stop. ',
    'STOPALL',
    'unsubscribe',
    'CANCEL',
    'End',
    'quit',
    'REVOKE',
    'OPTOUT',
    'afmeld',
    '"STOP"',
    'Stop all',
    'opt-out',
    'Arrêt !',
  ])('%s is wanting no more, from everything', async (text) => {
    expect(await reportsOf(inbound({ Body: text }))).toEqual([
      {
        type: 'unsubscribed',
        token: null,
        providerId: SID,
        address: '+4520123456',
        occurredAt: null,
        failure: null,
        list: null,
        detail: { provider: 'reply' },
      },
    ]);
  });

  it.each(['START', 'yes', 'Unstop', 'tilmeld'])('%s is wanting to hear again', async (text) => {
    expect(await reportOf(inbound({ Body: text }))).toMatchObject({ type: 'resubscribed' });
  });

  it.each([
    '',
    'Stop bussen kl. 10',
    'Stop it!',
    'Yes?',
    'end of story',
    'HELP',
    'tak!',
    '__proto__',
    'constructor',
  ])('%s says nothing of that', async (text) => {
    expect(await receive(inbound({ Body: text }))).toMatchObject({ status: 'received', reports: [] });
  });

  it('is what Twilio made of it, where it says so', async () => {
    expect(await reportOf(inbound({ Body: 'basta', OptOutType: 'STOP' }))).toMatchObject({
      type: 'unsubscribed',
    });
    expect(await reportOf(inbound({ Body: 'basta', OptOutType: 'START' }))).toMatchObject({
      type: 'resubscribed',
    });
    expect(await reportsOf(inbound({ Body: 'STOP', OptOutType: 'HELP' }))).toEqual([]);
  });

  it('is answered by nothing, so that nothing is sent back', async () => {
    for (const request of [inbound({ Body: 'STOP' }), inbound({ Body: 'tak!' })]) {
      expect(await receive(request)).toMatchObject({
        answer: {
          mediaType: 'text/xml',
          body: '<?xml version="1.0" encoding="UTF-8"?><Response></Response>',
        },
      });
    }
    expect(await receive(status({ MessageStatus: 'sent' }))).not.toHaveProperty('answer');
  });
});

describe('what nobody proved is not believed', () => {
  const request = status({ MessageStatus: 'delivered' });

  it('an account without its auth token believes nothing, and says what to set', async () => {
    const receipt = await receive(request, {});
    expect(receipt).toMatchObject({ status: 'not_configured', reason: expect.stringContaining('authToken') });
  });

  it.each<[string, Partial<SignedRequest>]>([
    ['no signature', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
    ['another body', { body: request.body.replace('delivered', 'undelivered') }],
    ['no body', { body: '' }],
    ['another token in the URL', { url: `${URL}?token=abc124` }],
    ['another account', { url: `${URL}~salon-sol?token=abc123` }],
    ['a parameter more', { body: `${request.body}&ErrorCode=30005` }],
    ['a form as JSON', { headers: { ...request.headers, 'content-type': 'application/json' } }],
    ['a question mark more', { body: `?${request.body}` }],
  ])('%s', async (_case, change) => {
    expect(await receive({ ...request, ...change })).toMatchObject({ status: 'forged' });
  });

  it('bytes that are no text', async () => {
    const receipt = await receiveCallback(
      { url: URL, headers: new Headers(request.headers), body: Buffer.from([0x61, 0x3d, 0xff]), receivedAt },
      { authToken },
    );
    expect(receipt.status).toBe('forged');
  });

  it('one bit that changes what is said', async () => {
    const said = [...new URLSearchParams(request.body)];
    for (let at = 0; at < request.body.length; at += 1) {
      for (let bit = 0; bit < 7; bit += 1) {
        const bytes = Buffer.from(request.body);
        bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at);
        const body = bytes.toString();
        // `%2B` and `%2b` are the same sign.
        if (JSON.stringify([...new URLSearchParams(body)]) === JSON.stringify(said)) continue;
        expect((await receive({ ...request, body })).status, body).toBe('forged');
      }
    }
  });

  it('never throws, and takes nothing that is not signed', async () => {
    const bytes = fc.uint8Array({ maxLength: 200 });
    const header = fc.option(fc.base64String({ minLength: 4 }), { nil: undefined });
    const type = fc.constantFrom('application/json', 'application/x-www-form-urlencoded', undefined);
    await fc.assert(
      fc.asyncProperty(bytes, header, type, fc.string(), async (body, signature, mediaType, path) => {
        const headers = new Headers();
        if (signature !== undefined) headers.set('x-twilio-signature', signature);
        if (mediaType !== undefined) headers.set('content-type', mediaType);
        const receipt = await receiveCallback({ url: URL + path, headers, body, receivedAt }, { authToken });
        expect(receipt.status).toBe('forged');
      }),
    );
  });
});

describe('what is proved but says nothing is malformed', () => {
  it.each([
    ['a form about something else', signTwilioForm(authToken, URL, [['CallSid', 'CA1']])],
    ['a message without anything of it', signTwilioForm(authToken, URL, [['MessageSid', SID]])],
    ['an empty form', signTwilioForm(authToken, URL, [])],
    ['a list', signTwilioJson(authToken, URL, [{ MessageSid: SID, MessageStatus: 'sent' }])],
    ['a word', signTwilioJson(authToken, URL, 'sent')],
    ['nothing', signTwilioJson(authToken, URL, null)],
  ])('%s', async (_case, request) => {
    expect(await receive(request)).toMatchObject({ status: 'malformed' });
  });
});
