import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Outcome } from '@posthorn/core';
import { emailEnvelope, type SendGridAnswer, type SendGridRequest } from '@posthorn/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { accountOn, broadcast, openAccount, send, sendOne } from './account.test-kit.ts';

const answering = (answer: SendGridAnswer) => openAccount({ script: () => answer });
const error = (message: string, field?: string) => (field === undefined ? { message } : { message, field });

describe('a refusal of SendGrid', () => {
  it.each([401, 403])('of the key (%i) is the account’s, which pauses: nothing is lost', async (status) => {
    const { transport } = await answering({ status, errors: [error('access forbidden')] });
    const outcomes = await send(transport, broadcast(3));
    for (const outcome of outcomes.values()) {
      expect(outcome).toMatchObject({
        status: 'refused',
        retryable: true,
        failure: {
          category: 'credentials',
          fault: 'sender',
          reply: { code: status, text: 'access forbidden' },
        },
      });
    }
  });

  it('of an address that is not verified is the sender’s, and for good', async () => {
    const { transport } = await openAccount({ senders: ['@other.example'] });
    expect(await sendOne(transport)).toMatchObject({
      status: 'refused',
      retryable: false,
      failure: {
        category: 'sender_refused',
        fault: 'sender',
        reply: {
          code: 403,
          text: expect.stringMatching(/^from: The from address does not match a verified/),
        },
      },
    });
  });

  it('with its own words (5xx) is for now', async () => {
    const { transport } = await answering({ status: 503, errors: [error('try later')] });
    expect(await sendOne(transport)).toMatchObject({
      status: 'refused',
      retryable: true,
      failure: { category: 'server_error', fault: 'nobody', reply: { code: 503, text: 'try later' } },
    });
  });

  it.each<[string, Record<string, string>, number | undefined]>([
    ['by its reset', { 'x-ratelimit-reset': '1000060' }, 60_000],
    ['by Retry-After', { 'retry-after': '30' }, 30_000],
    ['by the later of both', { 'x-ratelimit-reset': '1000010', 'retry-after': '30' }, 30_000],
    ['by a date', { 'retry-after': new Date(1_000_090_000).toUTCString() }, 90_000],
    ['not at all, where it does not say when', {}, undefined],
    ['not at all, where that was long ago', { 'x-ratelimit-reset': '5' }, undefined],
    [
      'not at all, where that is absurd',
      { 'x-ratelimit-reset': '99999999999999', 'retry-after': 'soon' },
      undefined,
    ],
  ])('for too many requests says when to come again: %s', async (_, headers, retryAfterMs) => {
    const { server } = await answering({ status: 429, headers, errors: [error('too many requests')] });
    const clock = { now: () => 1_000_000_000, sleep: () => Promise.resolve() };
    const transport = accountOn(server, {}, clock);
    const outcome = await sendOne(transport);
    await transport.close();
    expect(outcome).toMatchObject({
      status: 'refused',
      retryable: true,
      failure: { category: 'rate_limited', reply: { code: 429 } },
    });
    expect(outcome?.status === 'refused' ? outcome.retryAfterMs : 'not refused').toBe(retryAfterMs);
  });

  it('never tells the key, whatever the answer holds', async () => {
    const { server, transport } = await openAccount({
      apiKey: 'SG.secret.secret',
      script: ({ headers }) => ({
        status: 400,
        errors: [error(`no: ${headers.authorization}\r\n\0`, 'from')],
      }),
    });
    const outcome = JSON.stringify(await sendOne(transport));
    expect(outcome).toContain('from: no: Bearer [secret]');
    expect(outcome).not.toContain(server.apiKey);
  });
});

describe('what may have been sent is in doubt, and nothing sends it again', () => {
  it.each<[string, SendGridAnswer]>([
    ['a proxy’s 502', { status: 502, body: '<html>Bad Gateway</html>' }],
    ['an answer that is cut', { status: 503, cut: true, body: '{"errors":[{"message":"try later"}]}' }],
    ['a cut without an answer', { cut: true }],
    ['an error body without errors', { status: 500, body: '{"errors":[]}' }],
    ['JSON of somebody else', { status: 500, body: '"no"' }],
    ['a redirect', { status: 302, headers: { location: 'https://elsewhere.example' } }],
    ['a 200 for what should be 202', { status: 200 }],
    ['a 200 with words of a refusal', { status: 200, body: '{"errors":[{"message":"no","field":"from"}]}' }],
  ])('%s', async (_, answer) => {
    const { server, transport } = await answering(answer);
    const outcomes = await send(transport, broadcast(3));
    expect([...outcomes.values()].map(({ status }) => status)).toEqual(['unknown', 'unknown', 'unknown']);
    expect(server.requests).toHaveLength(1);
  });
});

describe('what was answered before it was sent is certainly not sent', () => {
  it.each([503, 408])('as a proxy’s %i is', async (status) => {
    const proxy = createServer((_request, response) => {
      response.writeHead(status, { 'content-length': 4 }).end('Busy');
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const { port } = proxy.address() as AddressInfo;
    const transport = accountOn({ url: `http://127.0.0.1:${port}`, apiKey: 'SG.key' });
    onTestFinished(() => {
      proxy.closeAllConnections();
      proxy.close();
    });
    const outcomes = await send(transport, broadcast(2, { headers: { 'X-Long': 'x'.repeat(12_000_000) } }));
    await transport.close();
    for (const outcome of outcomes.values())
      expect(outcome).toMatchObject({ status: 'refused', retryable: true });
    expect(outcomes.size).toBe(2);
  });
});

describe('what holds for the whole account is not asked once more for each message', () => {
  const alone = (count: number) => broadcast(count, { slots: ['x'.repeat(20_000)] });

  it.each([
    [401, {}],
    [403, {}],
    [429, { 'retry-after': '30' }],
  ])('%i', async (status, headers) => {
    const { server, transport } = await answering({ status, headers, errors: [error('no')] });
    const batch = alone(100);
    const outcomes = await send(transport, batch);
    expect(server.requests.length).toBeLessThanOrEqual(10);
    expect(outcomes.size).toBe(100);
    for (const outcome of outcomes.values())
      expect(outcome).toMatchObject({
        status: 'refused',
        retryable: true,
        failure: { reply: { code: status } },
      });
    await send(transport, alone(1));
    expect(server.requests.length).toBeGreaterThan(1);
  });
});

it('a request that is too large for the other side is split until it fits', async () => {
  const script = ({ recipients }: SendGridRequest) =>
    recipients.length > 3 ? { status: 413, body: '<html>Request Entity Too Large</html>' } : undefined;
  const { server, transport } = await openAccount({ script });
  const outcomes = await send(transport, broadcast(10));
  expect([...outcomes.values()].every(({ status }) => status === 'accepted')).toBe(true);
  expect(server.messages).toHaveLength(10);

  const { transport: tiny } = await answering({ status: 413 });
  expect(await sendOne(tiny)).toMatchObject({ retryable: false, failure: { category: 'message_too_large' } });
});

it('an abort between two requests leaves for later what the second would have carried', async () => {
  const { server, transport } = await answering({
    status: 400,
    errors: [error('no', 'personalizations.0.to')],
  });
  const stop = new AbortController();
  const outcomes: Outcome[] = [];
  await transport.send(broadcast(6), {
    signal: stop.signal,
    onOutcome(_, outcome) {
      outcomes.push(outcome);
      stop.abort();
    },
  });
  expect(server.requests).toHaveLength(1);
  const later = { status: 'refused', retryable: true, failure: { category: 'other' } };
  expect(outcomes).toMatchObject([{ status: 'refused', retryable: false }, ...Array(5).fill(later)]);
});

it('a sandbox takes messages and sends none', async () => {
  const { server, transport } = await openAccount({}, { sandbox: true });
  expect(await sendOne(transport)).toMatchObject({ status: 'accepted' });
  expect(server.messages).toEqual([]);
});

it('a message that would break out of a header, or writes what SendGrid writes, never leaves', async () => {
  const { server, transport } = await openAccount();
  const [good = emailEnvelope(), ...others] = broadcast(5);
  const spoilt = [
    { headers: { 'Reply-To': 'x@a.example' } },
    { headers: { 'X-Note': 'a\r\nBcc: b@a.example' } },
    { to: { name: 'A\nB', address: 'a@a.example' } },
    { headers: { 'X Note:': 'a' } },
  ];
  const outcomes = await send(transport, [
    good,
    ...others.map((one, index) => ({ ...one, ...spoilt[index] })),
  ]);
  expect([...outcomes.values()].filter(({ status }) => status === 'refused')).toHaveLength(4);
  expect(server.messages.map(({ to }) => to)).toEqual([good.to.address]);
});
