import { redactEvent, redactFailure } from '@posthorn/core';
import { all, each, type Program, run, statement } from '../program.ts';
import { endFileUses } from './file-uses.ts';

const empty = statement((db, p: { ids: string }, dialect) =>
  db
    .updateTable('posthorn_messages')
    .set({ slots: '[]', sealed_slots: null, headers: null, attachments: null })
    .where('id', 'in', dialect.each(p.ids)),
);

const markRedacted = statement((db, p: { ids: string; now: number }, dialect) =>
  db
    .updateTable('posthorn_deliveries')
    .set({ redacted_at: p.now, sealed: 0 })
    .where('message_id', 'in', dialect.each(p.ids)),
);

const failures = statement((db, p: { ids: string }, dialect) =>
  db
    .selectFrom('posthorn_deliveries')
    .select(['message_id', 'outcome_failure'])
    .where('message_id', 'in', dialect.each(p.ids))
    .where('outcome_failure', 'is not', null),
);

const setFailure = statement((db, p: { messageId: string; outcomeFailure: string }) =>
  db
    .updateTable('posthorn_deliveries')
    .set({ outcome_failure: p.outcomeFailure })
    .where('message_id', '=', p.messageId),
);

const eventsWithWords = statement((db, p: { ids: string }, dialect) =>
  db
    .selectFrom('posthorn_events')
    .select(['message_id', 'id', 'failure', 'detail'])
    .where('message_id', 'in', dialect.each(p.ids))
    .where((it) => it.or([it('failure', 'is not', null), it('detail', '<>', '{}')])),
);

const setWords = statement(
  (db, p: { messageId: string; id: string; failure: string | null; detail: string }) =>
    db
      .updateTable('posthorn_events')
      .set({ failure: p.failure, detail: p.detail })
      .where('message_id', '=', p.messageId)
      .where('id', '=', p.id),
);

/** What these said, and the words in which others told of them. Their deliveries are locked. */
export function* takeContent(tenant: string, messageIds: readonly string[], now: number): Program<void> {
  if (messageIds.length === 0) return;
  const ids = JSON.stringify(messageIds);
  yield* run(empty, { ids });
  yield* run(markRedacted, { ids, now });
  const outcomes = yield* all(failures, { ids });
  yield* each(
    setFailure,
    outcomes.map(({ message_id: messageId, outcome_failure }) => {
      return { messageId, outcomeFailure: JSON.stringify(redactFailure(parsed(outcome_failure))) };
    }),
  );
  const events = yield* all(eventsWithWords, { ids });
  const told = events.map((row) => {
    const { failure, detail } = redactEvent({ failure: parsed(row.failure), detail: JSON.parse(row.detail) });
    const words = { failure: failure && JSON.stringify(failure), detail: JSON.stringify(detail) };
    return { row, words: { messageId: row.message_id, id: row.id, ...words } };
  });
  yield* each(
    setWords,
    told
      .filter(({ row, words }) => row.failure !== words.failure || row.detail !== words.detail)
      .map(({ words }) => words),
  );
  yield* endFileUses(tenant, messageIds, now);
}

function parsed(json: string | null) {
  return json === null ? null : JSON.parse(json);
}
