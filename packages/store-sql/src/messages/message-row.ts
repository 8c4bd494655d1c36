import type { Mailbox, MessageHead, MessageRecord } from '@posthorn/core';
import { insertion, type Param } from '../program.ts';
import type { MessageRow } from '../schema.ts';

/** Its rows are `messageValues`. */
export const insertMessages = insertion('posthorn_messages', [
  'id',
  'tenant',
  'channel',
  'template',
  'version_id',
  'skeleton_id',
  'slots',
  'sealed_slots',
  'identity',
  'sender',
  'account',
  'account_tenant',
  'recipient_source',
  'recipient_id',
  'to_name',
  'address',
  'address_key',
  'locale',
  'time_zone',
  'headers',
  'attachments',
  'key',
  'resend_of',
  'broadcast',
  'created_at',
  'send_at',
  'expires_at',
]);

/** In the order of `insertMessages`. `versionId` and `sealedSlots` are given apart: the store decides them. */
export function messageValues(
  message: MessageRecord,
  versionId: string,
  sealedSlots: string | null,
): readonly Param[] {
  return [
    message.id,
    message.tenant,
    message.channel,
    message.template,
    versionId,
    message.skeletonId,
    JSON.stringify(message.slots),
    sealedSlots,
    message.identity,
    JSON.stringify({ from: message.from, replyTo: message.replyTo }),
    message.account,
    message.accountTenant,
    message.recipient?.source ?? null,
    message.recipient?.id ?? null,
    message.toName,
    message.address,
    message.addressKey,
    message.locale,
    message.timeZone,
    hasEntries(message.headers) ? JSON.stringify(message.headers) : null,
    message.attachments.length > 0 ? JSON.stringify(message.attachments) : null,
    message.key,
    message.resendOf,
    message.broadcast,
    message.createdAt,
    message.sendAt,
    message.expiresAt,
  ];
}

/** The columns that become a `MessageHead`. */
export const headColumns = [
  'id',
  'tenant',
  'channel',
  'template',
  'identity',
  'sender',
  'account',
  'account_tenant',
  'recipient_source',
  'recipient_id',
  'to_name',
  'address',
  'address_key',
  'key',
  'resend_of',
  'broadcast',
  'created_at',
] as const;

export type HeadRow = Pick<MessageRow, (typeof headColumns)[number]>;

export function headOf(row: HeadRow, from: Mailbox = JSON.parse(row.sender).from): MessageHead {
  return {
    id: row.id,
    tenant: row.tenant,
    channel: row.channel as MessageHead['channel'],
    template: row.template,
    identity: row.identity,
    from,
    account: row.account,
    accountTenant: row.account_tenant,
    recipient:
      row.recipient_source === null || row.recipient_id === null
        ? null
        : { source: row.recipient_source, id: row.recipient_id },
    toName: row.to_name,
    address: row.address,
    addressKey: row.address_key,
    key: row.key,
    resendOf: row.resend_of,
    broadcast: row.broadcast,
    createdAt: row.created_at,
  };
}

export function messageOf(row: MessageRow): MessageRecord {
  const { from, replyTo } = JSON.parse(row.sender);
  return {
    ...headOf(row, from),
    versionId: row.version_id,
    skeletonId: row.skeleton_id,
    slots: JSON.parse(row.slots),
    sealedSlots: row.sealed_slots,
    replyTo,
    locale: row.locale,
    timeZone: row.time_zone,
    headers: row.headers === null ? {} : JSON.parse(row.headers),
    attachments: row.attachments === null ? [] : JSON.parse(row.attachments),
    sendAt: row.send_at,
    expiresAt: row.expires_at,
  };
}

function hasEntries(object: object): boolean {
  for (const _ in object) return true;
  return false;
}
