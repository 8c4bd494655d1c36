import type { MessageRecord, OpenedBackend, RetentionRules, Store } from '@posthorn/core';
import { aContent, anEvent, anId, NOON, TENANT } from './records.ts';
import { leave } from './report-steps.ts';

// What laws of old data do on their way.

export const DAY_MS = 24 * 60 * 60 * 1000;
const HOUR_MS = 60 * 60 * 1000;

/** What stands in a text message in place of its link. */
export const LINK = 'the-link-goes-here';

/** Nothing goes but by the days of a template. */
export function rulesAt(now: number, parts: Partial<RetentionRules> = {}): RetentionRules {
  return {
    now,
    messagesBefore: null,
    samplesBefore: 0,
    unmatchedBefore: 0,
    linkMark: LINK,
    pauseMs: HOUR_MS,
    limit: 10,
    ...parts,
  };
}

/** One pass, step by step. Another one is due an hour later. */
export async function pass({ retention }: Store, rules: RetentionRules) {
  const total = { redacted: 0, removed: 0, steps: 0 };
  for (;;) {
    const step = await retention.step(rules);
    total.redacted += step.redacted;
    total.removed += step.removed;
    total.steps += 1;
    if (step.nextAt !== null) return { ...total, nextAt: step.nextAt };
  }
}

/** A pass that removes what is older than noon. */
export function removeOld(store: Store, now = NOON + DAY_MS, parts: Partial<RetentionRules> = {}) {
  return pass(store, rulesAt(now, { messagesBefore: NOON, ...parts }));
}

/** The template of messages, whose content goes after so many days. */
export async function keepFor(store: Store, contentDays: number | null): Promise<void> {
  const template = { tenant: TENANT, key: 'confirmation', label: null, identity: null, contentDays };
  await store.content.saveTemplate(
    { ...template, createdAt: NOON, updatedAt: NOON },
    aContent({ contentHash: 'confirmation' }),
  );
}

/** One that left before noon, and had its outcome then. */
export async function leaveEarly(
  opened: OpenedBackend,
  parts: Partial<MessageRecord> = {},
  daysBefore = 1,
): Promise<MessageRecord> {
  const at = NOON - daysBefore * DAY_MS;
  const message = await leave(opened, { createdAt: at, ...parts }, 'deferred');
  const event = anEvent(message, 'delivered', { id: anId(), occurredAt: at, recordedAt: at });
  await opened.store.messages.transition(message.tenant, [
    { event, when: {}, work: null, otherwise: 'record' },
  ]);
  return message;
}
