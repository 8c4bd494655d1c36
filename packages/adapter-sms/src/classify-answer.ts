import { cleanReply, type Failure, type Outcome, type RefusedOutcome, type Reply } from '@posthorn/core';
import type { HttpReply } from '@posthorn/http-client';
import { type Blame, meaningOf } from './error-codes.ts';

type Answer = Extract<HttpReply, { status: 'answered' }>;

/** Twilio's own words for what is wrong: https://www.twilio.com/docs/usage/twilios-response */
interface ErrorBody {
  readonly code: number;
  readonly message: string;
}

/** Nobody else's key is `sid`, and a quote within a text is escaped. */
const MESSAGE_SID = /"sid"\s*:\s*"((?:SM|MM)[0-9a-fA-F]{32})"/;

/**
 * What an answer to a message means. Twilio counts a message as taken from 201 on; what it says in words of its own is a
 * refusal. Anything else (a proxy's page, a redirect, an error without a reason) leaves open whether it was taken.
 */
export function classifyAnswer(answer: Answer, secrets: readonly string[]): Outcome {
  const { code: status, body } = answer;
  if (status === 201) {
    const providerId = MESSAGE_SID.exec(body)?.[1];
    return { status: 'accepted', ...(providerId === undefined ? {} : { providerId }) };
  }
  const error = readError(answer);
  const reply = replyOf(answer, secrets);
  if (error !== null && status >= 400) return refusal(answer, error, reply);
  if (status === 401 || status === 403 || status === 429) {
    const { category, fault } = byStatus(status);
    return wait({ category, fault, reply }, answer);
  }
  const category = status >= 500 ? 'server_error' : 'protocol';
  return { status: 'unknown', failure: { category, fault: 'nobody', phase: 'after_body', reply } };
}

/**
 * Twilio's own error body, or null. Gateways on the way speak JSON as well, with codes of their own (`503`, or 4 for gRPC),
 * and what they say leaves open whether the message arrived behind them: Twilio's have five digits.
 */
function readError({ code: answered, body }: Pick<Answer, 'code' | 'body'>): ErrorBody | null {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed !== 'object' || parsed === null) return null;
    const { code, message, status = answered } = parsed as Partial<Record<string, unknown>>;
    if (typeof code !== 'number' || !/^\d{5}$/.test(String(code)) || status !== answered) return null;
    return { code, message: typeof message === 'string' ? message : '' };
  } catch {
    return null;
  }
}

/** Its words, or what stands for them. */
export function replyOf(answer: Pick<Answer, 'code' | 'body'>, secrets: readonly string[]): Reply {
  const { code, body } = answer;
  const error = readError(answer);
  const said = error === null ? body : `${error.message} (Twilio error ${error.code})`;
  return { code, text: cleanReply(said, secrets) || `Twilio answered ${code}.` };
}

function refusal(answer: Answer, { code }: ErrorBody, reply: Reply): RefusedOutcome {
  const { category, fault, retryable } = meaningOf(code) ?? byStatus(answer.code);
  const failure: Failure = { category, fault, reply };
  if (retryable === true || answer.code === 429 || answer.code >= 500) return wait(failure, answer);
  return { status: 'refused', retryable: false, failure };
}

function byStatus(status: number): Blame {
  if (status === 401 || status === 403) return { category: 'credentials', fault: 'sender', retryable: true };
  if (status === 429) return { category: 'rate_limited', fault: 'sender' };
  if (status >= 500) return { category: 'server_error', fault: 'nobody' };
  return { category: 'bad_request', fault: 'sender' };
}

function wait(failure: Failure, { headers }: Answer): RefusedOutcome {
  const retryAfterMs = retryAfter(headers['retry-after']);
  const hint = retryAfterMs === undefined ? {} : { retryAfterMs };
  return { status: 'refused', retryable: true, ...hint, failure };
}

const LONGEST_WAIT_S = 86_400;

/** In ms. Seconds only: a date would need a clock, and Twilio sends none. */
function retryAfter(header: string | undefined): number | undefined {
  if (header === undefined || !/^\d{1,9}$/.test(header)) return undefined;
  return Math.min(Number(header), LONGEST_WAIT_S) * 1000;
}
