import type { AddressReportRecord, EventRecord, JsonObject, Report, ReportedFact } from '../ports/index.ts';
import type { Match } from './match.ts';
import { readAddress } from './read-address.ts';
import { reportedId } from './reported-id.ts';
import { timeOf } from './reported-time.ts';

/**
 * What a report says of a message, with ids that follow from it and not from when it came: the same report again is the
 * same fact.
 */
export function factOf(report: Report, match: Match, receivedAt: number): ReportedFact {
  const { message, attempt } = match;
  const at = Math.max(timeOf(report, receivedAt), message.createdAt);
  const { failure, occurredAt } = report;
  const type = report.type === 'other' ? 'reported' : report.type;
  // The provider's word marks the event as reported: what we found out ourselves has none.
  const detail = { provider: report.type, ...report.detail };
  // Of an answer (`STOP`) the inbound message is all that tells one from another.
  const answer = match.byAddress ? report.providerId : null;
  const said = [message.id, attempt, type, occurredAt, failure, report.list, answer, detail];
  const event: EventRecord = {
    id: reportedId(Math.max(occurredAt ?? 0, message.createdAt), said),
    tenant: message.tenant,
    messageId: message.id,
    type,
    attempt,
    occurredAt: at,
    recordedAt: receivedAt,
    reason: null,
    failure,
    detail,
  };
  return { event, address: addressReportOf(report, match, event) };
}

function addressReportOf(report: Report, match: Match, event: EventRecord): AddressReportRecord | null {
  const { type, list, providerId } = report;
  if (type !== 'complained' && type !== 'unsubscribed' && type !== 'resubscribed') return null;
  const { id: messageId, tenant, channel, address, addressKey, broadcast } = match.message;
  if (addressKey === null) return null;
  const { occurredAt } = event;
  const evidence: JsonObject = {
    how: channel === 'sms' && match.byAddress ? 'reply' : 'provider',
    message: messageId,
    ...(broadcast === null ? {} : { broadcast }),
    ...(list === null ? {} : { list }),
    ...(providerId === null ? {} : { providerId }),
    occurredAt: new Date(occurredAt).toISOString(),
  };
  // Whichever message was the latest when it came: the answer is the same one.
  const isAnswer = match.byAddress && providerId !== null;
  return {
    tenant,
    channel,
    addressKey,
    id: isAnswer ? reportedId(0, [tenant, addressKey, type, providerId]) : event.id,
    type,
    list,
    occurredAt,
    recordedAt: event.recordedAt,
    address: address === null ? null : (readAddress(channel, address) ?? address),
    evidence,
  };
}
