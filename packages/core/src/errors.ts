/**
 * Stable codes of every error Posthorn throws. A code never changes its meaning; new ones may be added, so a
 * `switch` over them needs a `default`.
 */
export type PosthornErrorCode =
  // The caller's input
  | 'invalid_input'
  | 'invalid_address'
  | 'header_injection'
  | 'template_syntax'
  | 'template_subject_missing'
  | 'template_empty'
  | 'template_limit'
  | 'template_unsafe'
  | 'unknown_tag'
  | 'invalid_tag_value'
  | 'invalid_query'
  | 'invalid_cursor'
  | 'wait_with_tx'
  | 'resend_needs_data'
  // Something named does not exist
  | 'unknown_adapter'
  | 'unknown_account'
  | 'unknown_identity'
  | 'unknown_template'
  | 'unknown_snippet'
  | 'unknown_source'
  | 'unknown_recipient'
  | 'unknown_segment'
  | 'unknown_message'
  | 'unknown_broadcast'
  // It collides with what is there
  | 'idempotency_conflict'
  | 'account_in_use'
  | 'account_key_reserved'
  | 'default_required'
  | 'template_in_use'
  | 'not_in_doubt'
  | 'content_redacted'
  | 'broadcast_state'
  | 'too_expensive'
  // Set-up
  | 'no_sender'
  | 'no_account'
  | 'no_webhook'
  | 'public_url_missing'
  | 'secrets_missing'
  | 'secret_unreadable'
  | 'tenant_wall'
  | 'tx_unsupported'
  | 'tx_not_open'
  | 'closed'
  // The host's recipients
  | 'source_failed'
  // The store
  | 'store_busy'
  | 'store_full'
  | 'store_readonly'
  | 'store_corrupt'
  | 'store_newer'
  | 'store_unreachable'
  | 'store_failed';

/** What an error says beside its message. */
export interface ErrorDetails {
  /** Where in the input, as dots and brackets: `email.subject`, `to[3].email`. */
  readonly path?: string | undefined;
  /** What to do about it, one sentence. */
  readonly advice?: string | undefined;
  readonly cause?: unknown;
  /** Every problem found, where there can be several. */
  readonly issues?: readonly ErrorIssue[] | undefined;
}

/** One of several problems in one input. */
export interface ErrorIssue {
  readonly path: string;
  readonly message: string;
}

/**
 * The root of everything Posthorn throws on purpose. Its `message` is a sentence with the advice appended; `code` is
 * what a program looks at.
 *
 * @example
 * ```ts
 * import { PosthornError } from '@posthorn/core';
 *
 * export function isDuplicate(error: unknown): boolean {
 *   return error instanceof PosthornError && error.code === 'idempotency_conflict';
 * }
 * ```
 */
export class PosthornError extends Error {
  readonly code: PosthornErrorCode;
  readonly path: string | undefined;
  readonly advice: string | undefined;
  readonly issues: readonly ErrorIssue[];

  constructor(code: PosthornErrorCode, message: string, details: ErrorDetails = {}) {
    const advice = details.advice === undefined ? '' : ` ${details.advice}`;
    super(`${message}${advice}`, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.path = details.path;
    this.advice = details.advice;
    this.issues = details.issues ?? [];
  }
}

/** The input is wrong: mend the call. */
export class InputError extends PosthornError {}
/** Something named in the call does not exist (or belongs to another tenant, which is the same). */
export class NotFoundError extends PosthornError {}
/** The call is right, but what is there forbids it. */
export class ConflictError extends PosthornError {}
/** The set-up is wrong or unfinished: mend `createPosthorn`'s options or the stored settings. */
export class ConfigurationError extends PosthornError {}
/** A recipient source could not be read: the host's own query or function failed, or answered something else. */
export class SourceError extends PosthornError {}
/** The database refused: busy, full, read-only, corrupt, newer than this version. */
export class StoreError extends PosthornError {}
