import type { BroadcastRecord } from '@posthorn/core';
import { canonicalText, jsonText } from '../json-text.ts';
import { insertion, type Param } from '../program.ts';
import type { BroadcastRow } from '../schema.ts';

/** Without the times of its messages, which come with them. */
export const insertBroadcast = insertion('posthorn_broadcasts', [
  'tenant',
  'id',
  'label',
  'state',
  'paused_at',
  'template',
  'version_id',
  'input',
  'sealed_data',
  'plan',
  'start_at',
  'max_cost',
  'cursor',
  'first_message',
  'last_message',
  'failure',
  'created_at',
  'started_at',
  'listed_at',
  'ended_at',
]);

/** In the order of `insertBroadcast`. */
export function broadcastValues(record: BroadcastRecord): readonly Param[] {
  return [
    record.tenant,
    record.id,
    record.label,
    record.state,
    record.pausedAt,
    record.template,
    record.versionId,
    JSON.stringify(record.input),
    record.sealedData,
    JSON.stringify(record.plan),
    record.startAt,
    record.maxCost,
    record.cursor && canonicalText(record.cursor),
    record.firstMessage,
    record.lastMessage,
    jsonText(record.failure),
    record.createdAt,
    record.startedAt,
    record.listedAt,
    record.endedAt,
  ];
}

export function broadcastOf(row: BroadcastRow): BroadcastRecord {
  return {
    tenant: row.tenant,
    id: row.id,
    label: row.label,
    state: row.state as BroadcastRecord['state'],
    pausedAt: row.paused_at,
    template: row.template,
    versionId: row.version_id,
    input: JSON.parse(row.input),
    sealedData: row.sealed_data,
    plan: JSON.parse(row.plan),
    startAt: row.start_at,
    maxCost: row.max_cost,
    cursor: row.cursor === null ? null : JSON.parse(row.cursor),
    firstMessage: row.first_message,
    lastMessage: row.last_message,
    failure: row.failure === null ? null : JSON.parse(row.failure),
    createdAt: row.created_at,
    startedAt: row.started_at,
    listedAt: row.listed_at,
    endedAt: row.ended_at,
  };
}
