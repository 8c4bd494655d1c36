import {
  type BounceClass,
  classifyReply,
  type Failure,
  type FailureCategory,
  type Fault,
  parseReply,
  type Reply,
} from '@posthorn/core';
import type { RawEvent } from './raw-event.ts';

interface Judgement {
  readonly bounceClass: BounceClass;
  readonly category: FailureCategory;
  readonly fault: Fault;
}

/** What SendGrid makes of the receiving server's words: its `bounce_classification`. */
const CLASSIFICATIONS: ReadonlyMap<unknown, Judgement> = new Map<unknown, Judgement>([
  ['invalid address', { bounceClass: 'hard', category: 'unknown_mailbox', fault: 'recipient' }],
  ['mailbox unavailable', { bounceClass: 'soft', category: 'mailbox_full', fault: 'recipient' }],
  ['reputation', { bounceClass: 'blocked', category: 'reputation', fault: 'sender' }],
  ['content', { bounceClass: 'blocked', category: 'content_refused', fault: 'content' }],
  ['frequency or volume too high', { bounceClass: 'blocked', category: 'rate_limited', fault: 'sender' }],
  ['technical failure', { bounceClass: 'soft', category: 'server_error', fault: 'nobody' }],
]);

/** What SendGrid says by `type` alone. What it calls a bounce it will write to no more. */
const TYPES: ReadonlyMap<unknown, Judgement> = new Map<unknown, Judgement>([
  ['bounce', { bounceClass: 'hard', category: 'other', fault: 'recipient' }],
  ['blocked', { bounceClass: 'blocked', category: 'policy', fault: 'nobody' }],
  ['expired', { bounceClass: 'soft', category: 'timeout', fault: 'network' }],
]);

const DEAD_DOMAIN: Judgement = { bounceClass: 'hard', category: 'unknown_domain', fault: 'recipient' };
const UNCLEAR: Judgement = { bounceClass: 'undetermined', category: 'other', fault: 'nobody' };
/** SendGrid finds no mail server for the domain, and calls that "blocked". */
const NO_MAIL_SERVER = /unable to get mx info/i;
/** Refusals of the moment; others of a 4xx are somebody's decision. */
const DECISIONS: ReadonlySet<FailureCategory> = new Set(['policy', 'reputation', 'spam', 'content_refused']);

/**
 * Why the receiving side did not take a message. Looked at in this order: that there is no mail server; what the server said,
 * where that is clear; what SendGrid makes of it; what SendGrid did.
 */
export function bounceFailure(event: RawEvent): Failure {
  const reply = replyOf(event.reason, event.status);
  const judgement = judge(event, reply);
  return { ...judgement, ...(reply === undefined ? {} : { reply }) };
}

/** Why the receiving side wants to be asked again later. */
export function deferralFailure(event: RawEvent): Failure {
  const reply = replyOf(event.response ?? event.reason, event.status);
  const blame = reply === undefined ? undefined : blameOf(reply);
  const { category, fault } = blame ?? { category: 'server_error', fault: 'nobody' };
  return { category, fault, ...(reply === undefined ? {} : { reply }) };
}

function judge(event: RawEvent, reply: Reply | undefined): Judgement {
  if (NO_MAIL_SERVER.test(reply?.text ?? '')) return DEAD_DOMAIN;
  const said = reply === undefined ? undefined : blameOf(reply);
  if (said !== undefined && isClear(said)) return said;
  const classification = event.bounce_classification;
  const made = CLASSIFICATIONS.get(typeof classification === 'string' ? classification.toLowerCase() : '');
  const done = TYPES.get(event.type);
  if (made === undefined) return done ?? said ?? UNCLEAR;
  // What is only blocked may be let in another day.
  return made.bounceClass === 'hard' && event.type === 'blocked'
    ? { ...made, bounceClass: 'undetermined' }
    : made;
}

/** What the server's words mean by themselves. */
function blameOf(reply: Reply): Judgement | undefined {
  if (reply.code === undefined && reply.enhanced === undefined) return undefined;
  const outcome = classifyReply({ ...reply, phase: 'rcpt' });
  if (outcome.status === 'accepted') return undefined;
  const { bounceClass, category, fault } = outcome.failure;
  return { bounceClass: bounceClass ?? (DECISIONS.has(category) ? 'blocked' : 'soft'), category, fault };
}

function isClear({ bounceClass, category }: Judgement): boolean {
  return bounceClass !== 'undetermined' && category !== 'other' && category !== 'server_error';
}

/** SendGrid leaves `status` out at times, and writes 5.0.0 where it knows none. */
function replyOf(words: unknown, status: unknown): Reply | undefined {
  const reply = typeof words === 'string' ? parseReply(words) : undefined;
  const enhanced =
    typeof status === 'string' && /^[245]\.\d{1,3}\.\d{1,3}$/.test(status) ? status : undefined;
  if (reply === undefined && enhanced === undefined) return undefined;
  return {
    ...(enhanced === undefined ? {} : { enhanced }),
    text: '',
    ...reply,
  };
}
