import {
  type AddressReportRecord,
  isReported,
  type JsonObject,
  type ReportedFact,
  reportsSince,
  type SettledFact,
  type SuppressionReason,
  type SuppressionRecord,
  unsubscribedBy,
} from '@posthorn/core';
import { all, first, insert, type Program, statement } from '../program.ts';
import { addSuppression } from '../suppressions/add-suppression.ts';
import { suppressionHistory } from '../suppressions/find-suppressions.ts';
import { liftSuppression } from '../suppressions/lift-suppression.ts';
import { addressReportOf, addressReportValues, insertAddressReport } from './address-report-row.ts';

type Changes = Pick<SettledFact, 'marked' | 'lifted'>;

const NOTHING: Changes = { marked: [], lifted: [] };

const ofAddress = statement((db, p: { tenant: string; channel: string; addressKey: string }) =>
  db
    .selectFrom('posthorn_address_reports')
    .selectAll()
    .where('tenant', '=', p.tenant)
    .where('channel', '=', p.channel)
    .where('address_key', '=', p.addressKey),
);

const byId = statement((db, p: { tenant: string; channel: string; addressKey: string; id: string }) =>
  db
    .selectFrom('posthorn_address_reports')
    .select('id')
    .where('tenant', '=', p.tenant)
    .where('channel', '=', p.channel)
    .where('address_key', '=', p.addressKey)
    .where('id', '=', p.id),
);

/** Few reports say anything of an address: they are looked for one by one. */
export function* knownAddressReports(facts: readonly ReportedFact[]): Program<readonly string[]> {
  const known: string[] = [];
  for (const { address } of facts) {
    if (address === null) continue;
    const { tenant, channel, addressKey, id } = address;
    const row = yield* first(byId, { tenant, channel, addressKey, id });
    if (row !== undefined) known.push(row.id);
  }
  return known;
}

/** Of one that is new: stores it, and brings the address's marks to what all of its reports say together. */
export function* applyAddressReport(report: AddressReportRecord): Program<Changes> {
  const { tenant, channel, addressKey } = report;
  const before = (yield* all(ofAddress, { tenant, channel, addressKey })).map(addressReportOf);
  yield* insert(insertAddressReport, [addressReportValues(report)]);
  const history = yield* suppressionHistory(tenant, channel, addressKey);
  const reports = reportsSince([...before, report], history);
  const inForce = (reason: SuppressionReason) =>
    history.find((mark) => mark.reason === reason && mark.liftedAt === null);
  if (report.type === 'complained') {
    const marks = reports.includes(report) && inForce('complained') === undefined;
    return marks ? { ...NOTHING, marked: [yield* mark(report, report)] } : NOTHING;
  }
  return yield* settleMark(report, inForce('unsubscribed'), unsubscribedBy(reports));
}

/** A mark that a person or our own page has made is theirs to end. */
function* settleMark(
  report: AddressReportRecord,
  current: SuppressionRecord | undefined,
  cause: AddressReportRecord | null,
): Program<Changes> {
  if (current !== undefined && !isReported(current.evidence)) return NOTHING;
  if (current !== undefined && cause !== null && cause.list === listOf(current)) return NOTHING;
  const lifted = current === undefined ? [] : yield* lift(report);
  return { lifted, marked: cause === null ? [] : [yield* mark(cause, report)] };
}

function listOf({ evidence }: SuppressionRecord): unknown {
  return evidence.list ?? null;
}

/** `id` and time of the mark are the latest report's. */
function* mark(
  cause: AddressReportRecord,
  { id, recordedAt }: AddressReportRecord,
): Program<SuppressionRecord> {
  return yield* addSuppression({
    tenant: cause.tenant,
    id,
    channel: cause.channel,
    addressKey: cause.addressKey,
    address: cause.address,
    reason: cause.type === 'complained' ? 'complained' : 'unsubscribed',
    evidence: cause.evidence,
    createdAt: recordedAt,
    liftedAt: null,
    lifted: null,
  });
}

function* lift(report: AddressReportRecord): Program<readonly SuppressionRecord[]> {
  const { tenant, channel, addressKey, recordedAt } = report;
  const lifted: JsonObject = report.evidence;
  return yield* liftSuppression(tenant, channel, addressKey, lifted, recordedAt, 'unsubscribed');
}
