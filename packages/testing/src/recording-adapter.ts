import type {
  Adapter,
  Envelope,
  FailureCategory,
  MessageCost,
  Outcome,
  SkeletonPiece,
  Transport,
  TransportFeatures,
} from '@posthorn/core';
import { z } from 'zod';

/** A message as the other side would have got it. */
export interface SentMessage {
  readonly messageId: string;
  readonly tenant: string;
  /** 1 for the first hand-over. */
  readonly attempt: number;
  readonly channel: 'email' | 'sms';
  /** Address or number. */
  readonly from: string;
  readonly fromName: string | null;
  /** Address or number. */
  readonly to: string;
  readonly toName: string | null;
  readonly replyTo: string | null;
  /** Null for an SMS. */
  readonly subject: string | null;
  /** Null where it has no HTML part. */
  readonly html: string | null;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly attachments: readonly { readonly filename: string; readonly content: Uint8Array }[];
  /** What the adapter answered. */
  readonly outcome: Outcome;
}

/** What the other side says, by name; or an outcome of your own. */
export type Answer = AnswerName | Outcome;

/** Outcomes that have a name: `full` and `blocked` are bounces, `unreachable` and `greylisted` are tried again. */
export type AnswerName =
  | 'accepted'
  | 'deferred'
  | 'greylisted'
  | 'unreachable'
  | 'bounced'
  | 'full'
  | 'blocked'
  | 'rejected'
  | 'credentials'
  | 'unknown';

/** An adapter that sends to nobody and remembers everything. */
export interface RecordingAdapter extends Adapter<Record<string, never>> {
  /** What was accepted, oldest first. It grows. */
  readonly sent: readonly SentMessage[];
  /** Everything that was handed over, refused and doubtful ones too, oldest first. It grows. */
  readonly handedOver: readonly SentMessage[];
  /** Answers the next hand-overs to that address (or number) so, one each; afterwards it accepts again. */
  answer(to: string, ...answers: readonly Answer[]): void;
  /** Forgets the answers that were not used: it accepts everything. */
  acceptAll(): void;
}

/** How a recording adapter is made. */
export interface RecordingOptions {
  readonly channel: 'email' | 'sms';
  /** Its key, and that of the platform's account; `test-email` or `test-sms` where nothing is said. */
  readonly key?: string;
  readonly features?: Partial<TransportFeatures>;
  /** What a message costs; without it nothing is paid by the message. */
  readonly estimate?: (message: { readonly to: string; readonly text: string }) => MessageCost;
}

const refused = (category: FailureCategory, code: number, text: string): Outcome => ({
  status: 'refused',
  retryable: true,
  failure: { category, fault: 'nobody', reply: { code, text } },
});

const bounced = (failure: Extract<Outcome, { status: 'refused' }>['failure']): Outcome => ({
  status: 'refused',
  retryable: false,
  failure,
});

const ANSWERS: Readonly<Record<AnswerName, Outcome>> = {
  accepted: { status: 'accepted' },
  deferred: refused('server_error', 451, 'Try again later.'),
  greylisted: refused('greylisted', 450, 'Greylisted, try again later.'),
  unreachable: {
    status: 'refused',
    retryable: true,
    failure: { category: 'connection', fault: 'network', phase: 'connect', reply: { text: 'Port closed.' } },
  },
  bounced: bounced({
    bounceClass: 'hard',
    category: 'unknown_mailbox',
    fault: 'recipient',
    phase: 'rcpt',
    reply: { code: 550, enhanced: '5.1.1', text: 'No such user.' },
  }),
  full: bounced({
    bounceClass: 'soft',
    category: 'mailbox_full',
    fault: 'recipient',
    phase: 'rcpt',
    reply: { code: 552, enhanced: '5.2.2', text: 'Mailbox full.' },
  }),
  blocked: bounced({
    bounceClass: 'blocked',
    category: 'policy',
    fault: 'sender',
    phase: 'rcpt',
    reply: { code: 554, enhanced: '5.7.1', text: 'Not wanted here.' },
  }),
  rejected: bounced({
    category: 'bad_request',
    fault: 'content',
    phase: 'request',
    reply: { code: 400, text: 'Bad request.' },
  }),
  credentials: {
    status: 'refused',
    retryable: true,
    failure: {
      category: 'credentials',
      fault: 'sender',
      phase: 'auth',
      reply: { code: 535, enhanced: '5.7.8', text: 'Wrong user name or password.' },
    },
  },
  unknown: {
    status: 'unknown',
    failure: {
      category: 'timeout',
      fault: 'network',
      phase: 'after_body',
      reply: { text: 'No answer after the data.' },
    },
  },
};

/**
 * An adapter with a platform's account that accepts everything, unless `answer` says otherwise.
 *
 * @example
 * ```ts
 * import { recordingAdapter } from '@posthorn/testing';
 *
 * const email = recordingAdapter({ channel: 'email' });
 * email.answer('anna@example.com', 'greylisted', 'accepted');
 * ```
 */
export function recordingAdapter(options: RecordingOptions): RecordingAdapter {
  return recordInto([], options);
}

/** The same, for several whose accepted messages go into one list as well. */
export function recordInto(
  allSent: SentMessage[],
  { channel, key = `test-${channel}`, features, estimate }: RecordingOptions,
): RecordingAdapter {
  const sent: SentMessage[] = [];
  const handedOver: SentMessage[] = [];
  const script = new Map<string, Answer[]>();

  const hand = (envelope: Envelope): Outcome => {
    const to = envelope.channel === 'email' ? envelope.to.address : envelope.to;
    const answer = script.get(to)?.shift() ?? 'accepted';
    const outcome: Outcome = typeof answer === 'string' ? ANSWERS[answer] : answer;
    const message = { ...sentMessageOf(envelope), outcome };
    handedOver.push(message);
    if (outcome.status === 'accepted') {
      sent.push(message);
      allSent.push(message);
    }
    return outcome;
  };

  return {
    key,
    channel,
    settings: z.object({}),
    secrets: [],
    platform: {},
    sent,
    handedOver,
    answer(to, ...answers) {
      script.set(to, [...(script.get(to) ?? []), ...answers]);
    },
    acceptAll: () => script.clear(),
    open: () => openRecording(hand, features),
    ...(estimate === undefined ? {} : { estimate: (_settings, message) => estimate(message) }),
  };
}

function openRecording(
  hand: (envelope: Envelope) => Outcome,
  features?: Partial<TransportFeatures>,
): Transport {
  return {
    features: { maxBatch: 10, window: 10, attachments: true, reports: 'none', tracking: false, ...features },
    async send(batch, { onOutcome }) {
      for (const envelope of batch) onOutcome(envelope.messageId, hand(envelope));
    },
    verify: async () => ({ ok: true, message: 'It accepts everything.', steps: [] }),
    close: async () => undefined,
  };
}

function sentMessageOf(envelope: Envelope): Omit<SentMessage, 'outcome'> {
  const { messageId, tenant, attempt, slots, skeleton } = envelope;
  const join = (segments: readonly SkeletonPiece[]): string =>
    segments.map((segment) => (typeof segment === 'string' ? segment : (slots[segment] ?? ''))).join('');
  const common = { messageId, tenant, attempt, text: join(skeleton.text) };
  if (envelope.channel === 'sms') {
    const { from, to } = envelope;
    return {
      ...common,
      channel: 'sms',
      from,
      fromName: null,
      to,
      toName: null,
      replyTo: null,
      subject: null,
      html: null,
      headers: {},
      attachments: [],
    };
  }
  const { from, to, replyTo, headers, attachments } = envelope;
  const { subject, html } = envelope.skeleton;
  return {
    ...common,
    channel: 'email',
    from: from.address,
    fromName: from.name ?? null,
    to: to.address,
    toName: to.name ?? null,
    replyTo: replyTo?.address ?? null,
    subject: join(subject),
    html: html === undefined ? null : join(html),
    headers,
    attachments: attachments.map(({ filename, content }) => ({ filename, content })),
  };
}
