/**
 * What a transport says of one envelope. A failure is a value with a class, never a string to search in.
 *
 * - `accepted`: the next server has taken it and answers for it.
 * - `refused`: certainly not sent.
 * - `unknown`: it may have been sent (time-out or cut after the data); never retried by itself.
 */
export type Outcome = AcceptedOutcome | RefusedOutcome | UnknownOutcome;

export interface AcceptedOutcome {
  readonly status: 'accepted';
  /** The provider's own id of the message, where it names one. */
  readonly providerId?: string;
  readonly reply?: Reply;
}

export interface RefusedOutcome {
  readonly status: 'refused';
  /** Whether the same attempt may succeed later. */
  readonly retryable: boolean;
  /** The provider's own wish for the next attempt (`Retry-After`), in ms. */
  readonly retryAfterMs?: number;
  readonly failure: Failure;
}

export interface UnknownOutcome {
  readonly status: 'unknown';
  readonly failure: Failure;
}

/** Why an attempt did not end well. */
export interface Failure {
  /**
   * Set where a mail server judged the message (SMTP 5xx from MAIL to the end of DATA, DSN, webhook): the outcome is then
   * `bounced`. Absent where an HTTP provider refuses the request itself: `rejected`.
   */
  readonly bounceClass?: BounceClass;
  readonly category: FailureCategory;
  readonly fault: Fault;
  readonly phase?: DeliveryPhase;
  readonly reply?: Reply;
}

/** The words of the other side. Control characters are replaced; at most 1,000 characters; never a secret. */
export interface Reply {
  /** SMTP reply code or HTTP status. */
  readonly code?: number;
  /** RFC 3463: `5.1.1`. */
  readonly enhanced?: string;
  readonly text: string;
}

/**
 * - `hard`: this address will not work.
 * - `soft`: it may work another day.
 * - `blocked`: the receiving side does not want it from us.
 */
export type BounceClass = 'hard' | 'soft' | 'blocked' | 'undetermined';

/** Who can do something about it. */
export type Fault = 'recipient' | 'sender' | 'content' | 'network' | 'nobody';

export type DeliveryPhase =
  | 'resolve'
  | 'connect'
  | 'greeting'
  | 'tls'
  | 'auth'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'body'
  | 'after_body'
  | 'request';

export type FailureCategory =
  | 'unknown_mailbox'
  | 'unknown_domain'
  | 'mailbox_disabled'
  | 'mailbox_moved'
  | 'mailbox_full'
  | 'invalid_address'
  /** A landline, or a number that takes no text messages. */
  | 'not_mobile'
  /** Switched off, or out of reach. */
  | 'unreachable'
  /** The recipient wants nothing more from this sender. */
  | 'unsubscribed'
  /** The provider writes to the address no more, as earlier messages came back or were reported as spam. */
  | 'suppressed'
  | 'message_too_large'
  | 'content_refused'
  | 'spam'
  | 'policy'
  | 'reputation'
  | 'authentication_failed'
  | 'sender_refused'
  | 'relay_denied'
  | 'rate_limited'
  | 'greylisted'
  | 'quota'
  | 'credentials'
  | 'name_resolution'
  | 'connection'
  | 'tls'
  | 'timeout'
  | 'server_error'
  | 'routing_loop'
  | 'protocol'
  | 'bad_request'
  | 'other';
