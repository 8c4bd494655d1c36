import { type EmailEnvelope, type Envelope, joinPart, type RefusedOutcome } from '@posthorn/core';

/** Fields that SendGrid writes itself; a request that names one is refused as a whole. */
const RESERVED: ReadonlySet<string> = new Set([
  'x-sg-id',
  'x-sg-eid',
  'received',
  'dkim-signature',
  'content-type',
  'content-transfer-encoding',
  'to',
  'from',
  'subject',
  'reply-to',
  'cc',
  'bcc',
]);
/** RFC 5322 section 3.6.8. */
const FIELD_NAME = /^[!-9;-~]+$/;
const LINE_BREAK = /[\r\n]/;

/**
 * Why a message cannot go into a request, where it cannot: one that SendGrid would refuse for it would be refused for all
 * others in it. Anything that would break out of a header is refused too.
 */
export function refusalOf(envelope: Envelope): RefusedOutcome | undefined {
  if (envelope.channel !== 'email') return refused('A SendGrid account sends email only.');
  const problem = problemOf(envelope);
  return problem === undefined ? undefined : refused(problem);
}

function problemOf({ from, to, replyTo, headers, skeleton, slots }: EmailEnvelope): string | undefined {
  for (const mailbox of [from, to, replyTo]) {
    if (mailbox !== undefined && (LINE_BREAK.test(mailbox.name ?? '') || LINE_BREAK.test(mailbox.address)))
      return 'A name or an address holds a line break.';
  }
  for (const name in headers) {
    if (!FIELD_NAME.test(name)) return 'The name of a header field is not one.';
    if (RESERVED.has(name.toLowerCase())) return `SendGrid writes the header field ${name} itself.`;
    if (LINE_BREAK.test(headers[name] ?? '')) return `The header field ${name} holds a line break.`;
  }
  return LINE_BREAK.test(joinPart(skeleton.subject, slots)) ? 'The subject holds a line break.' : undefined;
}

function refused(text: string): RefusedOutcome {
  return {
    status: 'refused',
    retryable: false,
    failure: { category: 'bad_request', fault: 'content', reply: { text } },
  };
}
