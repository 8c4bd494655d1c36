import type { CompiledQuery, Kysely } from 'kysely';
import type { Dialect } from '../dialect.ts';
import { definitions } from './define-table.ts';

/** Broadcasts, segments and limits. Never edited once released: a later change is a later migration. */
export function broadcastTables(db: Kysely<unknown>, dialect: Dialect): readonly CompiledQuery[] {
  const { table, index, addColumn } = definitions(db, dialect);
  return [
    addColumn('posthorn_accounts', 'limits', { type: 'text?' }),
    table(
      'posthorn_limits',
      {
        account_tenant: 'text',
        account: 'text',
        uses: 'text',
        closed_at: 'integer?',
        opens_at: 'integer?',
        room: 'integer?',
      },
      { key: ['account_tenant', 'account'], clustered: true },
    ),

    table(
      'posthorn_segments',
      {
        tenant: 'text',
        key: 'text',
        label: 'text?',
        source: 'text',
        query: 'text',
        created_at: 'integer',
        updated_at: 'integer',
      },
      { key: ['tenant', 'key'] },
    ),

    table(
      'posthorn_broadcasts',
      {
        tenant: 'text',
        id: 'text',
        label: 'text?',
        state: 'text',
        paused_at: 'integer?',
        template: 'text?',
        version_id: 'text',
        input: 'text',
        sealed_data: 'text?',
        plan: 'text',
        start_at: 'integer?',
        max_cost: 'text?',
        cursor: 'text?',
        first_message: 'text?',
        last_message: 'text?',
        first_created_at: 'integer?',
        last_created_at: 'integer?',
        failure: 'text?',
        created_at: 'integer',
        started_at: 'integer?',
        listed_at: 'integer?',
        ended_at: 'integer?',
      },
      { key: ['tenant', 'id'] },
    ),
    index('posthorn_broadcasts', 'by_time', ['tenant', 'created_at', 'id']),
    table(
      'posthorn_broadcast_counts',
      { tenant: 'text', broadcast: 'text', status: 'text', messages: 'integer' },
      { key: ['tenant', 'broadcast', 'status'], clustered: true },
    ),
    table(
      'posthorn_chunks',
      {
        chunk: 'text',
        tenant: 'text',
        broadcast: 'text',
        account_tenant: 'text',
        account: 'text',
        priority: 'integer',
        size: 'integer',
        job: 'text?',
      },
      { key: ['chunk'], clustered: true },
    ),
    // In the order in which they were made; by account first, as those that are paused are passed by whole.
    index('posthorn_chunks', 'waiting', ['account_tenant', 'account', 'tenant', 'broadcast', 'chunk'], {
      where: 'job is null',
    }),
    index('posthorn_chunks', 'queued', ['account_tenant', 'account', 'tenant', 'broadcast', 'size'], {
      where: 'job is not null',
    }),
    index('posthorn_chunks', 'by_broadcast', ['tenant', 'broadcast']),

    ...messageChanges(db, dialect),
  ];
}

function messageChanges(db: Kysely<unknown>, dialect: Dialect): readonly CompiledQuery[] {
  const { index, dropIndex, addColumn } = definitions(db, dialect);
  return [
    addColumn('posthorn_messages', 'broadcast', { type: 'text?' }),
    // One message of a broadcast per recipient and channel, or per address of those who are no recipients.
    index(
      'posthorn_messages',
      'of_broadcast',
      ['tenant', 'broadcast', 'channel', 'recipient_source', 'recipient_id'],
      { unique: true, where: 'broadcast is not null and recipient_id is not null' },
    ),
    index('posthorn_messages', 'bare_of_broadcast', ['tenant', 'broadcast', 'channel', 'address_key'], {
      unique: true,
      where: 'broadcast is not null and recipient_id is null',
    }),

    addColumn('posthorn_deliveries', 'broadcast', { type: 'text?' }),
    // By priority, so that single messages are not looked for behind a broadcast's. Held rows wait for no time.
    dropIndex('posthorn_deliveries', 'waiting'),
    index('posthorn_deliveries', 'waiting', ['account_tenant', 'account', 'priority', 'due_at'], {
      where: "chunk is null and work in ('scheduled', 'queued') and due_at < 8640000000000000",
    }),
    index('posthorn_deliveries', 'held', ['tenant', 'broadcast'], {
      where: 'broadcast is not null and due_at = 8640000000000000',
    }),

    addColumn('posthorn_jobs', 'kind', { type: 'text', default: 'messages' }),
    // By priority, so that single messages' jobs are found however many broadcasts' wait.
    dropIndex('posthorn_jobs', 'available'),
    index('posthorn_jobs', 'available', ['priority', 'account_tenant', 'account', 'tenant', 'id'], {
      where: 'lease_token is null',
    }),
  ];
}
