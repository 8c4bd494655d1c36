import type { CompiledQuery, Kysely } from 'kysely';
import type { Dialect } from '../dialect.ts';
import { definitions } from './define-table.ts';

/** What providers report. Never edited once released: a later change is a later migration. */
export function reportTables(db: Kysely<unknown>, dialect: Dialect): readonly CompiledQuery[] {
  const { table, index, addColumn } = definitions(db, dialect);
  return [
    addColumn('posthorn_deliveries', 'flags', { type: 'text?' }),
    addColumn('posthorn_events', 'provider_id', { type: 'text?' }),
    index('posthorn_events', 'by_provider_id', ['provider_id'], { where: 'provider_id is not null' }),

    table(
      'posthorn_address_reports',
      {
        tenant: 'text',
        channel: 'text',
        address_key: 'text',
        id: 'text',
        type: 'text',
        list: 'text?',
        occurred_at: 'integer',
        recorded_at: 'integer',
        address: 'text?',
        evidence: 'text',
      },
      { key: ['tenant', 'channel', 'address_key', 'id'], clustered: true },
    ),

    table(
      'posthorn_unmatched_reports',
      {
        account_tenant: 'text',
        account: 'text',
        id: 'text',
        received_at: 'integer',
        report: 'text',
      },
      { key: ['account_tenant', 'account', 'id'] },
    ),
    index('posthorn_unmatched_reports', 'by_time', ['account_tenant', 'account', 'received_at', 'id']),
  ];
}
