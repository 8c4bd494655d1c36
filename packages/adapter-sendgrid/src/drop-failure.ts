import type { Failure, FailureCategory, Fault } from '@posthorn/core';
import { type RawEvent, textOf } from './raw-event.ts';

/** SendGrid's documented reasons for not even trying; the first whose words stand in the reason holds. */
const REASONS: readonly (readonly [words: RegExp, FailureCategory, Fault])[] = [
  [/unsubscribe/i, 'unsubscribed', 'recipient'],
  [/bounced address/i, 'suppressed', 'recipient'],
  [/spam reporting/i, 'suppressed', 'recipient'],
  [/spam content/i, 'spam', 'content'],
  [/smtpapi/i, 'bad_request', 'content'],
  [/quota|credits/i, 'quota', 'sender'],
  [/invalid/i, 'invalid_address', 'recipient'],
];

/** Why SendGrid did not hand a message on. */
export function dropFailure(event: RawEvent): Failure {
  const text = textOf(event.reason, 1000) ?? '';
  const [, category, fault] =
    REASONS.find(([words]) => words.test(text)) ?? (['', 'other', 'nobody'] as const);
  return { category, fault, ...(text === '' ? {} : { reply: { text } }) };
}
