import type { BounceClass, FailureCategory, Fault } from '../ports/index.ts';

/** What a mail server's refusal means. `bounceClass` counts only where the refusal is for good. */
export interface Judgement {
  readonly bounceClass: BounceClass;
  readonly category: FailureCategory;
  readonly fault: Fault;
}

type Row = readonly [detail: string, BounceClass, FailureCategory, Fault];

/**
 * The subject and detail of an enhanced status code, without its class: RFC 3463 section 3 and the IANA registry
 * "SMTP Enhanced Status Codes" (https://www.iana.org/assignments/smtp-enhanced-status-codes). `hard` together with
 * `recipient` marks an address as invalid, so only codes that can mean nothing else say so. The vague ones (`x.0`) are
 * not here: the reply code says more.
 */
const ROWS: readonly Row[] = [
  ['1.1', 'hard', 'unknown_mailbox', 'recipient'],
  ['1.2', 'hard', 'unknown_domain', 'recipient'],
  ['1.3', 'hard', 'invalid_address', 'recipient'],
  ['1.4', 'undetermined', 'invalid_address', 'recipient'],
  ['1.6', 'hard', 'mailbox_moved', 'recipient'],
  ['1.7', 'blocked', 'sender_refused', 'sender'],
  ['1.8', 'blocked', 'sender_refused', 'sender'],
  ['1.9', 'undetermined', 'protocol', 'nobody'],
  ['1.10', 'hard', 'unknown_domain', 'recipient'],
  ['2.1', 'soft', 'mailbox_disabled', 'recipient'],
  ['2.2', 'soft', 'mailbox_full', 'recipient'],
  ['2.3', 'soft', 'message_too_large', 'content'],
  ['2.4', 'undetermined', 'other', 'recipient'],
  ['3.1', 'soft', 'quota', 'nobody'],
  ['3.2', 'soft', 'server_error', 'nobody'],
  ['3.3', 'undetermined', 'protocol', 'nobody'],
  ['3.4', 'soft', 'message_too_large', 'content'],
  ['3.5', 'soft', 'server_error', 'nobody'],
  ['4.1', 'soft', 'connection', 'network'],
  ['4.2', 'soft', 'connection', 'network'],
  ['4.3', 'soft', 'name_resolution', 'network'],
  ['4.4', 'undetermined', 'name_resolution', 'network'],
  ['4.5', 'soft', 'server_error', 'nobody'],
  ['4.6', 'undetermined', 'routing_loop', 'nobody'],
  ['4.7', 'soft', 'timeout', 'network'],
  ['5.1', 'undetermined', 'protocol', 'nobody'],
  ['5.2', 'undetermined', 'protocol', 'nobody'],
  ['5.3', 'soft', 'rate_limited', 'sender'],
  ['5.4', 'undetermined', 'protocol', 'nobody'],
  ['5.5', 'undetermined', 'protocol', 'nobody'],
  ['5.6', 'undetermined', 'protocol', 'nobody'],
  ['6.1', 'blocked', 'content_refused', 'content'],
  ['6.2', 'blocked', 'content_refused', 'content'],
  ['6.3', 'blocked', 'content_refused', 'content'],
  ['6.4', 'blocked', 'content_refused', 'content'],
  ['6.5', 'blocked', 'content_refused', 'content'],
  ['6.6', 'blocked', 'content_refused', 'content'],
  ['6.7', 'undetermined', 'invalid_address', 'nobody'],
  ['6.8', 'undetermined', 'protocol', 'nobody'],
  ['6.9', 'blocked', 'content_refused', 'content'],
  ['6.10', 'undetermined', 'protocol', 'nobody'],
  ['7.1', 'blocked', 'policy', 'sender'],
  ['7.2', 'blocked', 'policy', 'sender'],
  ['7.3', 'undetermined', 'policy', 'nobody'],
  ['7.4', 'undetermined', 'policy', 'nobody'],
  ['7.5', 'undetermined', 'policy', 'nobody'],
  ['7.6', 'undetermined', 'policy', 'nobody'],
  ['7.7', 'blocked', 'authentication_failed', 'sender'],
  ['7.8', 'blocked', 'credentials', 'sender'],
  ['7.9', 'blocked', 'credentials', 'sender'],
  ['7.10', 'blocked', 'tls', 'sender'],
  ['7.11', 'blocked', 'tls', 'sender'],
  ['7.12', 'blocked', 'credentials', 'sender'],
  ['7.13', 'blocked', 'credentials', 'sender'],
  ['7.14', 'blocked', 'policy', 'sender'],
  ['7.15', 'soft', 'policy', 'nobody'],
  ['7.16', 'soft', 'message_too_large', 'content'],
  ['7.17', 'undetermined', 'policy', 'recipient'],
  ['7.18', 'undetermined', 'policy', 'recipient'],
  ['7.19', 'undetermined', 'policy', 'nobody'],
  ['7.20', 'blocked', 'authentication_failed', 'sender'],
  ['7.21', 'blocked', 'authentication_failed', 'sender'],
  ['7.22', 'blocked', 'authentication_failed', 'sender'],
  ['7.23', 'blocked', 'authentication_failed', 'sender'],
  ['7.24', 'blocked', 'authentication_failed', 'sender'],
  ['7.25', 'blocked', 'authentication_failed', 'sender'],
  ['7.26', 'blocked', 'authentication_failed', 'sender'],
  ['7.27', 'blocked', 'sender_refused', 'sender'],
  ['7.28', 'blocked', 'rate_limited', 'sender'],
  ['7.29', 'blocked', 'authentication_failed', 'sender'],
  ['7.30', 'undetermined', 'policy', 'nobody'],
];

/**
 * Where the same detail means something else while it is temporary (4.x.x): `4.7.1` is what greylisting answers (RFC 6647
 * section 2.1 and the milters' defaults), `4.7.0` is how large receivers throttle.
 */
const TEMPORARY_ROWS: readonly Row[] = [
  ['7.0', 'soft', 'rate_limited', 'sender'],
  ['7.1', 'soft', 'greylisted', 'nobody'],
];

/** Subjects alone, for details that are not in the registry yet. */
const SUBJECT_ROWS: readonly Row[] = [
  ['4', 'undetermined', 'connection', 'network'],
  ['5', 'undetermined', 'protocol', 'nobody'],
  ['6', 'blocked', 'content_refused', 'content'],
  ['7', 'blocked', 'policy', 'sender'],
];

const DETAILS = index(ROWS);
const TEMPORARY_DETAILS = index(TEMPORARY_ROWS);
const SUBJECTS = index(SUBJECT_ROWS);

/** The meaning of `x.y.z`, or undefined where it says no more than the reply code does. */
export function judgeEnhancedCode(enhanced: string, temporary: boolean): Judgement | undefined {
  const [, subject = '', detail = ''] = enhanced.split('.');
  const key = `${subject}.${detail}`;
  const precise = (temporary ? TEMPORARY_DETAILS.get(key) : undefined) ?? DETAILS.get(key);
  if (precise !== undefined) return precise;
  return detail === '0' && subject !== '7' ? undefined : SUBJECTS.get(subject);
}

function index(rows: readonly Row[]): ReadonlyMap<string, Judgement> {
  return new Map(
    rows.map(([detail, bounceClass, category, fault]) => [detail, { bounceClass, category, fault }]),
  );
}
