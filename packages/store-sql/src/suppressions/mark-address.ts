import type { Channel, JsonObject, SuppressionReason, SuppressionRecord } from '@posthorn/core';
import type { Program } from '../program.ts';
import { feedMarks } from '../subscriptions/feed.ts';
import { addSuppression } from './add-suppression.ts';
import { liftSuppression } from './lift-suppression.ts';

/** Marks an address, and tells whoever subscribed to it. */
export function* markAddress(record: SuppressionRecord): Program<SuppressionRecord> {
  const inForce = yield* addSuppression(record);
  if (inForce.id === record.id) yield* feedMarks([inForce], []);
  return inForce;
}

/** Ends marks of an address, and tells whoever subscribed to it. */
export function* unmarkAddress(
  tenant: string,
  channel: Channel,
  addressKey: string,
  lifted: JsonObject,
  now: number,
  reason: SuppressionReason | undefined,
): Program<readonly SuppressionRecord[]> {
  const ended = yield* liftSuppression(tenant, channel, addressKey, lifted, now, reason);
  yield* feedMarks([], ended);
  return ended;
}
