import type { Schema } from './schema.ts';

/** Columns that hold such values in some table; a name means the same in all that rows are inserted into. */
type ColumnsOf<T> = {
  [Table in keyof Schema]: {
    [Column in keyof Schema[Table]]: NonNullable<Schema[Table][Column]> extends T ? Column : never;
  }[keyof Schema[Table]];
}[keyof Schema] &
  string;

const NUMBERS: Readonly<Record<ColumnsOf<number>, true>> = {
  applied_at: true,
  attempt: true,
  available_at: true,
  beat: true,
  check_at: true,
  closed_at: true,
  content_days: true,
  created_at: true,
  current_version: true,
  due_at: true,
  ended_at: true,
  expires_at: true,
  failures: true,
  first_created_at: true,
  is_contact: true,
  is_default: true,
  last_created_at: true,
  lease_until: true,
  lifted_at: true,
  listed_at: true,
  messages: true,
  number: true,
  occurred_at: true,
  opens_at: true,
  outcome_at: true,
  outcome_attempt: true,
  paused_at: true,
  position: true,
  priority: true,
  received_at: true,
  recorded_at: true,
  redacted_at: true,
  redacted_to: true,
  removed_at: true,
  room: true,
  sampled: true,
  sealed: true,
  send_at: true,
  since: true,
  size: true,
  start_at: true,
  started_at: true,
  swept: true,
  updated_at: true,
  version: true,
};

const BYTES: Readonly<Record<ColumnsOf<Uint8Array>, true>> = { content: true };

/** What an array of a column's values is called in Postgres. */
export function arrayType(column: string): 'bigint[]' | 'text[]' {
  return Object.hasOwn(NUMBERS, column) ? 'bigint[]' : 'text[]';
}

export function holdsBytes(column: string): boolean {
  return Object.hasOwn(BYTES, column);
}
