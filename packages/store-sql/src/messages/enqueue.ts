import type { EnqueueBatch, EnqueueResult, NewMessage } from '@posthorn/core';
import { addAdHocContents, addFiles } from '../content/add-content.ts';
import type { PushJobs } from '../jobs/push-jobs.ts';
import { addressName, lock } from '../locks.ts';
import { first, type Program, statement } from '../program.ts';
import { countTo } from './count-to.ts';
import { findKey } from './find-key.ts';
import { writeMessages } from './write-messages.ts';

type Counts = ReadonlyMap<string, number>;

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
 * The durable boundary. The idempotency key is taken before anything else is written: of two sends at once, the second one
 * finds it taken and writes nothing.
 */
export function* enqueue(batch: EnqueueBatch, pushJobs: PushJobs): Program<EnqueueResult> {
  const had = yield* countedOver(batch);
  if (had !== null) return { status: 'over_limit', had };
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

/** What the addresses of the limits have, where one of them would have more than it may; else null. */
function* countedOver({ tenant, limits = [], messages }: EnqueueBatch): Program<Counts | null> {
  if (limits.length === 0) return null;
  yield* lock(
    ...limits.flatMap(({ addressKeys }) => addressKeys.map((key) => addressName('count', tenant, key))),
  );
  const all = new Map<string, number>();
  const added = Map.groupBy(messages.filter(isSent), ({ message }) => message.addressKey);
  let isOver = false;
  for (const { most, ...wanted } of limits) {
    const had = yield* countTo(tenant, wanted);
    for (const key of wanted.addressKeys) {
      const before = had.get(key) ?? 0;
      all.set(key, before);
      if (before + (added.get(key)?.length ?? 0) > most) isOver = true;
    }
  }
  return isOver ? all : null;
}

function isSent({ work }: NewMessage): boolean {
  return work !== 'done';
}
