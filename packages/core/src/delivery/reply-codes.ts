import type { DeliveryPhase } from '../ports/index.ts';
import type { Judgement } from './enhanced-codes.ts';

type Row = readonly [
  codes: readonly number[],
  phases: readonly DeliveryPhase[] | 'any',
  Judgement['bounceClass'],
  Judgement['category'],
  Judgement['fault'],
];

/** Once the server knows the recipient. */
const OF_RECIPIENT: readonly DeliveryPhase[] = ['rcpt'];
const OF_MESSAGE: readonly DeliveryPhase[] = ['mail', 'data', 'body', 'after_body'];

/**
 * What a three-digit reply says by itself (RFC 5321 sections 4.2.2 and 4.3.2, RFC 1870 for sizes, RFC 4954 for
 * authentication, RFC 7504 for 521 and 556). First match wins. None is `hard` and the recipient's fault: a bare 550 is
 * "not found, no access, or policy".
 */
const ROWS: readonly Row[] = [
  [[421], 'any', 'soft', 'server_error', 'nobody'],
  [[432], ['auth'], 'blocked', 'credentials', 'sender'],
  [[530, 534, 535, 538], 'any', 'blocked', 'policy', 'sender'],
  [[450], OF_RECIPIENT, 'soft', 'other', 'recipient'],
  [[451, 450, 454, 455], 'any', 'soft', 'server_error', 'nobody'],
  [[452], 'any', 'soft', 'quota', 'nobody'],
  [[500, 501, 502, 503, 504, 555], 'any', 'undetermined', 'protocol', 'nobody'],
  [[521], 'any', 'undetermined', 'policy', 'nobody'],
  [[556], OF_RECIPIENT, 'undetermined', 'unknown_domain', 'recipient'],
  [[550, 551, 553], ['mail'], 'blocked', 'sender_refused', 'sender'],
  [[550], OF_RECIPIENT, 'undetermined', 'other', 'nobody'],
  [[550], 'any', 'blocked', 'policy', 'sender'],
  [[551], 'any', 'undetermined', 'mailbox_moved', 'recipient'],
  [[552], OF_RECIPIENT, 'soft', 'mailbox_full', 'recipient'],
  [[552], OF_MESSAGE, 'soft', 'message_too_large', 'content'],
  [[553], 'any', 'undetermined', 'invalid_address', 'nobody'],
  [[554], ['mail'], 'blocked', 'sender_refused', 'sender'],
];

const UNCLEAR: Judgement = { bounceClass: 'undetermined', category: 'other', fault: 'nobody' };
const UNCLEAR_TEMPORARY: Judgement = { bounceClass: 'soft', category: 'server_error', fault: 'nobody' };

/** The meaning of a bare reply code in its place. */
export function judgeReplyCode(code: number, phase: DeliveryPhase): Judgement {
  const row = ROWS.find(
    ([codes, phases]) => codes.includes(code) && (phases === 'any' || phases.includes(phase)),
  );
  if (row === undefined) return code < 500 ? UNCLEAR_TEMPORARY : UNCLEAR;
  const [, , bounceClass, category, fault] = row;
  return { bounceClass, category, fault };
}
