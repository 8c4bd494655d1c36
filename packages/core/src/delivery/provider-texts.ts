import type { DeliveryPhase } from '../ports/index.ts';
import type { Judgement } from './enhanced-codes.ts';

/** A phrase that a widespread server is known to answer with. */
interface KnownText {
  /** Lower case, as a part of the reply. */
  readonly says: string;
  /** First digit of the reply code. */
  readonly status: 4 | 5;
  readonly phases?: readonly DeliveryPhase[];
  readonly means: Judgement;
  /** Which software or provider says so. */
  readonly source: string;
}

const SENDER_REFUSED: Judgement = { bounceClass: 'blocked', category: 'sender_refused', fault: 'sender' };
const RELAY_DENIED: Judgement = { bounceClass: 'blocked', category: 'relay_denied', fault: 'sender' };
const REPUTATION: Judgement = { bounceClass: 'blocked', category: 'reputation', fault: 'sender' };
const SPAM: Judgement = { bounceClass: 'blocked', category: 'spam', fault: 'content' };
const GREYLISTED: Judgement = { bounceClass: 'soft', category: 'greylisted', fault: 'nobody' };
const UNKNOWN_MAILBOX: Judgement = { bounceClass: 'hard', category: 'unknown_mailbox', fault: 'recipient' };

/**
 * Phrases that are believed before any code: the codes beside them are known to blame the wrong side. None of them
 * blames the recipient.
 */
const BEFORE_CODES: readonly KnownText[] = [
  {
    says: 'sender address rejected',
    status: 5,
    means: SENDER_REFUSED,
    source: 'Postfix; with smtpd_delay_reject at RCPT, and with the codes of an unknown mailbox',
  },
  { says: 'sender verify failed', status: 5, means: SENDER_REFUSED, source: 'Exim, quoting the call-out' },
  {
    says: 'relay access denied',
    status: 5,
    means: RELAY_DENIED,
    source: 'Postfix, reject_unauth_destination (5.7.1)',
  },
  { says: 'relaying denied', status: 5, means: RELAY_DENIED, source: 'Sendmail (5.7.1)' },
  { says: 'relay not permitted', status: 5, means: RELAY_DENIED, source: 'Exim, default configuration' },
  { says: 'unable to relay', status: 5, means: RELAY_DENIED, source: 'Microsoft Exchange (5.7.1, 5.7.54)' },
  {
    says: 'list of allowed rcpthosts',
    status: 5,
    means: RELAY_DENIED,
    source: 'qmail, 553 without a status code',
  },
  {
    says: 'recipient address rejected: access denied',
    status: 5,
    means: { bounceClass: 'undetermined', category: 'policy', fault: 'nobody' },
    source: 'Exchange Online, directory-based edge blocking (5.4.1): an unknown mailbox or a closed one',
  },
  {
    says: 'potential security issue',
    status: 5,
    means: { bounceClass: 'blocked', category: 'content_refused', fault: 'content' },
    source: 'Gmail, 552 5.7.0 for attachments',
  },
  { says: 'blocked using', status: 5, means: REPUTATION, source: 'Postfix, reject_rbl_client' },
  { says: 'blocked using', status: 4, means: REPUTATION, source: 'Postfix, reject_rbl_client with defer' },
  {
    says: 'part of their network is on our block list',
    status: 5,
    means: REPUTATION,
    source: 'Outlook.com S3140, S3150',
  },
  { says: 'likely unsolicited mail', status: 5, means: SPAM, source: 'Gmail, 550 5.7.1' },
  { says: 'detected as spam', status: 5, means: SPAM, source: 'rspamd and Proofpoint defaults' },
  { says: 'greylist', status: 4, means: GREYLISTED, source: 'postgrey, rspamd, milter-greylist' },
  { says: 'graylist', status: 4, means: GREYLISTED, source: 'cPanel' },
];

/**
 * Phrases of servers that give no enhanced code (or a vague one). Only as the answer to the recipient, or after the data
 * where that provider judges there.
 */
const WITHOUT_CODES: readonly KnownText[] = [
  {
    says: 'no such user here',
    status: 5,
    phases: ['rcpt'],
    means: UNKNOWN_MAILBOX,
    source: 'Exim as cPanel configures it',
  },
  {
    says: 'user unknown in local recipient table',
    status: 5,
    phases: ['rcpt'],
    means: UNKNOWN_MAILBOX,
    source: 'Postfix',
  },
  {
    says: 'user unknown in virtual mailbox table',
    status: 5,
    phases: ['rcpt'],
    means: UNKNOWN_MAILBOX,
    source: 'Postfix',
  },
  {
    says: 'sorry, no mailbox here by that name',
    status: 5,
    phases: ['rcpt', 'after_body'],
    means: UNKNOWN_MAILBOX,
    source: 'vpopmail',
  },
  {
    says: "this user doesn't have a yahoo.com account",
    status: 5,
    phases: ['rcpt', 'after_body'],
    means: UNKNOWN_MAILBOX,
    source: 'Yahoo, 554 delivery error: dd',
  },
];

/** What the text says against its codes. `text` in lower case. */
export function judgeTextBeforeCodes(text: string, status: 4 | 5): Judgement | undefined {
  return BEFORE_CODES.find((known) => known.status === status && text.includes(known.says))?.means;
}

/** What the text says where codes are missing or vague. `text` in lower case. */
export function judgeTextWithoutCodes(
  text: string,
  status: 4 | 5,
  phase: DeliveryPhase,
): Judgement | undefined {
  return WITHOUT_CODES.find(
    (known) =>
      known.status === status && known.phases?.includes(phase) !== false && text.includes(known.says),
  )?.means;
}
