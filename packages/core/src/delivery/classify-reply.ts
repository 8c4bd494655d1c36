import type { DeliveryPhase, Failure, Outcome, RefusedOutcome, Reply } from '../ports/index.ts';
import { type Judgement, judgeEnhancedCode } from './enhanced-codes.ts';
import { judgeTextBeforeCodes, judgeTextWithoutCodes } from './provider-texts.ts';
import { cleanReply } from './reply.ts';
import { judgeReplyCode } from './reply-codes.ts';

/** An SMTP reply and what it answers. */
export interface ReplyToClassify extends Reply {
  /** What the server answered to; `body` and `after_body` once it may have the message. */
  readonly phase: Exclude<DeliveryPhase, 'request'>;
}

/** From MAIL to the end of the data the server judges this message; before that, us or the connection. */
const OF_THE_MESSAGE: ReadonlySet<DeliveryPhase> = new Set(['mail', 'rcpt', 'data', 'body', 'after_body']);
const SENDER_REFUSED: Judgement = { bounceClass: 'blocked', category: 'sender_refused', fault: 'sender' };
const CREDENTIALS: Judgement = { bounceClass: 'blocked', category: 'credentials', fault: 'sender' };
const SERVER_ERROR = { category: 'server_error', fault: 'nobody' } as const;
/** RFC 4954 section 6: the server wants another login, or one at all. */
const LOGIN_REQUIRED: ReadonlySet<number> = new Set([530, 534, 535, 538]);
/** The session was out of step, not the message (RFC 5321 section 4.1.4): a new connection may take it. */
const WRONG_STATE = 503;
const ENHANCED_CODE = /^[245]\.\d{1,3}\.\d{1,3}$/;

/**
 * What an SMTP reply means for the message. Looked at in this order: texts known to blame the wrong side, the enhanced
 * code (RFC 3463), texts of servers without one, the reply code (RFC 5321). In doubt nobody's address is to blame:
 * `hard` with the recipient's fault comes only from a code (or a known text) that can mean nothing else.
 *
 * 4yz is `refused` and retryable; 5yz from MAIL to the end of the data is a bounce; before that it concerns the account
 * or the connection and stays retryable. Wrong credentials have the category `credentials`.
 *
 * @example
 * ```ts
 * import { classifyReply } from '@posthorn/core';
 *
 * const outcome = classifyReply({ code: 550, enhanced: '5.1.1', text: 'No such user', phase: 'rcpt' });
 * outcome.status === 'refused' && outcome.failure.bounceClass; // 'hard'
 * ```
 */
export function classifyReply(input: ReplyToClassify): Outcome {
  const { phase } = input;
  const reply = tidy(input);
  const status = statusOf(reply);
  if (status === 2 && phase === 'after_body') return { status: 'accepted', reply };
  if (status !== 4 && status !== 5) return unreadable(phase, reply);

  const { bounceClass, ...blame } = judge(reply, status, phase);
  const ofTheMessage =
    OF_THE_MESSAGE.has(phase) && blame.category !== 'credentials' && reply.code !== WRONG_STATE;
  if (status === 4 || !ofTheMessage) {
    return refused(true, { ...blame, phase, reply });
  }
  return refused(false, { bounceClass, ...blame, phase, reply });
}

function tidy({ code, enhanced, text }: ReplyToClassify): Reply {
  return {
    ...(code !== undefined && Number.isInteger(code) ? { code } : {}),
    ...(enhanced !== undefined && ENHANCED_CODE.test(enhanced) ? { enhanced } : {}),
    text: cleanReply(text),
  };
}

/** The first digit. The reply code decides where both are there (RFC 3463 section 2 wants them to agree). */
function statusOf({ code, enhanced }: Reply): number {
  if (code !== undefined) return Math.floor(code / 100);
  return enhanced === undefined ? 0 : Number(enhanced[0]);
}

function judge(reply: Reply, status: 4 | 5, phase: DeliveryPhase): Judgement {
  const text = reply.text.toLowerCase();
  const judgement = judgeTextBeforeCodes(text, status) ?? judgeCodes(reply, text, status, phase);
  return inItsPlace(judgement, reply, status, phase);
}

function judgeCodes({ code, enhanced }: Reply, text: string, status: 4 | 5, phase: DeliveryPhase): Judgement {
  const judgement =
    (enhanced === undefined ? undefined : judgeEnhancedCode(enhanced, status === 4)) ??
    judgeTextWithoutCodes(text, status, phase) ??
    judgeReplyCode(code ?? status * 100, phase);
  const agree = enhanced === undefined || enhanced.startsWith(String(status));
  return agree ? judgement : { ...judgement, bounceClass: 'undetermined' };
}

/** The same words mean something else before the server has heard of the recipient, and before it has heard of us. */
function inItsPlace(judgement: Judgement, { code }: Reply, status: 4 | 5, phase: DeliveryPhase): Judgement {
  const { category, fault } = judgement;
  if (phase === 'auth') {
    return status === 5 || category === 'credentials' ? CREDENTIALS : { ...judgement, ...SERVER_ERROR };
  }
  if (phase === 'mail') {
    if (code !== undefined && LOGIN_REQUIRED.has(code)) return CREDENTIALS;
    return fault === 'recipient' || category === 'policy' ? SENDER_REFUSED : judgement;
  }
  if (phase === 'tls') return { ...judgement, category: 'tls', fault: 'network' };
  if (category === 'credentials') return { ...judgement, category: 'policy' };
  if (fault === 'recipient' && !OF_THE_MESSAGE.has(phase)) return { ...judgement, ...SERVER_ERROR };
  return judgement;
}

/** Not an answer to anything: before the data nothing was sent, after them nobody knows. */
function unreadable(phase: DeliveryPhase, reply: Reply): Outcome {
  const failure: Failure = { category: 'protocol', fault: 'nobody', phase, reply };
  return phase === 'body' || phase === 'after_body' ? { status: 'unknown', failure } : refused(true, failure);
}

function refused(retryable: boolean, failure: Failure): RefusedOutcome {
  return { status: 'refused', retryable, failure };
}
