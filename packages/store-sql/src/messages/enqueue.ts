import type { EnqueueBatch, EnqueueResult } from '@posthorn/core';
import { addAdHocContents, addFiles } from '../content/add-content.ts';
import type { PushJobs } from '../jobs/push-jobs.ts';
import { first, type Program, statement } from '../program.ts';
import { findKey } from './find-key.ts';
import { writeMessages } from './write-messages.ts';

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

  const versionIds = yield* addAdHocContents(batch.content);
  yield* addFiles(batch.tenant, batch.files);
  yield* writeMessages(batch.messages, batch.now, versionIds);
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
