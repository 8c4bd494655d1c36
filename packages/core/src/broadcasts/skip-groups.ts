import type { Draft, SkipReason } from '../messages/index.ts';
import type { SkippedGroup, SkippedPerson } from './broadcast.ts';

/** Who does not get it is shown by the first few; the rest is counted. */
const MAX_SAMPLES = 5;

/** Collects who is skipped, by channel and reason. */
export class SkipGroups {
  readonly #groups = new Map<
    string,
    { -readonly [K in keyof SkippedGroup]: SkippedGroup[K] } & { samples: SkippedPerson[] }
  >();

  add(draft: Draft): void {
    const { message, skip } = draft;
    if (skip === null) return;
    const group = this.#groupOf(message.channel, skip);
    group.count += 1;
    if (group.samples.length < MAX_SAMPLES) group.samples.push(personOf(draft));
  }

  /** The most frequent first. */
  list(): readonly SkippedGroup[] {
    return [...this.#groups.values()].sort((a, b) => b.count - a.count);
  }

  #groupOf(channel: SkippedGroup['channel'], reason: SkipReason) {
    const name = `${channel} ${reason}`;
    const group = this.#groups.get(name) ?? { channel, reason, count: 0, samples: [] };
    this.#groups.set(name, group);
    return group;
  }
}

function personOf({ message, problem }: Draft): SkippedPerson {
  return {
    source: message.recipient?.source ?? null,
    id: message.recipient?.id ?? null,
    name: message.toName,
    address: message.address,
    problem: problem?.message ?? null,
  };
}
