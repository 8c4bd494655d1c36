import type { RetentionRules } from '@posthorn/core';
import { all, first, type Program, run, statement } from '../program.ts';
import { nextTenant } from '../reports/find-reported.ts';
import { endFileUses } from './file-uses.ts';
import { isFinished } from './finished.ts';
import type { Portion } from './phase.ts';
import { keepLinks } from './short-links.ts';
import { loosenContents } from './unused-contents.ts';

interface At {
  readonly tenant: string;
  /** The last message that was looked at; null where the tenant is through. */
  readonly after: { readonly createdAt: number; readonly id: string } | null;
}

const old = statement(
  (db, p: { tenant: string; createdAt: number; id: string; before: number; limit: number }, dialect) =>
    dialect.passLocked(
      db
        .selectFrom('posthorn_messages as m')
        .innerJoin('posthorn_deliveries as d', 'd.message_id', 'm.id')
        .select(['m.id', 'm.created_at', 'm.send_at', 'm.template', 'm.version_id', 'm.attachments', 'm.key'])
        .select(['m.channel', 'm.broadcast', 'd.work', 'd.outcome', 'd.outcome_at', 'd.redacted_at'])
        .where('m.tenant', '=', p.tenant)
        .where((it) => it(it.refTuple('m.created_at', 'm.id'), '>', it.tuple(p.createdAt, p.id)))
        .where('m.created_at', '<', p.before)
        .orderBy('m.created_at')
        .orderBy('m.id')
        .limit(p.limit),
    ),
);

type Ids = { ids: string };

const dropEvents = statement((db, p: Ids, dialect) =>
  db.deleteFrom('posthorn_events').where('message_id', 'in', dialect.each(p.ids)),
);
const dropLate = statement((db, p: Ids, dialect) =>
  db.deleteFrom('posthorn_late_redactions').where('message_id', 'in', dialect.each(p.ids)),
);
const dropDeliveries = statement((db, p: Ids, dialect) =>
  db.deleteFrom('posthorn_deliveries').where('message_id', 'in', dialect.each(p.ids)),
);
const dropMessages = statement((db, p: Ids, dialect) =>
  db.deleteFrom('posthorn_messages').where('id', 'in', dialect.each(p.ids)),
);

const keysOf = statement((db, p: { tenant: string; keys: string }, dialect) =>
  db
    .selectFrom('posthorn_keys')
    .select(['key', 'message_ids'])
    .where('tenant', '=', p.tenant)
    .where('key', 'in', dialect.each(p.keys)),
);
const there = statement((db, p: Ids, dialect) =>
  db.selectFrom('posthorn_deliveries').select('message_id').where('message_id', 'in', dialect.each(p.ids)),
);
const dropKeys = statement((db, p: { tenant: string; keys: string }, dialect) =>
  db.deleteFrom('posthorn_keys').where('tenant', '=', p.tenant).where('key', 'in', dialect.each(p.keys)),
);

/** Tenant by tenant, in the order in which messages were made. What somebody has in hand at the moment goes the next time. */
export function* removeMessages(
  rules: RetentionRules,
  before: At | null,
  limit: number,
): Program<Portion<At>> {
  const { messagesBefore, linkMark, now } = rules;
  if (messagesBefore === null) return { at: null, looked: 0 };
  const at = before?.after ? before : yield* nextPlace(before?.tenant ?? '');
  if (at === null || at.after === null) return { at: null, looked: 1 };
  const { tenant } = at;
  const rows = yield* all(old, { tenant, ...at.after, before: messagesBefore, limit });
  const removed = rows.filter(
    (row) =>
      isFinished(row) && Math.max(row.send_at ?? 0, row.created_at, row.outcome_at ?? 0) < messagesBefore,
  );
  if (removed.length > 0) {
    const messageIds = removed.map(({ id }) => id);
    const ids = JSON.stringify(messageIds);
    yield* keepLinks(
      removed.filter(({ channel, broadcast }) => channel === 'sms' && broadcast !== null).map(({ id }) => id),
      linkMark,
    );
    yield* run(dropEvents, { ids });
    yield* run(dropLate, { ids });
    yield* run(dropDeliveries, { ids });
    yield* run(dropMessages, { ids });
    yield* endKeys(tenant, [...new Set(removed.map(({ key }) => key).filter((key) => key !== null))]);
    const adHoc = removed.filter(({ template }) => template === null).map((row) => row.version_id);
    yield* loosenContents(tenant, adHoc, now);
    const withFiles = removed.filter(
      ({ attachments, broadcast }) => attachments !== null && broadcast === null,
    );
    if (withFiles.length > 0)
      yield* endFileUses(
        tenant,
        withFiles.map(({ id }) => id),
        now,
      );
  }
  const last = rows.at(-1);
  const isThrough = rows.length < limit || last === undefined;
  return {
    at: { tenant, after: isThrough ? null : { createdAt: last.created_at, id: last.id } },
    looked: rows.length + 1,
    removed: removed.length,
  };
}

function* nextPlace(tenant: string): Program<At | null> {
  const next = yield* first(nextTenant, { after: tenant });
  return next === undefined ? null : { tenant: next.tenant, after: { createdAt: -1, id: '' } };
}

/** A call's key goes with the last of its messages. */
function* endKeys(tenant: string, keys: readonly string[]): Program<void> {
  if (keys.length === 0) return;
  const rows = (yield* all(keysOf, { tenant, keys: JSON.stringify(keys) })).map(({ key, message_ids }) => {
    return { key, ids: JSON.parse(message_ids) as readonly string[] };
  });
  const left = yield* all(there, { ids: JSON.stringify(rows.flatMap(({ ids }) => ids)) });
  const known = new Set(left.map(({ message_id }) => message_id));
  const over = rows.filter(({ ids }) => !ids.some((id) => known.has(id)));
  if (over.length === 0) return;
  yield* run(dropKeys, { tenant, keys: JSON.stringify(over.map(({ key }) => key)) });
}
