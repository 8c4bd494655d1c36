import type { Page } from '../cursor.ts';
import type { Channel, JsonObject, SuppressionReason, SuppressionRecord } from '../ports/index.ts';

/** The address a suppression is about: an email address or a phone number. */
export type SuppressedAddress = { readonly email: string } | { readonly phone: string };

/** A mark made by hand. */
export type SuppressionInput = SuppressedAddress & {
  /** `blocked` where nothing is said. */
  readonly reason?: SuppressionReason | undefined;
  /** Who decided it. */
  readonly by?: string | undefined;
  readonly note?: string | undefined;
};

/** Which marks end, and who decided it. */
export type LiftInput = SuppressedAddress & {
  /** Only the mark with this reason; every one in force where nothing is said. */
  readonly reason?: SuppressionReason | undefined;
  readonly by?: string | undefined;
  readonly note?: string | undefined;
};

/** An address that must not be written to, or once was. */
export interface Suppression {
  readonly id: string;
  readonly channel: Channel;
  /** Normalised, as it is compared; null once erased. */
  readonly address: string | null;
  readonly reason: SuppressionReason;
  /** What it rests on: `{ by, note }` of a person, or the bounce. */
  readonly evidence: JsonObject;
  readonly createdAt: Date;
  readonly liftedAt: Date | null;
  /** Who lifted it and why. */
  readonly lifted: JsonObject | null;
}

/** What `suppressions.list` answers. */
export interface SuppressionListOptions {
  readonly channel?: 'email' | 'sms' | undefined;
  /** 1 to 500; 50 where nothing is said. */
  readonly limit?: number | undefined;
  /** `next` of the page before. */
  readonly cursor?: string | undefined;
}

/** Addresses that must not be written to: invalid, complained, unsubscribed, blocked by hand. */
export interface Suppressions {
  /**
   * Marks an address: nothing is sent to it from now on, also of what already waits. An address that has the mark keeps
   * it as it is.
   *
   * @throws InputError `invalid_address`, `invalid_input`.
   *
   * @example
   * ```ts
   * import type { Posthorn } from '@posthorn/core';
   *
   * export async function block(posthorn: Posthorn) {
   *   await posthorn.suppressions.add({ email: 'anna@example.dk', by: 'kim', note: 'asked by phone' });
   * }
   * ```
   */
  add(input: SuppressionInput): Promise<Suppression>;
  /**
   * Ends the marks of an address and answers those that ended; none where there was none.
   *
   * @throws InputError `invalid_address`, `invalid_input`.
   */
  lift(input: LiftInput): Promise<readonly Suppression[]>;
  /**
   * The mark in force (the earliest, where there are several), or null where the address may be written to.
   *
   * @throws InputError `invalid_address`, `invalid_input`.
   */
  get(address: SuppressedAddress): Promise<Suppression | null>;
  /**
   * Every mark the address ever had, newest first.
   *
   * @throws InputError `invalid_address`, `invalid_input`.
   */
  history(address: SuppressedAddress): Promise<readonly Suppression[]>;
  /**
   * Marks in force, newest first.
   *
   * @throws InputError `invalid_cursor`, `invalid_input`.
   */
  list(options?: SuppressionListOptions): Promise<Page<Suppression>>;
}

/** A row as people see it. */
export function suppressionOf(record: SuppressionRecord): Suppression {
  return {
    id: record.id,
    channel: record.channel,
    address: record.address,
    reason: record.reason,
    evidence: record.evidence,
    createdAt: new Date(record.createdAt),
    liftedAt: record.liftedAt === null ? null : new Date(record.liftedAt),
    lifted: record.lifted,
  };
}
