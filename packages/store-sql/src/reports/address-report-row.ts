import type { AddressReportRecord } from '@posthorn/core';
import { insertion, type Param } from '../program.ts';
import type { AddressReportRow } from './report-tables.ts';

/** Its rows are `addressReportValues`. */
export const insertAddressReport = insertion('posthorn_address_reports', [
  'tenant',
  'channel',
  'address_key',
  'id',
  'type',
  'list',
  'occurred_at',
  'recorded_at',
  'address',
  'evidence',
]);

/** In the order of `insertAddressReport`. */
export function addressReportValues(report: AddressReportRecord): readonly Param[] {
  return [
    report.tenant,
    report.channel,
    report.addressKey,
    report.id,
    report.type,
    report.list,
    report.occurredAt,
    report.recordedAt,
    report.address,
    JSON.stringify(report.evidence),
  ];
}

export function addressReportOf(row: AddressReportRow): AddressReportRecord {
  return {
    tenant: row.tenant,
    channel: row.channel as AddressReportRecord['channel'],
    addressKey: row.address_key,
    id: row.id,
    type: row.type as AddressReportRecord['type'],
    list: row.list,
    occurredAt: row.occurred_at,
    recordedAt: row.recorded_at,
    address: row.address,
    evidence: JSON.parse(row.evidence),
  };
}
