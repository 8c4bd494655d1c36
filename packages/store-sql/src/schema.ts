import type { Kysely } from 'kysely';
import type {
  FileRow,
  SkeletonRow,
  TemplateRow,
  VersionRow,
  VersionSkeletonRow,
} from './content/content-tables.ts';
import type { JobRow } from './jobs/job-table.ts';
import type { AddressReportRow, UnmatchedReportRow } from './reports/report-tables.ts';
import type {
  FileUseRow,
  LateRedactionRow,
  LooseRow,
  ShortLinkRow,
  UpkeepRow,
} from './retention/retention-tables.ts';
import type { FeedRow, SubscriptionRow } from './subscriptions/subscription-tables.ts';

/** The tables, as Kysely sees them. JSON is text; booleans are 0 or 1; times are ms since the epoch. */
export interface Schema {
  posthorn_keyring: KeyringRow;
  posthorn_accounts: AccountRow;
  posthorn_identities: IdentityRow;
  posthorn_templates: TemplateRow;
  posthorn_versions: VersionRow;
  posthorn_skeletons: SkeletonRow;
  posthorn_version_skeletons: VersionSkeletonRow;
  posthorn_files: FileRow;
  posthorn_suppressions: SuppressionRow;
  posthorn_segments: SegmentRow;
  posthorn_broadcasts: BroadcastRow;
  posthorn_broadcast_counts: BroadcastCountRow;
  posthorn_chunks: ChunkRow;
  posthorn_limits: LimitsRow;
  posthorn_keys: KeyRow;
  posthorn_messages: MessageRow;
  posthorn_deliveries: DeliveryRow;
  posthorn_events: EventRow;
  posthorn_address_reports: AddressReportRow;
  posthorn_unmatched_reports: UnmatchedReportRow;
  posthorn_subscriptions: SubscriptionRow;
  posthorn_feed: FeedRow;
  posthorn_late_redactions: LateRedactionRow;
  posthorn_short_links: ShortLinkRow;
  posthorn_loose: LooseRow;
  posthorn_file_uses: FileUseRow;
  posthorn_upkeep: UpkeepRow;
  posthorn_jobs: JobRow;
  posthorn_migrations: MigrationRow;
}

/** Builds queries; runs none. */
export type Database = Kysely<Schema>;

export interface KeyringRow {
  name: string;
  sealed: string;
}

export interface AccountRow {
  tenant: string;
  key: string;
  adapter: string;
  channel: string;
  label: string | null;
  settings: string;
  sealed_secrets: string | null;
  pause: string | null;
  limits: string | null;
  created_at: number;
  updated_at: number;
}

export interface IdentityRow {
  tenant: string;
  channel: string;
  key: string;
  name: string | null;
  address: string;
  reply_to: string | null;
  account: string | null;
  is_default: number;
  is_contact: number;
  created_at: number;
  updated_at: number;
}

export interface SuppressionRow {
  tenant: string;
  id: string;
  channel: string;
  address_key: string;
  address: string | null;
  reason: string;
  evidence: string;
  created_at: number;
  lifted_at: number | null;
  lifted: string | null;
}

/** A recipient query under a name. */
export interface SegmentRow {
  tenant: string;
  key: string;
  label: string | null;
  source: string;
  query: string;
  created_at: number;
  updated_at: number;
}

export interface BroadcastRow {
  tenant: string;
  id: string;
  label: string | null;
  state: string;
  paused_at: number | null;
  template: string | null;
  version_id: string;
  input: string;
  sealed_data: string | null;
  plan: string;
  start_at: number | null;
  max_cost: string | null;
  /** Canonical, so that it can be compared as a text. */
  cursor: string | null;
  /** Its messages lie between these, ends included: by id, and by the time of the message. */
  first_message: string | null;
  last_message: string | null;
  first_created_at: number | null;
  last_created_at: number | null;
  failure: string | null;
  created_at: number;
  started_at: number | null;
  listed_at: number | null;
  ended_at: number | null;
  /** 1 while the plan names people as samples. */
  sampled: number;
  /** 1 once its messages are gone and only the record and its counts are left. */
  swept: number;
}

/** How many messages of a broadcast have a status; kept by whatever changes deliveries. */
export interface BroadcastCountRow {
  tenant: string;
  broadcast: string;
  status: string;
  messages: number;
}

/** A broadcast's chunk that nobody has begun. */
export interface ChunkRow {
  chunk: string;
  tenant: string;
  broadcast: string;
  account_tenant: string;
  account: string;
  priority: number;
  /** How many messages it was made of. */
  size: number;
  /** The one in the queue that is to begin it; null while it waits. */
  job: string | null;
}

/** What an account has used of its limits. */
export interface LimitsRow {
  account_tenant: string;
  account: string;
  uses: string;
  /** When it was found that nothing may leave; null while something may. */
  closed_at: number | null;
  /** Nothing leaves before; null while something may. */
  opens_at: number | null;
  /** How many may leave then, or now; null where that is not known. */
  room: number | null;
}

/** Idempotency keys of the host. */
export interface KeyRow {
  tenant: string;
  key: string;
  input_hash: string;
  message_ids: string;
  created_at: number;
}

/** What never changes about a message; `sealed_slots` is wiped once, and retention takes the content. */
export interface MessageRow {
  id: string;
  tenant: string;
  channel: string;
  template: string | null;
  version_id: string;
  skeleton_id: string;
  slots: string;
  sealed_slots: string | null;
  identity: string | null;
  /** JSON: `{ from, replyTo }`. */
  sender: string;
  account: string;
  account_tenant: string;
  recipient_source: string | null;
  recipient_id: string | null;
  to_name: string | null;
  address: string | null;
  address_key: string | null;
  locale: string;
  time_zone: string;
  /** Null where there are none. */
  headers: string | null;
  /** Null where there are none. */
  attachments: string | null;
  key: string | null;
  resend_of: string | null;
  broadcast: string | null;
  created_at: number;
  /** Null: at once. */
  send_at: number | null;
  expires_at: number | null;
}

/** What does change; narrow, as every step of a message writes here. */
export interface DeliveryRow {
  message_id: string;
  /** Beside those of the message, so that the due-scan and lists by status read this table alone. */
  tenant: string;
  account: string;
  account_tenant: string;
  broadcast: string | null;
  created_at: number;
  work: string;
  /** `NEVER` while a paused broadcast holds it. */
  due_at: number | null;
  attempt: number;
  chunk: string | null;
  priority: number;
  lease_token: string | null;
  /** 1 while the message holds sealed slots that are to be wiped. */
  sealed: number;
  /** The folded outcome: its name, `requeued` where a person took it back, null before the first event. */
  outcome: string | null;
  outcome_attempt: number | null;
  outcome_at: number | null;
  outcome_reason: string | null;
  outcome_failure: string | null;
  /** Null where there are none. */
  flags: string | null;
  /** When its content went; null while it is there. */
  redacted_at: number | null;
}

export interface EventRow {
  id: string;
  tenant: string;
  message_id: string;
  type: string;
  attempt: number;
  occurred_at: number;
  recorded_at: number;
  reason: string | null;
  failure: string | null;
  detail: string;
  /** Of what a provider took: its own id, by which it may report. */
  provider_id: string | null;
}

export interface MigrationRow {
  version: number;
  name: string;
  applied_at: number;
}
