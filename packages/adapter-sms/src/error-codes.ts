import type { BounceClass, FailureCategory, Fault } from '@posthorn/core';

/** Who can do something about it, and whether the same request may succeed later. */
export interface Blame {
  readonly category: FailureCategory;
  readonly fault: Fault;
  readonly retryable?: true;
}

/** What one of Twilio's error codes says of a message. */
export interface ErrorMeaning extends Blame {
  readonly title: string;
  /** Set where the receiving side has spoken, or the number itself is the matter. */
  readonly bounceClass?: BounceClass;
}

/**
 * Codes of the REST API and of status callbacks alike (https://www.twilio.com/docs/api/errors), of text messages only:
 * those of calls and pictures don't come. What is not here is nobody's fault and undetermined: an address is blamed only by a code that can mean nothing else.
 */
const MEANINGS: Readonly<Record<number, ErrorMeaning>> = {
  // The account. `credentials` pauses it, and its messages wait.
  10001: { title: 'Account is not active', category: 'credentials', fault: 'sender', retryable: true },
  20003: { title: 'Authentication failed', category: 'credentials', fault: 'sender', retryable: true },
  20005: { title: 'Account is not active', category: 'credentials', fault: 'sender', retryable: true },
  20404: { title: 'There is no such account', category: 'credentials', fault: 'sender', retryable: true },
  20429: { title: 'Too many requests', category: 'rate_limited', fault: 'sender', retryable: true },
  90010: { title: 'Account is not active', category: 'credentials', fault: 'sender', retryable: true },
  // Whom it is to.
  21211: { title: 'Invalid number', category: 'invalid_address', fault: 'recipient', bounceClass: 'hard' },
  21265: { title: 'Number is a short code', category: 'not_mobile', fault: 'recipient', bounceClass: 'hard' },
  21266: { title: 'Sender and recipient are the same', category: 'bad_request', fault: 'sender' },
  21268: { title: 'Premium number', category: 'not_mobile', fault: 'recipient', bounceClass: 'hard' },
  21408: { title: 'Country not enabled for the account', category: 'policy', fault: 'sender' },
  21604: { title: 'No recipient', category: 'bad_request', fault: 'nobody' },
  21608: { title: 'Trial accounts send to verified numbers only', category: 'policy', fault: 'sender' },
  21610: { title: 'Recipient has unsubscribed', category: 'unsubscribed', fault: 'recipient' },
  21612: { title: 'Not from this sender to this number', category: 'policy', fault: 'sender' },
  21614: { title: 'Not a mobile number', category: 'not_mobile', fault: 'recipient', bounceClass: 'hard' },
  21635: { title: 'Landline', category: 'not_mobile', fault: 'recipient', bounceClass: 'hard' },
  // Whom it is from.
  21212: { title: 'Invalid sender', category: 'sender_refused', fault: 'sender' },
  21267: { title: 'Trial accounts have no names as senders', category: 'sender_refused', fault: 'sender' },
  21601: { title: 'Sender takes no part in messaging', category: 'sender_refused', fault: 'sender' },
  21603: { title: 'No sender', category: 'sender_refused', fault: 'sender' },
  21606: { title: 'Sender not capable of messages', category: 'sender_refused', fault: 'sender' },
  21611: { title: 'Queue of the sender is full', category: 'rate_limited', fault: 'sender', retryable: true },
  21657: { title: 'Sender not taken there', category: 'sender_refused', fault: 'sender' },
  21659: { title: "Sender is not one of Twilio's", category: 'sender_refused', fault: 'sender' },
  21660: { title: 'Sender is not of this account', category: 'sender_refused', fault: 'sender' },
  21661: { title: 'Sender not capable of SMS', category: 'sender_refused', fault: 'sender' },
  21701: { title: 'No such messaging service', category: 'sender_refused', fault: 'sender' },
  21705: { title: 'Invalid messaging service', category: 'sender_refused', fault: 'sender' },
  // What it says.
  21602: { title: 'No text', category: 'bad_request', fault: 'content' },
  21605: { title: 'Text too long', category: 'message_too_large', fault: 'content' },
  21609: { title: 'Invalid status callback', category: 'bad_request', fault: 'sender' },
  21617: { title: 'Text too long', category: 'message_too_large', fault: 'content' },
  21619: { title: 'No text', category: 'bad_request', fault: 'content' },
  // What became of it.
  30001: { title: 'Queue overflow', category: 'quota', fault: 'sender' },
  30002: { title: 'Account suspended', category: 'quota', fault: 'sender' },
  30003: { title: 'Handset out of reach', category: 'unreachable', fault: 'recipient', bounceClass: 'soft' },
  30004: { title: 'Blocked', category: 'policy', fault: 'recipient', bounceClass: 'blocked' },
  30005: { title: 'Unknown number', category: 'unknown_mailbox', fault: 'recipient', bounceClass: 'hard' },
  30006: {
    title: 'Landline, or carrier out of reach',
    category: 'not_mobile',
    fault: 'recipient',
    bounceClass: 'hard',
  },
  30007: { title: 'Filtered', category: 'spam', fault: 'content', bounceClass: 'blocked' },
  30008: { title: 'Unknown error', category: 'other', fault: 'nobody', bounceClass: 'undetermined' },
  30019: {
    title: 'Too long for the carrier',
    category: 'message_too_large',
    fault: 'content',
    bounceClass: 'blocked',
  },
  30022: {
    title: 'Too many to this network',
    category: 'rate_limited',
    fault: 'sender',
    bounceClass: 'blocked',
  },
  30023: { title: 'Daily limit of the network', category: 'quota', fault: 'sender', bounceClass: 'blocked' },
  30024: {
    title: 'Sender not provisioned',
    category: 'sender_refused',
    fault: 'sender',
    bounceClass: 'blocked',
  },
  30032: { title: 'Toll-free number not verified', category: 'sender_refused', fault: 'sender' },
  30034: { title: 'Sender not registered', category: 'sender_refused', fault: 'sender' },
  30036: { title: 'Not sent in time', category: 'timeout', fault: 'nobody' },
  30042: { title: 'Sender blocked', category: 'sender_refused', fault: 'sender', bounceClass: 'blocked' },
  30410: { title: 'Carrier did not answer', category: 'timeout', fault: 'network' },
  30450: { title: 'Blocked against fraud', category: 'policy', fault: 'sender' },
  30453: { title: 'Blocked against fraud', category: 'policy', fault: 'sender' },
  30500: { title: "Error of Twilio's", category: 'server_error', fault: 'nobody' },
  63038: { title: 'Daily limit of the account', category: 'quota', fault: 'sender', retryable: true },
};

/** Undefined where we do not know the code. */
export function meaningOf(code: number): ErrorMeaning | undefined {
  return Object.hasOwn(MEANINGS, code) ? MEANINGS[code] : undefined;
}
