import {
  cleanReply,
  type EmailEnvelope,
  type Envelope,
  type Outcome,
  type SendOptions,
  type Transport,
  type TransportRuntime,
} from '@posthorn/core';
import { createHttpClient } from '@posthorn/http-client';
import { refusalOf } from './check-envelope.ts';
import { composeRequest } from './compose-request.ts';
import { groupEnvelopes, MAX_PERSONALIZATIONS } from './group-envelopes.ts';
import { readAnswer } from './read-answer.ts';
import type { SendGridSettings } from './settings.ts';
import { verifyAccount } from './verify-account.ts';

export { MAX_PERSONALIZATIONS } from './group-envelopes.ts';

/** Documented: a message with its files, and so a request. */
const MAX_REQUEST_BYTES = 30 * 1000 * 1000;
const MAX_CONNECTIONS = 10;
/** Giving up earlier makes doubts: 30 MB take a while on a slow line. */
const REPLY_TIMEOUT_MS = 180_000;

/** One hand-over. */
interface Course {
  readonly signal: AbortSignal;
  tell(envelope: EmailEnvelope, outcome: Outcome): void;
  /** What SendGrid said of the account: it holds for what has not been sent yet. */
  halted?: Outcome;
}

/** An opened SendGrid account. */
export function openSendGridTransport(settings: SendGridSettings, { clock }: TransportRuntime): Transport {
  const client = createHttpClient({
    baseUrl: settings.baseUrl,
    maxConnections: MAX_CONNECTIONS,
    replyTimeoutMs: REPLY_TIMEOUT_MS,
  });
  const headers = headersOf(settings);

  /** Sends a group, and what is left of it once those are out that SendGrid names. */
  async function deliver(group: readonly EmailEnvelope[], course: Course): Promise<void> {
    const { signal, tell } = course;
    // Composing what will not be sent takes seconds where there are large files.
    if (signal.aborted) return tellAll(group, notBegun, course);
    if (course.halted !== undefined) return tellAll(group, course.halted, course);
    const body = composeRequest(group, settings);
    if (body.byteLength > MAX_REQUEST_BYTES) return await deliverHalves(group, tooLarge(body), course);
    const reply = await client.request({ method: 'POST', path: '/v3/mail/send', headers, body, signal });
    if (reply.status === 'failed') return tellAll(group, reply.outcome, course);
    const question = {
      isSandbox: settings.sandbox,
      size: group.length,
      secrets: [settings.apiKey],
      now: clock.now(),
    };
    const verdict = readAnswer(reply, question);
    if (verdict.kind === 'all') {
      if (isOfAccount(verdict.outcome)) course.halted = verdict.outcome;
      return tellAll(group, verdict.outcome, course);
    }
    if (verdict.kind === 'halves') return await deliverHalves(group, verdict.outcome, course);
    const { refused } = verdict;
    for (const [place, outcome] of refused) {
      const envelope = group[place];
      if (envelope !== undefined) tell(envelope, outcome);
    }
    const others = group.filter((_, place) => !refused.has(place));
    if (others.length > 0) await deliver(others, course);
  }

  async function deliverHalves(
    group: readonly EmailEnvelope[],
    outcome: Outcome,
    course: Course,
  ): Promise<void> {
    if (group.length === 1) return tellAll(group, outcome, course);
    const half = Math.ceil(group.length / 2);
    await deliver(group.slice(0, half), course);
    await deliver(group.slice(half), course);
  }

  return {
    features: {
      maxBatch: MAX_PERSONALIZATIONS,
      window: MAX_PERSONALIZATIONS,
      attachments: true,
      reports: 'webhook',
      tracking: true,
    },
    async send(batch: readonly Envelope[], { signal, onOutcome }: SendOptions): Promise<void> {
      const emails: EmailEnvelope[] = [];
      for (const envelope of batch) {
        const refusal = refusalOf(envelope);
        if (refusal !== undefined) onOutcome(envelope.messageId, refusal);
        else if (envelope.channel === 'email') emails.push(envelope);
      }
      const groups = groupEnvelopes(emails).values();
      const course: Course = { signal, tell: ({ messageId }, outcome) => onOutcome(messageId, outcome) };
      // Each lane composes its next request when it can send it: a thousand with files would not fit into memory.
      const lane = async () => {
        for (const group of groups) await deliver(group, course);
      };
      await Promise.all(Array.from({ length: MAX_CONNECTIONS }, lane));
    },
    verify: (options) => verifyAccount(settings, client, headers, options),
    close: () => client.close(),
  };
}

function headersOf({ apiKey, subuser }: SendGridSettings): Readonly<Record<string, string>> {
  return {
    authorization: `Bearer ${apiKey}`,
    'content-type': 'application/json',
    accept: 'application/json',
    ...(subuser === undefined ? {} : { 'on-behalf-of': subuser }),
  };
}

/** The key is wrong, or asks too often: for every other message the answer would be the same. */
function isOfAccount(outcome: Outcome): boolean {
  if (outcome.status !== 'refused') return false;
  const { category } = outcome.failure;
  return category === 'credentials' || category === 'rate_limited';
}

function tellAll(group: readonly EmailEnvelope[], outcome: Outcome, { tell }: Course): void {
  for (const envelope of group) tell(envelope, outcome);
}

const notBegun: Outcome = {
  status: 'refused',
  retryable: true,
  failure: { category: 'other', fault: 'nobody', reply: { text: 'It was stopped before it was sent.' } },
};

function tooLarge({ byteLength }: Buffer): Outcome {
  const text = `The message has ${byteLength} bytes in a request; SendGrid takes ${MAX_REQUEST_BYTES}.`;
  return {
    status: 'refused',
    retryable: false,
    failure: { category: 'message_too_large', fault: 'content', reply: { text: cleanReply(text) } },
  };
}
