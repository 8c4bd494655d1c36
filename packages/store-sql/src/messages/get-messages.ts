import type { StoredMessage } from '@posthorn/core';
import { all, first, type Program, statement } from '../program.ts';
import { storedMessageOf, storedMessages } from './stored-message.ts';

const byIds = statement((db, p: { tenant: string; ids: string }, dialect) =>
  // The tenant of the delivery, which has no index that begins with it: by the message's all of its messages are read.
  storedMessages(db).where('d.tenant', '=', p.tenant).where('d.message_id', 'in', dialect.each(p.ids)),
);

export function* getMessages(tenant: string, ids: readonly string[]): Program<readonly StoredMessage[]> {
  const rows = yield* all(byIds, { tenant, ids: JSON.stringify(ids) });
  const byId = new Map(rows.map((row) => [row.id, storedMessageOf(row)]));
  return ids.map((id) => byId.get(id)).filter((found) => found !== undefined);
}

const byId = statement((db, p: { tenant: string; id: string }) =>
  db.selectFrom('posthorn_messages').select('id').where('tenant', '=', p.tenant).where('id', '=', p.id),
);

/** Whether it is there: for a backend that waits for a host's commit. */
export function* hasMessage(tenant: string, id: string): Program<boolean> {
  return (yield* first(byId, { tenant, id })) !== undefined;
}
