import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeliveryRecord, EventRecord, MessageFlags } from '../ports/index.ts';
import { advance, type EventFact } from './fold-events.ts';
import { foldFlag } from './fold-flags.ts';

const waiting: DeliveryRecord = {
  messageId: 'm',
  work: 'queued',
  dueAt: 5,
  attempt: 2,
  chunk: null,
  priority: 0,
  outcome: null,
  flags: {},
  redactedAt: null,
};

const event = fc.record<EventFact>({
  type: fc.constantFrom<EventRecord['type']>(
    'unknown',
    'requeued',
    'accepted',
    'deferred',
    'failed',
    'rejected',
    'delivered',
    'bounced',
    'opened',
    'clicked',
    'machine_opened',
    'machine_clicked',
    'complained',
    'unsubscribed',
    'resubscribed',
    'reported',
  ),
  attempt: fc.integer({ min: 1, max: 3 }),
  occurredAt: fc.integer({ min: 0, max: 4 }),
  reason: fc.constant(null),
  failure: fc.constantFrom(null, { category: 'spam', fault: 'content', bounceClass: 'blocked' } as const),
});

const flagsAfter = (...said: readonly [EventRecord['type'], number][]): MessageFlags =>
  said.reduce((flags: MessageFlags, [type, occurredAt]) => foldFlag(flags, { type, occurredAt }), {});

describe("one message's events", () => {
  it('have the same outcome and flags in every order, with every duplicate', () => {
    const twoWays = fc
      .array(event, { minLength: 1, maxLength: 12 })
      .chain((all) =>
        fc.tuple(
          fc.constant(all),
          fc.shuffledSubarray([...all, ...all, ...all], { minLength: all.length * 2 }),
        ),
      );
    fc.assert(
      fc.property(twoWays, ([all, again]) => {
        const missing = all.filter((one) => !again.includes(one));
        const one = all.reduce(advance, waiting);
        const other = [...again, ...missing].reduce(advance, waiting);
        expect(other).toEqual(one);
      }),
      { numRuns: 1000 },
    );
  });

  it('change no outcome and end no work where they are flags, or something that we do not know', () => {
    for (const type of ['opened', 'machine_clicked', 'complained', 'resubscribed', 'reported'] as const) {
      const after = advance(waiting, { type, attempt: 9, occurredAt: 9, reason: null, failure: null });
      expect({ ...after, flags: {} }).toEqual(waiting);
    }
  });
});

describe('a flag', () => {
  it('has the time when it was set first', () => {
    expect(flagsAfter(['opened', 3], ['opened', 1], ['opened', 2])).toEqual({ opened: 1 });
  });

  it('is one of people or one of machines', () => {
    expect(flagsAfter(['machine_opened', 1], ['opened', 2])).toEqual({ machine_opened: 1, opened: 2 });
  });

  it('has the time of the last word where it can be taken back', () => {
    expect(flagsAfter(['unsubscribed', 3], ['unsubscribed', 1], ['resubscribed', 2])).toEqual({
      unsubscribed: 3,
      resubscribed: 2,
    });
  });
});
