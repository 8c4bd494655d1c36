import type { EnqueueBatch, EnqueueResult } from '@posthorn/core';
import { addAdHocContent, addFiles } from '../content/add-content.ts';
import { deliveryValues, insertDeliveries } from '../deliveries/delivery-row.ts';
import type { PushJobs } from '../jobs/push-jobs.ts';
import { first, insert, type Param, type Program, statement } from '../program.ts';
import { eventValues, insertEvents } from './event-row.ts';
import { findKey } from './find-key.ts';
import { insertMessages, messageValues } from './message-row.ts';

interface KeyParams {
  tenant: string;
  key: string;
  inputHash: string;
  messageIds: string;
  now: number;
}

const takeKey = statement((db, p: KeyParams) =>
  db
    .insertInto('posthorn_keys')
    .values({
      tenant: p.tenant,
      key: p.key,
      input_hash: p.inputHash,
      message_ids: p.messageIds,
      created_at: p.now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('key'),
);

/**
 * The durable boundary. The idempotency key is taken first: of two sends at once, the second one finds it taken and
 * writes nothing.
 */
export function* enqueue(batch: EnqueueBatch, pushJobs: PushJobs): Program<EnqueueResult> {
  const repeated = yield* repeatedSend(batch);
  if (repeated !== undefined) return repeated;

  const versionIds = new Map<string, string>();
  for (const content of batch.content) {
    versionIds.set(content.version.id, yield* addAdHocContent(content));
  }
  yield* addFiles(batch.tenant, batch.files);

  const messages: (readonly Param[])[] = [];
  const deliveries: (readonly Param[])[] = [];
  const events: (readonly Param[])[] = [];
  for (const added of batch.messages) {
    const { message, event } = added;
    // What ends here is never sent, so its secret values are not kept at all.
    const sealedSlots = added.work === 'done' ? null : message.sealedSlots;
    messages.push(
      messageValues(message, versionIds.get(message.versionId) ?? message.versionId, sealedSlots),
    );
    deliveries.push(deliveryValues(added, sealedSlots !== null, batch.now));
    if (event !== null) events.push(eventValues(event));
  }
  yield* insert(insertMessages, messages);
  yield* insert(insertDeliveries, deliveries);
  yield* insert(insertEvents, events);
  yield* pushJobs(batch.jobs);
  return { status: 'written' };
}

function* repeatedSend({ tenant, key, messages, now }: EnqueueBatch): Program<EnqueueResult | undefined> {
  if (key === null) return undefined;
  const messageIds = JSON.stringify(messages.map(({ message }) => message.id));
  const taken = yield* first(takeKey, { tenant, key: key.key, inputHash: key.inputHash, messageIds, now });
  if (taken !== undefined) return undefined;
  const found = yield* findKey(tenant, key.key);
  return found && { status: 'repeated', ...found };
}
