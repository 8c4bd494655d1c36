import type { StoredMessage } from '@posthorn/core';
import { deliveryColumns, deliveryOf } from '../deliveries/delivery-row.ts';
import type { Database, DeliveryRow, MessageRow } from '../schema.ts';
import { messageOf } from './message-row.ts';

/** A message beside its delivery, as one row. */
export type StoredMessageRow = MessageRow & Pick<DeliveryRow, (typeof deliveryColumns)[number]>;

export function storedMessages(db: Database) {
  return db
    .selectFrom('posthorn_deliveries as d')
    .innerJoin('posthorn_messages as m', 'm.id', 'd.message_id')
    .selectAll('m')
    .select(deliveryColumns.map((column) => `d.${column}` as const));
}

export function storedMessageOf(row: StoredMessageRow): StoredMessage {
  return { message: messageOf(row), delivery: deliveryOf(row) };
}
