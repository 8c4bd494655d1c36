import assert from 'node:assert/strict';
import type { AccountLimits, MessageRecord, Store, TurnLimits, TurnResult } from '@posthorn/core';
import { aBatch, aJob, aMessage, anId, NOON, PLATFORM, queued } from './records.ts';

// What laws of limits do on their way.

/** The account that messages of these laws leave by, with limits. */
export function limited(limits: AccountLimits, account = 'smtp', accountTenant = PLATFORM): TurnLimits {
  return { account, accountTenant, limits };
}

/** Messages of an account in the hands of a worker, under the token. */
export async function inHand(
  store: Store,
  token: string,
  count: number,
  parts: Partial<MessageRecord> = {},
): Promise<readonly MessageRecord[]> {
  const messages = Array.from({ length: count }, () => aMessage(parts));
  const [{ tenant, account, accountTenant } = aMessage()] = messages;
  const job = aJob({ tenant, account, accountTenant });
  const rows = messages.map((message) => queued(message, { chunk: job.chunk }));
  await store.messages.enqueue(aBatch(rows, { tenant }));
  assert.equal((await store.deliveries.lease(job, token, NOON, anId)).rows.length, count);
  return messages;
}

/** A turn that begins these messages, as far as the limits allow. */
export function beginWithin(
  store: Store,
  messages: readonly MessageRecord[],
  token: string,
  limits: TurnLimits | null,
  now = NOON,
): Promise<TurnResult> {
  const begin = messages.map(({ tenant, id }) => ({ tenant, messageId: id, token }));
  return store.deliveries.turn({ now, limits, settle: [], begin, newEventId: anId });
}

/** Leaves no room for anything more by the account; answers when it opens again. */
export async function useUp(store: Store, limits: TurnLimits, now = NOON): Promise<number> {
  const { account, accountTenant } = limits;
  const count = Math.min(...Object.values(limits.limits));
  const token = anId();
  const used = await inHand(store, token, count, { account, accountTenant });
  assert.equal((await beginWithin(store, used, token, limits, now)).begun.length, count);
  const opensAt = await store.deliveries.opensAt(accountTenant, account);
  assert(opensAt !== null && opensAt > now, 'it opens later');
  return opensAt;
}
