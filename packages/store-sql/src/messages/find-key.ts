import { first, type Program, statement } from '../program.ts';

const byKey = statement((db, p: { tenant: string; key: string }) =>
  db
    .selectFrom('posthorn_keys')
    .select(['input_hash', 'message_ids'])
    .where('tenant', '=', p.tenant)
    .where('key', '=', p.key),
);

export function* findKey(
  tenant: string,
  key: string,
): Program<{ readonly inputHash: string; readonly messageIds: readonly string[] } | undefined> {
  const row = yield* first(byKey, { tenant, key });
  return row && { inputHash: row.input_hash, messageIds: JSON.parse(row.message_ids) };
}
