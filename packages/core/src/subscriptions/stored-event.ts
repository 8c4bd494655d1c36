import {
  type AddressUnsubscribedEvent,
  bounceOf,
  type LiveEventMap,
  type MessageEvent,
  summaryOf,
  urlOf,
} from '../events/index.ts';
import type { FedEvent, FedType, MarkFact, MessageFact } from '../ports/index.ts';

/** Events that can be subscribed to, with what each is called in the store. */
const FED_TYPES = {
  'message.skipped': 'skipped',
  'message.canceled': 'canceled',
  'message.expired': 'expired',
  'message.accepted': 'accepted',
  'message.deferred': 'deferred',
  'message.delivered': 'delivered',
  'message.bounced': 'bounced',
  'message.rejected': 'rejected',
  'message.failed': 'failed',
  'message.unknown': 'unknown',
  'message.requeued': 'requeued',
  'message.opened': 'opened',
  'message.clicked': 'clicked',
  'message.complained': 'complained',
  'address.unsubscribed': 'address.unsubscribed',
  'address.resubscribed': 'address.resubscribed',
} as const satisfies { readonly [Name in keyof LiveEventMap]?: FedType };

/** The name of an event that can be subscribed to: it is stored, so it survives a restart. */
export type StoredEventName = keyof typeof FED_TYPES;

/** What a handler of `subscribe` is given: what a listener of `on` is, and the event's own id and type. */
export type StoredEvent<Name extends StoredEventName = StoredEventName> = {
  readonly [N in Name]: LiveEventMap[N] & {
    /** The same whenever this event is given again: a handler that must not do something twice remembers it. */
    readonly id: string;
    readonly type: N;
  };
}[Name];

export const STORED_EVENT_NAMES = Object.keys(FED_TYPES) as readonly StoredEventName[];

export function fedTypesOf(names: readonly StoredEventName[]): readonly FedType[] {
  return names.map((name) => FED_TYPES[name]);
}

export function namesOf(types: readonly FedType[]): readonly StoredEventName[] {
  return STORED_EVENT_NAMES.filter((name) => types.includes(FED_TYPES[name]));
}

/** Null where what it tells of is not there any more. */
export function storedEventOf({ type: fedType, fact }: FedEvent): StoredEvent | null {
  const type = STORED_EVENT_NAMES.find((name) => FED_TYPES[name] === fedType);
  if (type === undefined || fact === null) return null;
  const told = 'mark' in fact ? toldOfAddress(fact, type) : toldOfMessage(fact, type);
  // What is told belongs to the type: both follow from the fact.
  return { type, ...told } as StoredEvent;
}

function toldOfMessage({ event, message, delivery }: MessageFact, type: StoredEventName) {
  const told: MessageEvent & { readonly id: string } = {
    id: event.id,
    tenant: event.tenant,
    message: summaryOf({ message, delivery }),
    at: new Date(event.occurredAt),
  };
  if (type === 'message.bounced') return { ...told, bounce: bounceOf(event) };
  if (type === 'message.clicked') return { ...told, url: urlOf(event) };
  return told;
}

function toldOfAddress(
  { mark }: MarkFact,
  type: StoredEventName,
): AddressUnsubscribedEvent & { readonly id: string } {
  const isOver = type === 'address.resubscribed';
  const evidence = (isOver ? mark.lifted : mark.evidence) ?? {};
  const storedAt = isOver ? (mark.liftedAt ?? mark.createdAt) : mark.createdAt;
  const { message, occurredAt } = evidence;
  // The page that ends a mark does not name the broadcast again.
  const broadcast = evidence.broadcast ?? mark.evidence.broadcast;
  return {
    id: isOver ? `${mark.id}:lifted` : mark.id,
    tenant: mark.tenant,
    channel: mark.channel,
    address: mark.address,
    messageId: typeof message === 'string' ? message : null,
    broadcast: typeof broadcast === 'string' ? broadcast : null,
    at: new Date(typeof occurredAt === 'string' ? occurredAt : storedAt),
  };
}
