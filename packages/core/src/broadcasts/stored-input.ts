import type { Context, Opened, Scope } from '../context.ts';
import { StoreError } from '../errors.ts';
import { type Prepared, prepareSend, type SendTimes } from '../messages/index.ts';
import type { BroadcastRecord, JsonObject } from '../ports/index.ts';
import { loadVersion } from '../templates/index.ts';
import type { CheckedPlan } from './check-plan.ts';

/**
 * What is kept of a plan. The scope with it: the list is made in a worker, which does not know what the host says of a
 * tenant's locale and zone.
 */
export interface StoredInput {
  readonly scope: Omit<Scope, 'tenant' | 'country'> & Partial<Pick<Scope, 'country'>>;
  readonly to: unknown;
  /** The template's own identity, when the plan was made. */
  readonly preferred: string | null;
  readonly send: Pick<
    CheckedPlan['send'],
    'channels' | 'identity' | 'locale' | 'timeZone' | 'headers' | 'replyTo'
  > & {
    readonly attachments: CheckedPlan['send']['files']['refs'];
    readonly expiresAt: number | null;
  };
}

/** As a row holds it. */
export function storedInput(
  { tenant: _tenant, ...scope }: Scope,
  plan: CheckedPlan,
  preferred: string | null,
): JsonObject {
  const { channels, identity, locale, timeZone, headers, replyTo, files, times } = plan.send;
  const stored: StoredInput = {
    scope,
    to: plan.to,
    preferred,
    send: {
      channels,
      identity,
      locale,
      timeZone,
      headers,
      replyTo,
      attachments: files.refs,
      expiresAt: times.expiresAt,
    },
  };
  return JSON.parse(JSON.stringify(stored));
}

export function inputOf(record: BroadcastRecord): StoredInput {
  // Written by `storedInput`.
  return record.input as unknown as StoredInput;
}

/** Whom the broadcast is of, as the call that planned it said. */
export function scopeOf(record: BroadcastRecord): Scope {
  // Before phone numbers were read by country, scopes had none.
  return { country: null, ...inputOf(record).scope, tenant: record.tenant };
}

/** Seals what the call gave for tags: it may hold a password, and waits in the database until the list is made. */
export function sealData({ keyring }: Opened, id: string, data: unknown): string | null {
  return data === undefined ? null : keyring.seal(JSON.stringify(data), bindingOf(id));
}

/** What all messages of a stored broadcast have in common. */
export async function prepareBroadcast(
  context: Context,
  opened: Opened,
  record: BroadcastRecord,
): Promise<Prepared> {
  const { send, preferred } = inputOf(record);
  const loaded = await loadVersion(context, record.tenant, record.versionId);
  if (loaded === undefined) {
    throw new StoreError('store_corrupt', `Broadcast ${record.id} names content that is not there.`);
  }
  const { expiresAt, ...wish } = send;
  return prepareSend(
    context,
    opened,
    scopeOf(record),
    { ...loaded, identity: preferred },
    {
      ...wish,
      locale: wish.locale,
      timeZone: wish.timeZone,
      data:
        record.sealedData === null
          ? undefined
          : JSON.parse(opened.keyring.open(record.sealedData, bindingOf(record.id))),
      times: timesOf(record, expiresAt, context.clock.now()),
      key: null,
      broadcast: record.id,
    },
  );
}

function timesOf({ startAt }: BroadcastRecord, expiresAt: number | null, now: number): SendTimes {
  return { sendAt: startAt !== null && startAt > now ? startAt : null, expiresAt };
}

function bindingOf(id: string): string {
  return `broadcast:${id}`;
}
