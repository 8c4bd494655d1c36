import { sql } from 'kysely';
import { first, type Program, run, statement } from '../program.ts';

/** Of those that left. What they said is not known any more of the redacted ones: they may have had a link. */
const keep = statement((db, p: { ids: string; mark: string }, dialect) =>
  db
    .insertInto('posthorn_short_links')
    .columns(['message_id', 'tenant', 'address_key'])
    .expression((it) =>
      it
        .selectFrom('posthorn_deliveries as d')
        .innerJoin('posthorn_messages as m', 'm.id', 'd.message_id')
        .select(['m.id', 'm.tenant', sql<string>`m.address_key`.as('address_key')])
        .where('d.message_id', 'in', dialect.each(p.ids))
        .where('m.address_key', 'is not', null)
        .where('d.outcome', 'not in', ['skipped', 'canceled', 'expired'])
        .where((or) =>
          or.or([
            or('d.redacted_at', 'is not', null),
            sql<boolean>`m.slots like '%' || cast(${p.mark} as text) || '%'`,
          ]),
        ),
    ),
);

const byMessage = statement((db, p: { id: string }) =>
  db.selectFrom('posthorn_short_links').select(['tenant', 'address_key']).where('message_id', '=', p.id),
);

/** The link in a text message names the message alone: whose it is stays when the message goes. */
export function* keepLinks(messageIds: readonly string[], mark: string): Program<void> {
  if (messageIds.length > 0) yield* run(keep, { ids: JSON.stringify(messageIds), mark });
}

export function* shortLink(
  messageId: string,
): Program<{ readonly tenant: string; readonly addressKey: string } | undefined> {
  const row = yield* first(byMessage, { id: messageId });
  return row && { tenant: row.tenant, addressKey: row.address_key };
}
