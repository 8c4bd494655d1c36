import type { EventRecord, Failure, JsonObject } from '../ports/index.ts';

// What stays of a message's story once its content has gone: what happened, when, of what kind, and who decided it. Words
// of servers and providers go, as they may name people: addresses, links that were followed, where somebody was.

/** Of an event's details these are nobody's data: who decided, and by what name the provider knows message and event. */
const KEPT = ['by', 'provider', 'providerId', 'code'] as const;

/** An event as it is kept of a message without content. */
export function redactEvent<E extends Pick<EventRecord, 'failure' | 'detail'>>(event: E): E {
  const detail: JsonObject = Object.fromEntries(
    KEPT.flatMap((name) => (event.detail[name] === undefined ? [] : [[name, event.detail[name]]])),
  );
  return { ...event, failure: redactFailure(event.failure), detail };
}

/** Its class and codes stay; the words go. */
export function redactFailure(failure: Failure | null): Failure | null {
  if (failure?.reply === undefined) return failure;
  return { ...failure, reply: { ...failure.reply, text: '' } };
}

/** A plan that names nobody. */
export function withoutSamples(plan: JsonObject): JsonObject {
  const { skipped } = plan;
  if (!Array.isArray(skipped)) return plan;
  return { ...plan, skipped: skipped.map((group) => ({ ...(group as JsonObject), samples: [] })) };
}

/** What a broadcast was given, without whom it was to and what travelled with it. */
export function withoutPeople(input: JsonObject): JsonObject {
  const { send } = input;
  const kept = typeof send === 'object' && send !== null && !Array.isArray(send) ? send : {};
  return { ...input, to: [], send: { ...kept, headers: {}, attachments: [] } };
}
