import type { CompiledQuery, Kysely } from 'kysely';
import type { Dialect } from '../dialect.ts';
import { definitions } from './define-table.ts';

/** Durable subscriptions. Never edited once released: a later change is a later migration. */
export function subscriptionTables(db: Kysely<unknown>, dialect: Dialect): readonly CompiledQuery[] {
  const { table, index } = definitions(db, dialect);
  return [
    table(
      'posthorn_subscriptions',
      {
        id: 'text',
        tenant: 'text',
        name: 'text',
        types: 'text',
        holder: 'text?',
        beat: 'integer',
        created_at: 'integer',
        removed_at: 'integer?',
      },
      { key: ['id'] },
    ),
    index('posthorn_subscriptions', 'by_name', ['tenant', 'name'], {
      unique: true,
      where: 'removed_at is null',
    }),
    table(
      'posthorn_feed',
      {
        position: 'counter',
        subscription: 'text',
        tenant: 'text',
        type: 'text',
        message_id: 'text?',
        source_id: 'text',
      },
      { key: ['position'] },
    ),
    index('posthorn_feed', 'waiting', ['subscription', 'position']),
  ];
}
