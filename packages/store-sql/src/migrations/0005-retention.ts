import { type CompiledQuery, type Kysely, sql } from 'kysely';
import type { Dialect } from '../dialect.ts';
import { definitions } from './define-table.ts';

/** How old data goes. Never edited once released: a later change is a later migration. */
export function retentionTables(db: Kysely<unknown>, dialect: Dialect): readonly CompiledQuery[] {
  const { table, index, addColumn } = definitions(db, dialect);
  return [
    addColumn('posthorn_templates', 'content_days', { type: 'integer?' }),
    addColumn('posthorn_templates', 'redacted_to', { type: 'integer?' }),
    index('posthorn_templates', 'retained', ['tenant', 'key'], { where: 'content_days is not null' }),
    addColumn('posthorn_deliveries', 'redacted_at', { type: 'integer?' }),
    table(
      'posthorn_late_redactions',
      { message_id: 'text', tenant: 'text', template: 'text', check_at: 'integer' },
      { key: ['message_id'], clustered: true },
    ),
    index('posthorn_late_redactions', 'due', ['tenant', 'template', 'check_at', 'message_id']),

    addColumn('posthorn_broadcasts', 'sampled', { type: 'integer', default: '1' }),
    addColumn('posthorn_broadcasts', 'swept', { type: 'integer', default: '0' }),
    index('posthorn_broadcasts', 'sampled', ['created_at', 'id'], { where: 'sampled = 1' }),
    index('posthorn_broadcasts', 'unswept', ['created_at', 'id'], { where: 'swept = 0' }),
    index('posthorn_broadcasts', 'of_content', ['tenant', 'version_id'], { where: 'template is null' }),
    index('posthorn_messages', 'of_content', ['tenant', 'version_id'], { where: 'template is null' }),
    index('posthorn_version_skeletons', 'of_skeleton', ['tenant', 'skeleton_id']),
    index('posthorn_unmatched_reports', 'by_age', ['received_at']),
    table(
      'posthorn_short_links',
      { message_id: 'text', tenant: 'text', address_key: 'text' },
      { key: ['message_id'], clustered: true },
    ),
    table(
      'posthorn_loose',
      { tenant: 'text', kind: 'text', key: 'text', since: 'integer' },
      { key: ['tenant', 'kind', 'key'], clustered: true },
    ),
    index('posthorn_loose', 'by_age', ['since']),
    table(
      'posthorn_upkeep',
      { name: 'text', due_at: 'integer', place: 'text?' },
      { key: ['name'], clustered: true },
    ),
    table(
      'posthorn_file_uses',
      { tenant: 'text', hash: 'text', used_by: 'text' },
      { key: ['tenant', 'hash', 'used_by'], clustered: true },
    ),
    index('posthorn_file_uses', 'of_user', ['tenant', 'used_by']),
    ...usesSoFar(db, dialect),
  ];
}

/** Who uses the files that are there: messages, broadcasts that are planned, skeletons. */
function usesSoFar(db: Kysely<unknown>, dialect: Dialect): readonly CompiledQuery[] {
  const isSqlite = dialect.name === 'sqlite';
  const messages = sql.table('posthorn_messages');
  const broadcasts = sql.table('posthorn_broadcasts');
  const skeletons = sql.table('posthorn_skeletons');
  const sources = [
    [sql`select tenant, coalesce(broadcast, id) as used_by, attachments as refs from ${messages}`, ''],
    [sql`select tenant, id as used_by, input as refs from ${broadcasts}`, 'send,attachments'],
    [sql`select tenant, id as used_by, skeleton as refs from ${skeletons}`, 'attachments'],
  ] as const;
  return sources.map(([source, path]) => {
    const list = isSqlite
      ? sql`json_each(s.refs, ${sql.lit(['$', ...path.split(',').filter(Boolean)].join('.'))})`
      : sql`json_array_elements(s.refs::json #> ${sql.lit(`{${path}}`)})`;
    const hash = isSqlite ? sql`json_extract(ref.value, '$.hash')` : sql`ref.value ->> 'hash'`;
    return sql`
      insert into ${sql.table('posthorn_file_uses')} (tenant, hash, used_by)
      select distinct s.tenant, ${hash}, s.used_by from (${source}) as s, ${list} as ref
      where s.refs is not null and ${hash} is not null`.compile(db);
  });
}
