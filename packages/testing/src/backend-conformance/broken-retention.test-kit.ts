import type { EventRecord, Store, Transition } from '@posthorn/core';
import { type BrokenBackend, brokenRoom } from './broken-backend.test-kit.ts';
import { DAY_MS } from './retention-steps.ts';

/** What is in doubt counts as failed. */
const decides = ({ transition }: Store['messages']): Partial<Store['messages']> => ({
  transition: (tenant, transitions) => transition(tenant, transitions.map(decided)),
});

function decided(transition: Transition): Transition {
  const { event } = transition;
  const type: EventRecord['type'] = event.type === 'unknown' ? 'failed' : event.type;
  return { ...transition, event: { ...event, type } };
}

/** Answers for ever what it answered first. */
function remembered<A extends readonly unknown[], R>(ask: (...asked: A) => Promise<R>) {
  const answers = new Map<string, R>();
  return async (...asked: A): Promise<R> => {
    const key = JSON.stringify(asked);
    const answer = answers.get(key) ?? (await ask(...asked));
    answers.set(key, answer);
    return answer;
  };
}

export const brokenRetention: readonly BrokenBackend[] = [
  brokenRoom(
    'retention: what a template’s messages said goes after its days, and the words about them; the rest stays',
    'messages',
    (messages) => ({ events: remembered(messages.events), get: remembered(messages.get) }),
  ),
  brokenRoom(
    'retention: one that waits, is to leave later, or is in doubt is whole until it is done and its days are over',
    'messages',
    decides,
  ),
  brokenRoom(
    'retention: what is redacted is never sent again, and what is told of it later keeps no words',
    'messages',
    ({ events, transition }) => {
      const told = new Map<string, EventRecord>();
      return {
        transition(tenant, transitions) {
          for (const { event } of transitions) told.set(event.id, event);
          return transition(tenant, transitions);
        },
        events: async (tenant, id) => (await events(tenant, id)).map((event) => told.get(event.id) ?? event),
      };
    },
  ),
  brokenRoom(
    'retention: other days count for all messages of a template; without any nothing goes',
    'content',
    ({ saveTemplate }) => {
      let first: number | null = null;
      return {
        saveTemplate(template, content) {
          first ??= template.contentDays;
          return saveTemplate({ ...template, contentDays: first }, content);
        },
      };
    },
  ),
  brokenRoom(
    'retention: old messages go with all that is theirs; what waits, is in doubt or is younger stays',
    'messages',
    decides,
  ),
  brokenRoom(
    'retention: a pass goes in small steps, goes on where it was, and comes again after its pause or when the clock is set back',
    'retention',
    ({ step }) => ({ step: (rules) => step({ ...rules, limit: 1_000 }) }),
  ),
  brokenRoom(
    'retention: of two processes at once every old message is removed and told once',
    'retention',
    ({ step }) => {
      let removed = 0;
      return {
        async step(rules) {
          const taken = await step(rules);
          removed += taken.removed;
          return { ...taken, removed };
        },
      };
    },
  ),
  brokenRoom(
    'retention: an idempotency key goes with the last message of its call',
    'retention',
    (retention, { store }) => ({
      async step(rules) {
        const { findKey } = store.messages;
        const taken = await retention.step(rules);
        // With the first one.
        if (taken.removed > 0) store.messages.findKey = async () => undefined;
        else store.messages.findKey = findKey;
        return taken;
      },
    }),
  ),
  brokenRoom(
    'retention: ad-hoc content goes a day after the last message that says it, unless it is said again',
    'content',
    ({ findAdHocVersion }) => ({ findAdHocVersion: remembered(findAdHocVersion) }),
  ),
  brokenRoom(
    'retention: a file goes a day after the last message, broadcast or template that it travels with',
    'content',
    ({ getFile }) => ({ getFile: remembered(getFile) }),
  ),
  brokenRoom(
    'retention: of a bulk text message with a link it stays whose it was, and of no other message',
    'retention',
    ({ step }) => ({ step: (rules) => step({ ...rules, linkMark: '' }) }),
  ),
  brokenRoom(
    'retention: of an old broadcast its record and counts stay, without people; of one that never began nothing, and of plans no samples',
    'retention',
    ({ step }) => ({ step: (rules) => step({ ...rules, samplesBefore: rules.samplesBefore - 2 * DAY_MS }) }),
  ),
  brokenRoom(
    'retention: reports that belong to no message go by age, also of accounts that nothing is reported to any more',
    'retention',
    ({ step }) => ({ step: (rules) => step({ ...rules, unmatchedBefore: 0 }) }),
  ),
];
