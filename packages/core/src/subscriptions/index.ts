export {
  createSubscriptionDesk,
  type SubscriptionDesk,
  type SubscriptionFace,
} from './create-subscriptions.ts';
export type { StoredEvent, StoredEventName } from './stored-event.ts';
export type {
  Subscribe,
  Subscription,
  SubscriptionHandler,
  SubscriptionSummary,
  Subscriptions,
} from './subscription.ts';
