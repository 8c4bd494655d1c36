import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BounceClass, FailureCategory, Fault } from '../ports/index.ts';
import { classifyReply, type ReplyToClassify } from './classify-reply.ts';
import { parseReply } from './reply.ts';

type Phase = ReplyToClassify['phase'];

const classify = (raw: string, phase: Phase = 'rcpt') => classifyReply({ ...parseReply(raw), phase });

describe('a refusal for good is a bounce with its class, category and fault', () => {
  it.each<[reply: string, Phase, BounceClass, FailureCategory, Fault]>([
    ['550 5.1.1 <a@b.dk>: User unknown', 'rcpt', 'hard', 'unknown_mailbox', 'recipient'],
    ['550 5.1.1 User unknown', 'after_body', 'hard', 'unknown_mailbox', 'recipient'],
    ['550 5.1.2 No such domain', 'rcpt', 'hard', 'unknown_domain', 'recipient'],
    ['556 5.1.10 Recipient address has null MX', 'rcpt', 'hard', 'unknown_domain', 'recipient'],
    ['553 5.1.3 Bad address syntax', 'rcpt', 'hard', 'invalid_address', 'recipient'],
    ['551 5.1.6 Moved, no forwarding address', 'rcpt', 'hard', 'mailbox_moved', 'recipient'],
    ['550 5.2.1 The account is disabled', 'rcpt', 'soft', 'mailbox_disabled', 'recipient'],
    ['552 5.2.2 Mailbox full', 'rcpt', 'soft', 'mailbox_full', 'recipient'],
    ['552 5.2.3 Too large for this mailbox', 'after_body', 'soft', 'message_too_large', 'content'],
    ['552 5.3.4 Message too big', 'mail', 'soft', 'message_too_large', 'content'],
    ['552 Message size exceeds fixed limit', 'mail', 'soft', 'message_too_large', 'content'],
    ['552 Mailbox full', 'rcpt', 'soft', 'mailbox_full', 'recipient'],
    ['554 5.4.6 Too many hops', 'after_body', 'undetermined', 'routing_loop', 'nobody'],
    ['550 5.4.4 Unable to route', 'rcpt', 'undetermined', 'name_resolution', 'network'],
    ['554 5.6.0 Malformed message', 'after_body', 'undetermined', 'other', 'nobody'],
    ['554 5.6.3 Conversion failed', 'after_body', 'blocked', 'content_refused', 'content'],
    ['501 5.5.4 Invalid arguments', 'rcpt', 'undetermined', 'protocol', 'nobody'],
    ['554 5.7.1 Message refused', 'rcpt', 'blocked', 'policy', 'sender'],
    [
      '550-5.7.26 This mail is unauthenticated\n550 5.7.26 sorry',
      'after_body',
      'blocked',
      'authentication_failed',
      'sender',
    ],
    ['550 5.7.23 SPF validation failed', 'after_body', 'blocked', 'authentication_failed', 'sender'],
    ['550 5.7.999 A code of next year', 'rcpt', 'blocked', 'policy', 'sender'],
    [
      '554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org',
      'rcpt',
      'blocked',
      'reputation',
      'sender',
    ],
    ['554 5.7.1 <a@b.dk>: Relay access denied', 'rcpt', 'blocked', 'relay_denied', 'sender'],
    [
      "553 sorry, that domain isn't in my list of allowed rcpthosts",
      'rcpt',
      'blocked',
      'relay_denied',
      'sender',
    ],
    [
      '550 5.7.1 Our system has detected that this message is likely unsolicited mail',
      'after_body',
      'blocked',
      'spam',
      'content',
    ],
    ['550 5.7.1 You may not send as this address', 'mail', 'blocked', 'sender_refused', 'sender'],
    ['553 Sender not owned by user', 'mail', 'blocked', 'sender_refused', 'sender'],
    ['550 No Such User Here', 'rcpt', 'hard', 'unknown_mailbox', 'recipient'],
    ['550 sorry, no mailbox here by that name (#5.1.1)', 'rcpt', 'hard', 'unknown_mailbox', 'recipient'],
    [
      "554 delivery error: dd This user doesn't have a yahoo.com account (a@yahoo.com)",
      'after_body',
      'hard',
      'unknown_mailbox',
      'recipient',
    ],
    ['554 Transaction failed', 'after_body', 'undetermined', 'other', 'nobody'],
    ['599 What is this', 'rcpt', 'undetermined', 'other', 'nobody'],
  ])('%s at %s', (reply, phase, bounceClass, category, fault) => {
    const failure = { bounceClass, category, fault, phase };
    expect(classify(reply, phase)).toMatchObject({ status: 'refused', retryable: false, failure });
  });
});

describe('an address is not blamed for what may be something else', () => {
  it.each<[reply: string, Phase]>([
    ['550 Mailbox unavailable', 'rcpt'],
    ['550 5.1.1 User unknown', 'mail'],
    ['550 5.1.1 <me@salon.dk>: Sender address rejected: undeliverable address', 'rcpt'],
    [
      '550-Verification failed for <me@salon.dk>\n550-Response: 550 5.1.1 no such user here\n550 Sender verify failed',
      'rcpt',
    ],
    ['550 5.4.1 Recipient address rejected: Access denied', 'rcpt'],
    ['550 4.1.1 User unknown', 'rcpt'],
    ['550 4.1.0 no such user here', 'rcpt'],
    ['550 no such user here', 'after_body'],
    ['550 5.7.1 user unknown', 'rcpt'],
    ['553 5.2.1 Mailbox disabled', 'rcpt'],
    ['556 Domain does not accept mail', 'rcpt'],
  ])('%s at %s', (reply, phase) => {
    const outcome = classify(reply, phase);
    expect(outcome).toMatchObject({ status: 'refused', retryable: false });
    expect(outcome).not.toMatchObject({ failure: { bounceClass: 'hard' } });
  });
});

describe('what may work later is retryable and no bounce', () => {
  it.each<[reply: string, Phase, FailureCategory]>([
    ['421 Shutting down', 'mail', 'server_error'],
    ['421 4.7.0 [TSS04] temporarily deferred due to user complaints', 'rcpt', 'rate_limited'],
    ['421 4.4.2 Timeout', 'after_body', 'connection'],
    ['450 4.2.2 Mailbox full', 'rcpt', 'mailbox_full'],
    ['450 4.7.1 Try again', 'rcpt', 'greylisted'],
    ['450 4.2.0 <a@b.dk>: Recipient address rejected: Greylisted, see postgrey', 'rcpt', 'greylisted'],
    ['450 Mailbox busy', 'rcpt', 'other'],
    ['451 4.3.0 Local error', 'after_body', 'server_error'],
    ['452 4.3.1 Disk full', 'mail', 'quota'],
    ['450 5.1.1 User unknown', 'rcpt', 'unknown_mailbox'],
    ['450 4.7.28 Unusual rate of mail', 'rcpt', 'rate_limited'],
    ['503 5.5.1 Bad sequence', 'mail', 'protocol'],
    ['554 5.7.1 You are blocked', 'greeting', 'policy'],
    ['550 5.1.1 Who?', 'greeting', 'server_error'],
    ['454 4.7.0 TLS not available', 'tls', 'tls'],
    ['454 4.7.0 Temporary authentication failure', 'auth', 'server_error'],
    ['535 5.7.8 Bad credentials', 'auth', 'credentials'],
    ['500 What?', 'auth', 'credentials'],
    ['432 4.7.12 A password transition is needed', 'auth', 'credentials'],
    ['530 5.7.0 Authentication required', 'mail', 'credentials'],
  ])('%s at %s', (reply, phase, category) => {
    const outcome = classify(reply, phase);
    expect(outcome).toMatchObject({ status: 'refused', retryable: true, failure: { category, phase } });
    expect(outcome).not.toHaveProperty('failure.bounceClass');
  });
});

it('takes 250 after the data as accepted, with the words of the server', () => {
  expect(classify('250 2.0.0 Ok: queued as 4XyZ', 'after_body')).toEqual({
    status: 'accepted',
    reply: { code: 250, enhanced: '2.0.0', text: 'Ok: queued as 4XyZ' },
  });
});

it('knows nothing from a reply that is none: not sent before the data, in doubt after them', () => {
  expect(classify('hello', 'rcpt')).toMatchObject({
    status: 'refused',
    retryable: true,
    failure: { category: 'protocol' },
  });
  expect(classify('250 Fine', 'rcpt')).toMatchObject({
    status: 'refused',
    retryable: true,
    failure: { category: 'protocol' },
  });
  expect(classify('354 More?', 'after_body')).toMatchObject({
    status: 'unknown',
    failure: { category: 'protocol' },
  });
  expect(classify('', 'after_body')).toMatchObject({ status: 'unknown' });
});

const PHASES: readonly Phase[] = [
  'resolve',
  'connect',
  'greeting',
  'tls',
  'auth',
  'mail',
  'rcpt',
  'data',
  'body',
  'after_body',
];
const KNOWN_TEXTS = [
  'no such user here',
  'user unknown in local recipient table',
  'user unknown in virtual mailbox table',
  'sorry, no mailbox here by that name',
  "this user doesn't have a yahoo.com account",
];
const word = fc.constantFrom(
  'user unknown',
  'mailbox full',
  'no such user',
  '5.1.1',
  'spam',
  'account',
  'disabled',
  'does not exist',
  'Sender address rejected',
  '\r\n',
  '550',
  ...KNOWN_TEXTS,
);
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(word).map((words) => words.join(' ')),
);
const enhanced = fc.oneof(
  fc.tuple(fc.constantFrom(2, 4, 5), fc.nat(9), fc.nat(30)).map((parts) => parts.join('.')),
  fc.string(),
);
const reply: fc.Arbitrary<ReplyToClassify> = fc.record(
  {
    code: fc.oneof(fc.integer({ min: 200, max: 599 }), fc.integer(), fc.double()),
    enhanced,
    text,
    phase: fc.constantFrom(...PHASES),
  },
  { requiredKeys: ['text', 'phase'] },
);

it('never throws, and says hard and the recipient only where a code or a known text says nothing else', () => {
  fc.assert(
    fc.property(reply, (input) => {
      const outcome = classifyReply(input);
      if (outcome.status !== 'refused' || outcome.failure.bounceClass !== 'hard') return;
      const byCode = /^5\.1\.(1|2|3|6|10)$/.test(input.enhanced ?? '');
      const byText = KNOWN_TEXTS.some((known) => outcome.failure.reply?.text.toLowerCase().includes(known));
      expect(byCode || byText).toBe(true);
      expect(
        input.code === undefined || Math.floor(input.code / 100) === 5 || !Number.isInteger(input.code),
      ).toBe(true);
      expect(input.phase).toMatch(/^(rcpt|data|body|after_body)$/);
      expect(outcome.retryable).toBe(false);
    }),
    { numRuns: 3000 },
  );
});

it('bounces only what was refused for good between MAIL and the end of the data', () => {
  fc.assert(
    fc.property(reply, (input) => {
      const outcome = classifyReply(input);
      if (outcome.status === 'refused') {
        expect(outcome.failure.bounceClass === undefined).toBe(outcome.retryable);
      }
      if (outcome.status === 'unknown') expect(input.phase).toMatch(/body$/);
      if (outcome.status === 'accepted') expect(input.phase).toBe('after_body');
    }),
    { numRuns: 3000 },
  );
});
