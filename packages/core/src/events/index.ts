export { advance, type EventFact, foldEvent, foldEvents } from './fold-events.ts';
export {
  type AccountPausedEvent,
  type AccountResumedEvent,
  type AddressUnsubscribedEvent,
  createLiveEvents,
  type LiveEventMap,
  type LiveEventName,
  type LiveEvents,
  type LiveListener,
  type LiveSubscriptions,
  type MessageBouncedEvent,
  type MessageEvent,
  type MessageEventName,
} from './live-events.ts';
export {
  failureOf,
  type MessageFailure,
  type MessageRecipient,
  type MessageSummary,
  summaryOf,
} from './message-summary.ts';
export { publishNew, publishTransition } from './publish-events.ts';
