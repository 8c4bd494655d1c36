import type {
  BounceClass,
  Channel,
  DeliveryRecord,
  Failure,
  FailureCategory,
  Fault,
  FoldedOutcome,
  Mailbox,
  MessageFlags,
  MessageHead,
  OutcomeName,
  Reply,
  Work,
} from '../ports/index.ts';

/** What is known of a message without opening its content: every live event carries it. */
export interface MessageSummary {
  readonly id: string;
  readonly tenant: string;
  readonly channel: Channel;
  /** The outcome, or the work while there is none. */
  readonly status: OutcomeName | Work;
  /** Where the work on it stands: `done` where nothing more is tried by itself. */
  readonly work: Work;
  /** A code that says why, for outcomes that have one: `no_address`, `suppressed:blocked`, `lease_lost`. */
  readonly reason: string | null;
  /** What the other side answered, where it did not take the message. */
  readonly failure: MessageFailure | null;
  /** What people and machines did with it, as far as it was reported; beside the status, which it does not change. */
  readonly flags: MessageFlagTimes;
  /** How often it has been handed over. */
  readonly attempts: number;
  /** Null for an ad-hoc composition. */
  readonly template: { readonly key: string } | null;
  /** Key of the identity it is from. */
  readonly identity: string | null;
  readonly from: Mailbox;
  readonly to: MessageRecipient;
  /** When it may leave, or will be tried again; null where nothing is planned. */
  readonly dueAt: Date | null;
  /** The host's idempotency key. */
  readonly key: string | null;
  /** The message that this one sends again. */
  readonly resendOf: string | null;
  /** Id of the broadcast it belongs to. */
  readonly broadcast: string | null;
  readonly createdAt: Date;
}

/** When each was reported to have happened first; null where it was not. */
export interface MessageFlagTimes {
  /** By a person, as far as anybody can tell. */
  readonly opened: Date | null;
  /** A person followed a link in it. */
  readonly clicked: Date | null;
  /** By a machine (Apple Mail loads pictures of mail that nobody reads, scanners do): it says nothing about the person. */
  readonly machineOpened: Date | null;
  /** A scanner followed a link: it says nothing about the person. */
  readonly machineClicked: Date | null;
  /** Reported as spam. */
  readonly complained: Date | null;
  /** The last time its recipient unsubscribed through it; null again once they have taken it back. */
  readonly unsubscribed: Date | null;
}

/** Whom a message is to. `source` and `id` are null for a bare address, `address` where the recipient has none. */
export interface MessageRecipient {
  readonly source: string | null;
  readonly id: string | null;
  readonly name: string | null;
  /** Email address or number. */
  readonly address: string | null;
}

/** Why an attempt did not end well, as a value: show `reply` to people, decide by the rest. */
export interface MessageFailure {
  /** Where a mail server judged the message: whether this address can ever work. */
  readonly class: BounceClass | null;
  readonly category: FailureCategory;
  /** Who can do something about it. */
  readonly fault: Fault;
  /** The other side's own words. */
  readonly reply: Reply | null;
}

/** What a summary is made of. */
export interface Summarised {
  readonly message: MessageHead;
  readonly delivery: DeliveryRecord;
}

export function summaryOf({ message, delivery }: Summarised): MessageSummary {
  const outcome = shownOutcome(delivery);
  return {
    id: message.id,
    tenant: message.tenant,
    channel: message.channel,
    status: outcome?.name ?? delivery.work,
    work: delivery.work,
    reason: outcome?.reason ?? null,
    failure: failureOf(outcome?.failure ?? null),
    flags: flagTimesOf(delivery.flags),
    attempts: delivery.attempt,
    template: message.template === null ? null : { key: message.template },
    identity: message.identity,
    from: message.from,
    to: {
      source: message.recipient?.source ?? null,
      id: message.recipient?.id ?? null,
      name: message.toName,
      address: message.address,
    },
    dueAt: delivery.dueAt === null ? null : new Date(delivery.dueAt),
    key: message.key,
    resendOf: message.resendOf,
    broadcast: message.broadcast,
    createdAt: new Date(message.createdAt),
  };
}

/** One that was canceled too late still is being sent, and what that ends with stands. */
export function shownOutcome({
  work,
  outcome,
}: Pick<DeliveryRecord, 'work' | 'outcome'>): FoldedOutcome | null {
  return work === 'sending' && outcome?.name === 'canceled' ? null : outcome;
}

function flagTimesOf(flags: MessageFlags): MessageFlagTimes {
  const { unsubscribed, resubscribed = Number.NEGATIVE_INFINITY } = flags;
  return {
    opened: dateOf(flags.opened),
    clicked: dateOf(flags.clicked),
    machineOpened: dateOf(flags.machine_opened),
    machineClicked: dateOf(flags.machine_clicked),
    complained: dateOf(flags.complained),
    unsubscribed: unsubscribed === undefined || unsubscribed < resubscribed ? null : new Date(unsubscribed),
  };
}

function dateOf(ms: number | undefined): Date | null {
  return ms === undefined ? null : new Date(ms);
}

/** A failure as it is shown. */
export function failureOf(failure: Failure | null): MessageFailure | null {
  if (failure === null) return null;
  return {
    class: failure.bounceClass ?? null,
    category: failure.category,
    fault: failure.fault,
    reply: failure.reply ?? null,
  };
}
