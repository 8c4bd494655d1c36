import type { Opened, Scope } from '../context.ts';
import { quoted } from '../did-you-mean.ts';
import { ConflictError } from '../errors.ts';
import type { EnqueueBatch, StoredMessage } from '../ports/index.ts';

/** An idempotency key and the hash of the call it stands for. */
export type Idempotency = NonNullable<EnqueueBatch['key']>;

/** What is stored under an idempotency key. */
interface FirstSend {
  readonly inputHash: string;
  readonly messageIds: readonly string[];
}

/**
 * The messages of the first call with this key; undefined where this is the first. It is asked before anything is
 * looked up or rendered, so that the same call has the same answer when a template or a customer has changed.
 *
 * @throws ConflictError `idempotency_conflict`.
 */
export async function findRepeated(
  opened: Opened,
  scope: Scope,
  idempotency: Idempotency,
  tx: unknown,
): Promise<readonly StoredMessage[] | undefined> {
  const first = await opened.store.messages.findKey(scope.tenant, idempotency.key, tx);
  return first === undefined ? undefined : messagesOf(opened, scope, idempotency, first, tx);
}

/** The first call's messages, if it was the same call. */
export async function messagesOf(
  opened: Opened,
  scope: Scope,
  { key, inputHash }: Idempotency,
  first: FirstSend,
  tx: unknown,
): Promise<readonly StoredMessage[]> {
  if (first.inputHash === inputHash) return opened.store.messages.get(scope.tenant, first.messageIds, tx);
  throw new ConflictError(
    'idempotency_conflict',
    `The key ${quoted(key)} was used for another call to send.`,
    {
      path: 'key',
      advice: 'Use one key for one message; to send something else, take another key.',
    },
  );
}
