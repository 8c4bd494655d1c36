import type { Generated } from 'kysely';

/** Who is given events, and who has it in hand. */
export interface SubscriptionRow {
  id: string;
  /** `EVERY_TENANT`, or one's id. */
  tenant: string;
  name: string;
  /** JSON list, in order. */
  types: string;
  holder: string | null;
  beat: number;
  created_at: number;
  /** What waits for it goes; the row stays until nobody can have more of it open. */
  removed_at: number | null;
}

/** What waits for a subscription: ids only. */
export interface FeedRow {
  /** Given by the database as the row is written. */
  position: Generated<number>;
  subscription: string;
  tenant: string;
  type: string;
  /** Null where it is about an address. */
  message_id: string | null;
  /** Of an event of the message, or of a mark. */
  source_id: string;
}
