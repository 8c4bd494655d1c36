export { carryEvents } from './carry-events.ts';
export { advance, type EventFact, foldEvent, foldEvents } from './fold-events.ts';
export {
  type AccountPausedEvent,
  type AccountResumedEvent,
  type AddressResubscribedEvent,
  type AddressUnsubscribedEvent,
  createLiveEvents,
  type LiveEventMap,
  type LiveEventName,
  type LiveEvents,
  type LiveListener,
  type LiveSubscriptions,
  type MessageBouncedEvent,
  type MessageClickedEvent,
  type MessageEvent,
  type MessageEventName,
  type Stir,
} from './live-events.ts';
export {
  failureOf,
  type MessageFailure,
  type MessageFlagTimes,
  type MessageRecipient,
  type MessageSummary,
  summaryOf,
} from './message-summary.ts';
export { bounceOf, publishFlag, publishNew, publishTransition, urlOf } from './publish-events.ts';
