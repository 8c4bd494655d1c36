import { cleanReply } from '../delivery/index.ts';
import type { Failure, Json, JsonObject, Report } from '../ports/index.ts';

/** In characters of JSON. */
const MAX_DETAIL = 4_000;
const MAX_FIELDS = 30;
const MAX_DEPTH = 4;
const MAX_ID = 300;

/** A report fit to be stored and shown: bounded, and without control characters. Null of an id that is too long to be one. */
export function cleanReport(report: Report): Report {
  return {
    type: report.type,
    token: report.token,
    providerId: idOf(report.providerId),
    address: idOf(report.address),
    occurredAt: report.occurredAt,
    failure: report.failure && cleanFailure(report.failure),
    list: report.list === null ? null : cleanReply(report.list).slice(0, MAX_ID),
    detail: cleanDetail(report.detail),
  };
}

function idOf(text: string | null): string | null {
  return text === null || text === '' || text.length > MAX_ID ? null : cleanReply(text);
}

function cleanFailure(failure: Failure): Failure {
  const { reply } = failure;
  return reply === undefined ? failure : { ...failure, reply: { ...reply, text: cleanReply(reply.text) } };
}

function cleanDetail(detail: JsonObject): JsonObject {
  const clean = cleanValue(detail, 0) as JsonObject;
  if (JSON.stringify(clean).length <= MAX_DETAIL) return clean;
  const { provider } = clean;
  return { ...(typeof provider === 'string' ? { provider } : {}), tooLong: true };
}

function cleanValue(value: Json, depth: number): Json {
  if (typeof value === 'string') return cleanReply(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === MAX_DEPTH) return null;
  if (Array.isArray(value)) return value.slice(0, MAX_FIELDS).map((it) => cleanValue(it, depth + 1));
  const fields = Object.entries(value).slice(0, MAX_FIELDS);
  return Object.fromEntries(
    fields.map(([name, field]) => [cleanReply(name).slice(0, 100), cleanValue(field, depth + 1)]),
  );
}
