import type { CompiledSkeleton, TemplateRecord, VersionRecord } from '@posthorn/core';
import type { TemplateRow, VersionRow } from './content-tables.ts';

export function templateOf(row: TemplateRow): TemplateRecord {
  return {
    tenant: row.tenant,
    key: row.key,
    label: row.label,
    identity: row.identity,
    contentDays: row.content_days,
    currentVersion: row.current_version,
    removedAt: row.removed_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export function versionOf(row: VersionRow): VersionRecord {
  return {
    tenant: row.tenant,
    id: row.id,
    template: row.template,
    number: row.number,
    contentHash: row.content_hash,
    source: JSON.parse(row.source),
    createdAt: row.created_at,
  };
}

export function compiledSkeletonOf(row: { skeleton: string; compiled: string }): CompiledSkeleton {
  return { skeleton: JSON.parse(row.skeleton), compiled: JSON.parse(row.compiled) };
}
