import type { Report } from '@posthorn/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEvent } from './read-event.ts';

const RECEIVED_AT = Date.UTC(2026, 10, 27, 10, 0, 0);
const TIME = RECEIVED_AT / 1000 - 60;
const read = (event: unknown): Report => readEvent(event);
const base = {
  email: 'anna@example.com',
  timestamp: TIME,
  sg_event_id: 'an-id-of-the-event',
  sg_message_id: '14c5d75ce93.filter0001.16648.5515E0B88.0',
  posthorn_token: 'abc123',
};

describe('an event', () => {
  it('says whom and what it is about, and when it happened', () => {
    expect(read({ ...base, event: 'delivered', response: '250 OK', ip: '10.0.0.1', tls: 1 })).toEqual({
      type: 'delivered',
      token: 'abc123',
      providerId: '14c5d75ce93',
      address: 'anna@example.com',
      occurredAt: TIME * 1000,
      failure: null,
      list: null,
      detail: { provider: 'delivered' },
    });
  });

  it('is the same when SendGrid tells it again, under another id', () => {
    const event = { ...base, event: 'click', url: 'https://salon.example/' };
    expect(read({ ...event, sg_event_id: 'another' })).toEqual(read(event));
  });

  it.each([
    ['processed', 'accepted'],
    ['deferred', 'deferred'],
    ['delivered', 'delivered'],
    ['bounce', 'bounced'],
    ['dropped', 'rejected'],
    ['open', 'opened'],
    ['click', 'clicked'],
    ['spamreport', 'complained'],
    ['unsubscribe', 'unsubscribed'],
    ['group_unsubscribe', 'unsubscribed'],
    ['account_status_change', 'other'],
    ['something_new', 'other'],
    ['Delivered', 'other'],
    ['constructor', 'other'],
    ['__proto__', 'other'],
  ])('%s is %s', (event, type) => {
    expect(read({ ...base, event })).toMatchObject({ type, detail: { provider: event } });
  });

  it('of nobody and nothing is kept', () => {
    for (const event of [undefined, null, 7, 'delivered', [], {}]) {
      expect(read(event)).toEqual({
        type: 'other',
        token: null,
        providerId: null,
        address: null,
        occurredAt: null,
        failure: null,
        list: null,
        detail: {},
      });
    }
  });

  it('may hold anything, and is read', () => {
    const names = fc.constantFrom(
      'event',
      'timestamp',
      'email',
      'reason',
      'response',
      'status',
      'type',
      '__proto__',
      'url',
    );
    const kinds = fc.constantFrom('bounce', 'dropped', 'deferred', 'click', 'group_resubscribe');
    fc.assert(
      fc.property(
        fc.dictionary(names, fc.oneof(fc.jsonValue(), kinds)),
        fc.oneof(kinds, fc.jsonValue()),
        (rest, event) => {
          const report = read({ ...rest, event });
          expect(JSON.stringify(report).isWellFormed()).toBe(true);
          expect(report.occurredAt === null || Number.isSafeInteger(report.occurredAt)).toBe(true);
        },
      ),
    );
  });
});

describe('opens and clicks', () => {
  it('of machines are told apart from those of people', () => {
    expect(read({ ...base, event: 'open', sg_machine_open: true }).type).toBe('machine_opened');
    expect(read({ ...base, event: 'open', sg_machine_open: false }).type).toBe('opened');
  });

  it('say which link, and nothing of the reader', () => {
    const event = {
      ...base,
      event: 'click',
      url: 'https://salon.example/?a=b',
      useragent: 'Mozilla',
      ip: '10.0.0.1',
    };
    expect(read(event).detail).toEqual({ provider: 'click', url: 'https://salon.example/?a=b' });
  });
});

describe('leaving and coming back', () => {
  it('of a group names it', () => {
    expect(read({ ...base, event: 'group_unsubscribe', asm_group_id: 17 })).toMatchObject({ list: '17' });
    expect(read({ ...base, event: 'group_resubscribe', asm_group_id: 17 })).toMatchObject({
      type: 'resubscribed',
      list: '17',
    });
  });

  it('to a group that is not named ends no refusal', () => {
    for (const group of [undefined, null, '', {}, 1.5])
      expect(read({ ...base, event: 'group_resubscribe', asm_group_id: group }).type).toBe('other');
  });

  it('of everything names none', () => {
    expect(read({ ...base, event: 'unsubscribe', asm_group_id: 17 })).toMatchObject({ list: null });
  });
});

describe('a time', () => {
  it.each<[string, unknown, number | null]>([
    ['in seconds', TIME, TIME * 1000],
    ['as text', String(TIME), TIME * 1000],
    ['with a fraction', TIME + 0.5, TIME * 1000 + 500],
    ['a day ahead of our clock', RECEIVED_AT / 1000 + 3600, RECEIVED_AT + 3_600_000],
    ['missing', undefined, null],
    ['in milliseconds', RECEIVED_AT, RECEIVED_AT * 1000],
    ['before SendGrid', 0, null],
    ['negative', -1, null],
    ['far ahead', 99_999_999_999, 99_999_999_999_000],
    ['beyond numbers', 1e308, null],
    ['of words', 'yesterday', null],
    ['of another type', { seconds: TIME }, null],
    ['a list', [TIME], null],
  ])('%s', (_what, timestamp, occurredAt) => {
    expect(read({ ...base, event: 'delivered', timestamp }).occurredAt).toBe(occurredAt);
  });
});

describe('a token', () => {
  it.each([17, null, {}, '', 'ABC', 'a b', 'a'.repeat(57), '../..'])(
    'that we cannot have written is none: %j',
    (token) => {
      expect(read({ ...base, event: 'delivered', posthorn_token: token }).token).toBeNull();
    },
  );
});

describe('a bounce', () => {
  const bounce = (fields: object) => read({ ...base, event: 'bounce', ...fields }).failure;

  it.each<[string, object, object]>([
    [
      'by an address that is none',
      { type: 'bounce', reason: '550 5.1.1 The email account does not exist', status: '5.1.1' },
      { bounceClass: 'hard', category: 'unknown_mailbox', fault: 'recipient' },
    ],
    [
      'in words that say nothing, classified as an invalid address',
      { type: 'bounce', reason: '550 sorry', bounce_classification: 'Invalid Address' },
      { bounceClass: 'hard', category: 'unknown_mailbox' },
    ],
    [
      'classified as an invalid address, which is only blocked: nobody knows',
      { type: 'blocked', reason: 'sorry', bounce_classification: 'Invalid Address' },
      { bounceClass: 'undetermined' },
    ],
    [
      'classified as a mailbox that takes nothing now',
      { type: 'blocked', reason: 'sorry', bounce_classification: 'Mailbox Unavailable' },
      { bounceClass: 'soft', fault: 'recipient' },
    ],
    [
      'classified as our reputation',
      { type: 'blocked', reason: 'sorry', bounce_classification: 'Reputation' },
      { bounceClass: 'blocked', category: 'reputation', fault: 'sender' },
    ],
    [
      'classified as what it says',
      { type: 'blocked', reason: 'sorry', bounce_classification: 'Content' },
      { bounceClass: 'blocked', category: 'content_refused', fault: 'content' },
    ],
    [
      'classified as too many at once',
      { type: 'blocked', reason: 'sorry', bounce_classification: 'Frequency or Volume Too High' },
      { bounceClass: 'blocked', category: 'rate_limited', fault: 'sender' },
    ],
    [
      'classified as a technical failure',
      { type: 'blocked', reason: 'sorry', bounce_classification: 'Technical Failure' },
      { bounceClass: 'soft', category: 'server_error', fault: 'nobody' },
    ],
    [
      'that SendGrid could not classify, of an address that it will write to no more',
      { type: 'bounce', reason: 'sorry', bounce_classification: 'Unclassified' },
      { bounceClass: 'hard', category: 'other' },
    ],
    [
      'that is only blocked',
      { type: 'blocked', reason: 'sorry' },
      { bounceClass: 'blocked', category: 'policy' },
    ],
    ['by time', { type: 'expired', reason: 'sorry' }, { bounceClass: 'soft', category: 'timeout' }],
    ['of which nothing is said', {}, { bounceClass: 'undetermined', category: 'other', fault: 'nobody' }],
    [
      'in another type',
      { type: 7, reason: {}, status: [], bounce_classification: {} },
      { bounceClass: 'undetermined' },
    ],
    [
      'named like a property',
      { type: '__proto__', bounce_classification: 'constructor' },
      { category: 'other' },
    ],
  ])('%s', (_what, fields, failure) => {
    expect(bounce(fields)).toMatchObject(failure);
  });

  it('of a domain without a mail server is hard, though SendGrid calls it blocked', () => {
    const reason =
      'unable to get mx info: failed to get IPs from PTR record: lookup salon.exampel: no such host';
    expect(bounce({ type: 'blocked', reason })).toMatchObject({
      bounceClass: 'hard',
      category: 'unknown_domain',
      fault: 'recipient',
    });
  });

  it('keeps what the server said, with code and enhanced code, also where only one of them is there', () => {
    const reason = '550 5.1.1 No such\0 user';
    expect(bounce({ type: 'bounce', reason })?.reply).toEqual({
      code: 550,
      enhanced: '5.1.1',
      text: 'No such user',
    });
    expect(bounce({ type: 'bounce', reason: '550 sorry', status: '5.7.1' })?.reply).toMatchObject({
      code: 550,
      enhanced: '5.7.1',
    });
    expect(bounce({ type: 'bounce', status: '5.1.1' })).toMatchObject({ reply: { enhanced: '5.1.1' } });
  });
});

describe('a deferral', () => {
  it('says why SendGrid tries again', () => {
    const event = { ...base, event: 'deferred', response: '452 4.2.2 Mailbox full', attempt: '5' };
    expect(read(event).failure).toMatchObject({ category: 'mailbox_full', reply: { code: 452 } });
  });

  it('is no bounce', () => {
    for (const response of ['550 5.1.1 No such user', '400 try again later', '', undefined])
      expect(read({ ...base, event: 'deferred', response }).failure).not.toHaveProperty('bounceClass');
  });
});

describe('what SendGrid does not hand on', () => {
  it.each([
    ['Invalid SMTPAPI header', 'bad_request', 'content'],
    ['Spam Content (if Spam Checker app is enabled)', 'spam', 'content'],
    ['Unsubscribed Address', 'unsubscribed', 'recipient'],
    ['Group Unsubscribe', 'unsubscribed', 'recipient'],
    ['Bounced Address', 'suppressed', 'recipient'],
    ['Spam Reporting Address', 'suppressed', 'recipient'],
    ['Invalid', 'invalid_address', 'recipient'],
    ['Recipient List over Package Quota', 'quota', 'sender'],
    ['A reason of tomorrow', 'other', 'nobody'],
  ])('%s', (reason, category, fault) => {
    const { type, failure } = read({ ...base, event: 'dropped', reason });
    expect(type).toBe('rejected');
    expect(failure).toEqual({ category, fault, reply: { text: reason } });
  });

  it('for no reason', () => {
    expect(read({ ...base, event: 'dropped' }).failure).toEqual({ category: 'other', fault: 'nobody' });
  });
});
