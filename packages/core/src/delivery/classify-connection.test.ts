import { describe, expect, it } from 'vitest';
import type { DeliveryPhase, FailureCategory } from '../ports/index.ts';
import { classifyConnection } from './classify-connection.ts';

const text = 'in words';

describe('a connection that failed before the data', () => {
  it.each<[code: string | undefined, DeliveryPhase, FailureCategory]>([
    ['ECONNREFUSED', 'connect', 'connection'],
    ['EHOSTUNREACH', 'connect', 'connection'],
    ['ECONNRESET', 'mail', 'connection'],
    ['ETIMEDOUT', 'connect', 'timeout'],
    ['ETIMEDOUT', 'greeting', 'timeout'],
    ['ENOTFOUND', 'resolve', 'name_resolution'],
    ['EAI_AGAIN', 'resolve', 'name_resolution'],
    ['CERT_HAS_EXPIRED', 'tls', 'tls'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls', 'tls'],
    ['EPROTO', 'mail', 'tls'],
    ['EPROTOCOL', 'mail', 'protocol'],
    [undefined, 'tls', 'tls'],
    [undefined, 'rcpt', 'connection'],
  ])('%s at %s is refused, retryable, the fault of the network', (code, phase, category) => {
    expect(classifyConnection({ code, phase, text })).toEqual({
      status: 'refused',
      retryable: true,
      failure: { category, fault: 'network', phase, reply: { text } },
    });
  });
});

describe('a connection that failed when the other side may have the message', () => {
  it.each<[code: string | undefined, DeliveryPhase, FailureCategory]>([
    ['ECONNRESET', 'body', 'connection'],
    ['ETIMEDOUT', 'after_body', 'timeout'],
    [undefined, 'after_body', 'connection'],
    ['UND_ERR_HEADERS_TIMEOUT', 'request', 'timeout'],
  ])('%s at %s is in doubt', (code, phase, category) => {
    expect(classifyConnection({ code, phase, text })).toMatchObject({
      status: 'unknown',
      failure: { category, phase },
    });
  });
});

it('keeps the words fit to be shown', () => {
  const outcome = classifyConnection({ phase: 'connect', text: `a\u0000b${'x'.repeat(2000)}` });
  expect(outcome).toHaveProperty('failure.reply.text', `a b${'x'.repeat(996)}…`);
});
