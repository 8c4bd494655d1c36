import type { RetentionRules, RetentionStep } from '@posthorn/core';
import { lock } from '../locks.ts';
import { first, type Program, run, statement } from '../program.ts';
import { dropLoose } from './drop-loose.ts';
import { dropUnmatched } from './drop-unmatched.ts';
import type { Phase } from './phase.ts';
import { redactMessages } from './redact-messages.ts';
import { removeMessages } from './remove-messages.ts';
import { forgetSamples, sweepBroadcasts } from './sweep-broadcasts.ts';

/** Their order is what a stored place counts on: new ones go to the end. */
const PHASES = [
  redactMessages,
  removeMessages,
  sweepBroadcasts,
  forgetSamples,
  dropUnmatched,
  dropLoose,
] as readonly unknown[] as readonly Phase<unknown>[];

interface Place {
  readonly phase: number;
  readonly at: unknown;
}

const NAME = 'retention';

const upkeep = statement((db, p: { name: string }) =>
  db.selectFrom('posthorn_upkeep').select(['due_at', 'place']).where('name', '=', p.name),
);

const save = statement((db, p: { name: string; dueAt: number; place: string | null }) =>
  db
    .insertInto('posthorn_upkeep')
    .values({ name: p.name, due_at: p.dueAt, place: p.place })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((it) => ({
        due_at: it.ref('excluded.due_at'),
        place: it.ref('excluded.place'),
      })),
    ),
);

/** When a pass is due; what has begun is due at once. */
export function* retentionDueAt(now: number, pauseMs: number): Program<number> {
  const row = yield* first(upkeep, { name: NAME });
  if (row === undefined || row.place !== null) return now;
  // Further away than a pause it can only be because the clock has been set back.
  return row.due_at - now > pauseMs ? now : row.due_at;
}

/** The next step of a pass. Whoever comes at the same time waits for it, and does the one after it. */
export function* takeRetentionStep(rules: RetentionRules): Program<RetentionStep> {
  const { now, pauseMs } = rules;
  yield* lock(NAME);
  const dueAt = yield* retentionDueAt(now, pauseMs);
  if (dueAt > now) return { redacted: 0, removed: 0, nextAt: dueAt };
  const row = yield* first(upkeep, { name: NAME });
  let place: Place = row === undefined || row.place === null ? { phase: 0, at: null } : JSON.parse(row.place);
  let looked = 0;
  let redacted = 0;
  let removed = 0;
  while (looked < rules.limit) {
    const phase = PHASES[place.phase];
    if (phase === undefined) break;
    const portion = yield* phase(rules, place.at, rules.limit - looked);
    looked += portion.looked;
    redacted += portion.redacted ?? 0;
    removed += portion.removed ?? 0;
    place = portion.at === null ? { phase: place.phase + 1, at: null } : { ...place, at: portion.at };
  }
  const isOver = place.phase >= PHASES.length;
  const next = now + pauseMs;
  yield* run(save, {
    name: NAME,
    dueAt: isOver ? next : now,
    place: isOver ? null : JSON.stringify(place),
  });
  return { redacted, removed, nextAt: isOver ? next : null };
}
