import type { RetentionRules } from '@posthorn/core';
import { lockDeliveries } from '../locks.ts';
import { all, each, first, type Program, run, statement } from '../program.ts';
import { isFinished } from './finished.ts';
import type { Portion } from './phase.ts';
import { takeContent } from './take-content.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Which template it is at, and how far it has come there. */
interface At {
  readonly tenant: string;
  readonly template: string;
  /** As the template had them: with others it begins again. */
  readonly days: number;
  /** The last message that was looked at; null once only the late ones are left. */
  readonly after: { readonly createdAt: number; readonly id: string } | null;
  /** Up to which time all have been looked at by then. */
  readonly to: number;
}

type Place = { tenant: string; template: string };

const retained = statement((db, p: Place) =>
  db
    .selectFrom('posthorn_templates')
    .select(['tenant', 'key', 'content_days', 'redacted_to'])
    .where('content_days', 'is not', null)
    .where((it) => it(it.refTuple('tenant', 'key'), '>', it.tuple(p.tenant, p.template)))
    .orderBy('tenant')
    .orderBy('key')
    .limit(1),
);

const daysOf = statement((db, p: Place) =>
  db
    .selectFrom('posthorn_templates')
    .select('content_days')
    .where('tenant', '=', p.tenant)
    .where('key', '=', p.template),
);

const lookedTo = statement((db, p: Place & { days: number; to: number }) =>
  db
    .updateTable('posthorn_templates')
    .set({ redacted_to: p.to })
    .where('tenant', '=', p.tenant)
    .where('key', '=', p.template)
    .where('content_days', '=', p.days),
);

const made = statement((db, p: Place & { createdAt: number; id: string; before: number; limit: number }) =>
  db
    .selectFrom('posthorn_messages')
    .select(['id', 'created_at'])
    .where('tenant', '=', p.tenant)
    .where('template', '=', p.template)
    .where((it) => it(it.refTuple('created_at', 'id'), '>', it.tuple(p.createdAt, p.id)))
    .where('created_at', '<', p.before)
    .orderBy('created_at')
    .orderBy('id')
    .limit(p.limit),
);

const late = statement((db, p: Place & { now: number; limit: number }) =>
  db
    .selectFrom('posthorn_late_redactions')
    .select('message_id as id')
    .where('tenant', '=', p.tenant)
    .where('template', '=', p.template)
    .where('check_at', '<=', p.now)
    .orderBy('check_at')
    .orderBy('message_id')
    .limit(p.limit),
);

const states = statement((db, p: { ids: string }, dialect) =>
  db
    .selectFrom('posthorn_deliveries as d')
    .innerJoin('posthorn_messages as m', 'm.id', 'd.message_id')
    .select(['m.id', 'm.created_at', 'm.send_at', 'd.work', 'd.outcome', 'd.redacted_at'])
    .where('d.message_id', 'in', dialect.each(p.ids)),
);

const lookLater = statement((db, p: Place & { messageId: string; checkAt: number }) =>
  db
    .insertInto('posthorn_late_redactions')
    .values({ message_id: p.messageId, tenant: p.tenant, template: p.template, check_at: p.checkAt })
    .onConflict((conflict) =>
      conflict.column('message_id').doUpdateSet((it) => ({ check_at: it.ref('excluded.check_at') })),
    ),
);

/** No longer: it is redacted, or gone. */
const lookNoMore = statement((db, p: { ids: string }, dialect) =>
  db.deleteFrom('posthorn_late_redactions').where('message_id', 'in', dialect.each(p.ids)),
);

/**
 * Template by template, its messages in the order in which they were made, from where the last pass has ended: so a pass
 * that finds nothing reads one row of an index. What cannot go yet is written down apart, to be looked at again.
 */
export function* redactMessages(
  rules: RetentionRules,
  before: At | null,
  limit: number,
): Program<Portion<At>> {
  const at = yield* placeOf(before);
  if (at === null) return { at: null, looked: 0 };
  const { tenant, template, days, after } = at;
  const to = rules.now - days * DAY_MS;
  if (after === null) {
    const rows = yield* all(late, { tenant, template, now: rules.now, limit });
    const redacted = yield* redact(
      at,
      rows.map(({ id }) => id),
      rules.now,
    );
    if (rows.length < limit) yield* run(lookedTo, { tenant, template, days, to: at.to });
    // The next one comes after this one, and has days that nobody has.
    return { at: rows.length < limit ? { ...at, days: -1 } : at, looked: rows.length + 1, redacted };
  }
  const rows = yield* all(made, { tenant, template, ...after, before: to, limit });
  const redacted = yield* redact(
    at,
    rows.map(({ id }) => id),
    rules.now,
  );
  const last = rows.at(-1);
  const isThrough = rows.length < limit || last === undefined;
  return {
    at: { ...at, after: isThrough ? null : { createdAt: last.created_at, id: last.id }, to },
    looked: rows.length + 1,
    redacted,
  };
}

/** Where it goes on; null where no template is left. */
function* placeOf(at: At | null): Program<At | null> {
  if (at !== null && at.days >= 0) {
    const { tenant, template } = at;
    const row = yield* first(daysOf, { tenant, template });
    if (row?.content_days === at.days) return at;
    // Somebody has saved it with other days meanwhile; without any, it is passed over.
    const days = row?.content_days ?? null;
    if (days !== null) return { tenant, template, days, after: { createdAt: 0, id: '' }, to: 0 };
  }
  const next = yield* first(retained, { tenant: at?.tenant ?? '', template: at?.template ?? '' });
  if (next === undefined || next.content_days === null) return null;
  const { tenant, key: template, content_days: days, redacted_to } = next;
  return { tenant, template, days, after: { createdAt: redacted_to ?? 0, id: '' }, to: 0 };
}

/** Answers how many of them it took the content of. */
function* redact({ tenant, template, days }: At, ids: readonly string[], now: number): Program<number> {
  if (ids.length === 0) return 0;
  const given = JSON.stringify(ids);
  yield* lockDeliveries(given);
  const rows = (yield* all(states, { ids: given })).filter(({ redacted_at }) => redacted_at === null);
  const due: string[] = [];
  const later: { messageId: string; tenant: string; template: string; checkAt: number }[] = [];
  for (const row of rows) {
    const dueAt = (row.send_at ?? row.created_at) + days * DAY_MS;
    if (isFinished(row) && dueAt <= now) due.push(row.id);
    else later.push({ messageId: row.id, tenant, template, checkAt: Math.max(dueAt, now + DAY_MS) });
  }
  yield* takeContent(tenant, due, now);
  yield* each(lookLater, later);
  const kept = new Set(later.map(({ messageId }) => messageId));
  const over = ids.filter((id) => !kept.has(id));
  if (over.length > 0) yield* run(lookNoMore, { ids: JSON.stringify(over) });
  return due.length;
}
