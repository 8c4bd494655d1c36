import type { CompiledQuery, Kysely } from 'kysely';
import type { Dialect } from '../dialect.ts';
import { definitions } from './define-table.ts';

/** Never edited once released: a later change is a later migration. */
export function firstTables(db: Kysely<unknown>, dialect: Dialect): readonly CompiledQuery[] {
  const { table, index } = definitions(db, dialect);
  return [
    table('posthorn_keyring', { name: 'text', sealed: 'text' }, { key: ['name'], clustered: true }),

    table(
      'posthorn_accounts',
      {
        tenant: 'text',
        key: 'text',
        adapter: 'text',
        channel: 'text',
        label: 'text?',
        settings: 'text',
        sealed_secrets: 'text?',
        pause: 'text?',
        created_at: 'integer',
        updated_at: 'integer',
      },
      { key: ['tenant', 'key'] },
    ),
    index('posthorn_accounts', 'paused', ['tenant', 'key'], { where: 'pause is not null' }),

    table(
      'posthorn_identities',
      {
        tenant: 'text',
        channel: 'text',
        key: 'text',
        name: 'text?',
        address: 'text',
        reply_to: 'text?',
        account: 'text?',
        is_default: 'integer',
        is_contact: 'integer',
        created_at: 'integer',
        updated_at: 'integer',
      },
      { key: ['tenant', 'channel', 'key'] },
    ),
    index('posthorn_identities', 'default', ['tenant', 'channel'], { unique: true, where: 'is_default = 1' }),
    index('posthorn_identities', 'contact', ['tenant'], { unique: true, where: 'is_contact = 1' }),

    table(
      'posthorn_templates',
      {
        tenant: 'text',
        key: 'text',
        label: 'text?',
        identity: 'text?',
        current_version: 'integer',
        removed_at: 'integer?',
        created_at: 'integer',
        updated_at: 'integer',
      },
      { key: ['tenant', 'key'] },
    ),
    table(
      'posthorn_versions',
      {
        tenant: 'text',
        id: 'text',
        template: 'text?',
        number: 'integer?',
        content_hash: 'text',
        source: 'text',
        created_at: 'integer',
      },
      { key: ['tenant', 'id'] },
    ),
    index('posthorn_versions', 'number', ['tenant', 'template', 'number'], {
      unique: true,
      where: 'template is not null',
    }),
    index('posthorn_versions', 'ad_hoc', ['tenant', 'content_hash'], {
      unique: true,
      where: 'template is null',
    }),
    table('posthorn_skeletons', { tenant: 'text', id: 'text', skeleton: 'text' }, { key: ['tenant', 'id'] }),
    table(
      'posthorn_version_skeletons',
      { tenant: 'text', version_id: 'text', position: 'integer', skeleton_id: 'text', compiled: 'text' },
      { key: ['tenant', 'version_id', 'position'] },
    ),
    table('posthorn_files', { tenant: 'text', hash: 'text', content: 'bytes' }, { key: ['tenant', 'hash'] }),

    table(
      'posthorn_suppressions',
      {
        tenant: 'text',
        id: 'text',
        channel: 'text',
        address_key: 'text',
        address: 'text?',
        reason: 'text',
        evidence: 'text',
        created_at: 'integer',
        lifted_at: 'integer?',
        lifted: 'text?',
      },
      { key: ['tenant', 'id'] },
    ),
    index('posthorn_suppressions', 'in_force', ['tenant', 'channel', 'address_key', 'reason'], {
      unique: true,
      where: 'lifted_at is null',
    }),
    index('posthorn_suppressions', 'by_address', ['tenant', 'channel', 'address_key']),
    index('posthorn_suppressions', 'by_time', ['tenant', 'created_at', 'id'], { where: 'lifted_at is null' }),

    ...messageTables(db, dialect),
  ];
}

function messageTables(db: Kysely<unknown>, dialect: Dialect): readonly CompiledQuery[] {
  const { table, index } = definitions(db, dialect);
  return [
    table(
      'posthorn_keys',
      { tenant: 'text', key: 'text', input_hash: 'text', message_ids: 'text', created_at: 'integer' },
      { key: ['tenant', 'key'], clustered: true },
    ),

    table(
      'posthorn_messages',
      {
        id: 'text',
        tenant: 'text',
        channel: 'text',
        template: 'text?',
        version_id: 'text',
        skeleton_id: 'text',
        slots: 'text',
        sealed_slots: 'text?',
        identity: 'text?',
        sender: 'text',
        account: 'text',
        account_tenant: 'text',
        recipient_source: 'text?',
        recipient_id: 'text?',
        to_name: 'text?',
        address: 'text?',
        address_key: 'text?',
        locale: 'text',
        time_zone: 'text',
        headers: 'text?',
        attachments: 'text?',
        key: 'text?',
        resend_of: 'text?',
        created_at: 'integer',
        send_at: 'integer?',
        expires_at: 'integer?',
      },
      { key: ['id'] },
    ),
    index('posthorn_messages', 'by_time', ['tenant', 'created_at', 'id']),
    index('posthorn_messages', 'by_template', ['tenant', 'template', 'created_at', 'id'], {
      where: 'template is not null',
    }),
    index(
      'posthorn_messages',
      'by_recipient',
      ['tenant', 'recipient_source', 'recipient_id', 'created_at', 'id'],
      {
        where: 'recipient_id is not null',
      },
    ),
    index('posthorn_messages', 'by_address', ['tenant', 'address_key', 'created_at', 'id'], {
      where: 'address_key is not null',
    }),
    index('posthorn_messages', 'resends', ['tenant', 'resend_of', 'id'], { where: 'resend_of is not null' }),

    table(
      'posthorn_deliveries',
      {
        message_id: 'text',
        tenant: 'text',
        account: 'text',
        account_tenant: 'text',
        created_at: 'integer',
        work: 'text',
        due_at: 'integer?',
        attempt: 'integer',
        chunk: 'text?',
        priority: 'integer',
        lease_token: 'text?',
        sealed: 'integer',
        outcome: 'text?',
        outcome_attempt: 'integer?',
        outcome_at: 'integer?',
        outcome_reason: 'text?',
        outcome_failure: 'text?',
      },
      { key: ['message_id'], clustered: true },
    ),
    // The due-scan: by account, as paused ones are passed by whole. Only waiting rows have a time and no chunk.
    index('posthorn_deliveries', 'waiting', ['account_tenant', 'account', 'due_at'], {
      where: "chunk is null and work in ('scheduled', 'queued')",
    }),
    index('posthorn_deliveries', 'chunk', ['chunk'], { where: 'chunk is not null' }),
    index('posthorn_deliveries', 'open', ['tenant', 'created_at', 'message_id'], { where: "work <> 'done'" }),
    // What most messages end as is found by time; this keeps what people look for.
    index('posthorn_deliveries', 'remarkable', ['tenant', 'outcome', 'created_at', 'message_id'], {
      where: "outcome not in ('accepted', 'delivered')",
    }),

    table(
      'posthorn_events',
      {
        id: 'text',
        tenant: 'text',
        message_id: 'text',
        type: 'text',
        attempt: 'integer',
        occurred_at: 'integer',
        recorded_at: 'integer',
        reason: 'text?',
        failure: 'text?',
        detail: 'text',
      },
      { key: ['message_id', 'id'], clustered: true },
    ),

    table(
      'posthorn_jobs',
      {
        id: 'text',
        tenant: 'text',
        account: 'text',
        account_tenant: 'text',
        chunk: 'text',
        priority: 'integer',
        available_at: 'integer',
        failures: 'integer',
        lease_token: 'text?',
        lease_owner: 'text?',
        lease_until: 'integer?',
      },
      { key: ['id'], clustered: true },
    ),
    index('posthorn_jobs', 'available', ['account_tenant', 'account', 'tenant', 'priority', 'id'], {
      where: 'lease_token is null',
    }),
    index('posthorn_jobs', 'leased', ['lease_until'], { where: 'lease_token is not null' }),
  ];
}
