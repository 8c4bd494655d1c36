import type { Scope } from '../context.ts';
import { quoted } from '../did-you-mean.ts';
import { ConflictError, NotFoundError } from '../errors.ts';
import type { Store, StoredMessage } from '../ports/index.ts';

/** The message, or `unknown_message`: one of another tenant is not there either. */
export async function loadMessage(store: Store, scope: Scope, id: string): Promise<StoredMessage> {
  const [stored] = await loadMessages(store, scope, [id]);
  if (stored === undefined) throw unknownMessages([id]);
  return stored;
}

/** The same, for what needs to know what it said. */
export async function loadWhole(store: Store, scope: Scope, id: string): Promise<StoredMessage> {
  const stored = await loadMessage(store, scope, id);
  const { redactedAt } = stored.delivery;
  if (redactedAt === null) return stored;
  const day = new Date(redactedAt).toISOString().slice(0, 10);
  throw new ConflictError(
    'content_redacted',
    `What the message ${quoted(id)} said was removed on ${day}, as its template's retention says.`,
    { path: 'id', advice: 'Its timeline still tells what became of it; to write again, send a new message.' },
  );
}

/** All of them, in order. */
export async function loadMessages(
  store: Store,
  scope: Scope,
  ids: readonly string[],
): Promise<readonly StoredMessage[]> {
  const found = await store.messages.get(scope.tenant, ids);
  const byId = new Map(found.map((stored) => [stored.message.id, stored]));
  const missing = ids.filter((id) => !byId.has(id));
  if (missing.length > 0) throw unknownMessages(missing);
  return ids.flatMap((id) => byId.get(id) ?? []);
}

function unknownMessages(ids: readonly string[]): NotFoundError {
  const shown = ids.slice(0, 10).map(quoted).join(', ');
  const more = ids.length > 10 ? ` and ${ids.length - 10} more` : '';
  return new NotFoundError('unknown_message', `There is no message ${shown}${more}.`, {
    path: 'id',
    advice: 'Ids are those that `send` and `messages.list` answer, for the same tenant.',
  });
}
