import type { ListPage, NewMessage } from '@posthorn/core';
import { sql } from 'kysely';
import { canonicalText } from '../json-text.ts';
import { writeMessages } from '../messages/write-messages.ts';
import { all, first, type Program, statement } from '../program.ts';
import { changeBroadcast } from './change-broadcast.ts';
import { addChunks } from './chunk-row.ts';

/** `expected` is empty before the first page. */
const moveCursor = statement((db, p: { tenant: string; id: string; expected: string; cursor: string }) =>
  db
    .updateTable('posthorn_broadcasts')
    .set({ cursor: p.cursor })
    .where('tenant', '=', p.tenant)
    .where('id', '=', p.id)
    .where('state', '=', 'listing')
    .where(sql<string>`coalesce(cursor, '')`, '=', p.expected)
    .returning('id'),
);

interface Known {
  tenant: string;
  broadcast: string;
  channel: string;
  keys: string;
}

const knownRecipients = statement((db, p: Known & { source: string }, dialect) =>
  db
    .selectFrom('posthorn_messages')
    .select('recipient_id as key')
    .where('tenant', '=', p.tenant)
    .where('broadcast', '=', p.broadcast)
    .where('channel', '=', p.channel)
    .where('recipient_source', '=', p.source)
    .where('recipient_id', 'in', dialect.each(p.keys)),
);

const knownAddresses = statement((db, p: Known, dialect) =>
  db
    .selectFrom('posthorn_messages')
    .select('address_key as key')
    .where('tenant', '=', p.tenant)
    .where('broadcast', '=', p.broadcast)
    .where('channel', '=', p.channel)
    .where('recipient_id', 'is', null)
    .where('address_key', 'in', dialect.each(p.keys)),
);

/** One transaction, whose first word is the compare-and-set: of two writers of one page the second finds it moved on. */
export function* addPage(page: ListPage): Program<'added' | 'moved_on'> {
  const { tenant, broadcast: id, expected, now } = page;
  const moved = yield* first(moveCursor, {
    tenant,
    id,
    expected: expected === null ? '' : canonicalText(expected),
    cursor: canonicalText(page.cursor),
  });
  if (moved === undefined) return 'moved_on';
  const messages = yield* withoutKnown(page);
  yield* writeMessages(messages, now);
  yield* addChunks(page, messages);
  if (page.end !== null) yield* changeBroadcast(tenant, id, ['listing'], page.end);
  return 'added';
}

/** By one lookup for each channel and source of the page. */
function* withoutKnown({ tenant, broadcast, messages }: ListPage): Program<readonly NewMessage[]> {
  const kept: NewMessage[] = [];
  for (const alike of Map.groupBy(messages, lineOf).values()) {
    const [head] = alike;
    if (head === undefined) continue;
    const { channel, recipient } = head.message;
    const keys = JSON.stringify(alike.map(keyOf));
    const asked = { tenant, broadcast, channel, keys };
    const rows =
      recipient === null
        ? yield* all(knownAddresses, asked)
        : yield* all(knownRecipients, { ...asked, source: recipient.source });
    const known = new Set(rows.map(({ key }) => key));
    for (const added of alike) {
      const key = keyOf(added);
      // Without an address there is nothing to tell them by.
      if (key !== null && known.has(key)) continue;
      known.add(key);
      kept.push(added);
    }
  }
  return kept;
}

function lineOf({ message: { channel, recipient } }: NewMessage): string {
  return recipient === null ? channel : `${channel} ${recipient.source}`;
}

function keyOf({ message: { recipient, addressKey } }: NewMessage): string | null {
  return recipient === null ? addressKey : recipient.id;
}
