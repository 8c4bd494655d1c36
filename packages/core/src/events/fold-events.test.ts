import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeliveryRecord, EventRecord, Work } from '../ports/index.ts';
import { advance, foldEvent, foldEvents } from './fold-events.ts';

type Fact = Parameters<typeof foldEvent>[1];
type Type = EventRecord['type'];

const fact = (type: Type, attempt = 1, occurredAt = 0, reason: string | null = null): Fact => ({
  type,
  attempt,
  occurredAt,
  reason,
  failure: null,
});

/** What people see once all these facts are known. */
const outcomeOf = (...facts: Fact[]) => foldEvents(facts)?.name;

const TYPES: readonly Type[] = [
  'unknown',
  'requeued',
  'accepted',
  'deferred',
  'skipped',
  'failed',
  'canceled',
  'expired',
  'rejected',
  'delivered',
  'bounced',
];

const facts = fc.array(
  fc.record({
    type: fc.constantFrom(...TYPES),
    attempt: fc.integer({ min: 0, max: 3 }),
    occurredAt: fc.integer({ min: 0, max: 4 }),
    reason: fc.constantFrom(null, 'a', 'b'),
    failure: fc.constantFrom(
      null,
      { category: 'timeout', fault: 'network' } as const,
      { category: 'spam', fault: 'content', bounceClass: 'blocked' } as const,
    ),
  }),
  { minLength: 1, maxLength: 12 },
);

describe("a message's outcome", () => {
  it('does not depend on the order in which its events arrive, nor on how often', () => {
    fc.assert(
      fc.property(
        facts.chain((all) =>
          fc.tuple(
            fc.constant(all),
            fc.shuffledSubarray(all, { minLength: all.length }),
            fc.array(fc.constantFrom(...all)),
          ),
        ),
        ([all, shuffled, again]) => {
          expect(foldEvents([...shuffled, ...again])).toEqual(foldEvents(all));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is the same whether all events are folded at once or one at a time', () => {
    fc.assert(
      fc.property(facts, facts, (earlier, later) => {
        let folded = foldEvents(earlier);
        for (const event of later) folded = foldEvent(folded, event);
        expect(folded).toEqual(foldEvents([...earlier, ...later]));
      }),
    );
  });

  it.each([
    ['an accepted message', 'delivered', 'delivered'],
    ['a delivered message that comes back', 'bounced', 'bounced'],
    ['a message in doubt that proves accepted', 'accepted', 'accepted'],
  ] as const)('%s is %s', (_, news, expected) => {
    const known = { delivered: 'accepted', bounced: 'delivered', accepted: 'unknown' }[news] as Type;
    expect(outcomeOf(fact(known, 1, 0), fact(news, 1, 1))).toBe(expected);
  });

  it.each([
    ['unknown', 'accepted'],
    ['accepted', 'deferred'],
    ['deferred', 'failed'],
    ['deferred', 'canceled'],
    ['deferred', 'expired'],
    ['failed', 'rejected'],
    ['canceled', 'rejected'],
    ['expired', 'rejected'],
    ['rejected', 'delivered'],
    ['delivered', 'bounced'],
  ] as const)('of one attempt: %s is outranked by %s, whichever happened first', (lower, higher) => {
    expect(outcomeOf(fact(higher, 1, 1), fact(lower, 1, 2))).toBe(higher);
    expect(outcomeOf(fact(lower, 1, 1), fact(higher, 1, 2))).toBe(higher);
  });

  it('follows the later attempt, whatever the earlier one was', () => {
    expect(outcomeOf(fact('bounced', 1, 9), fact('accepted', 2, 1))).toBe('accepted');
  });

  it('follows the later of two events of one rank', () => {
    expect(outcomeOf(fact('expired', 1, 2), fact('canceled', 1, 1))).toBe('expired');
  });

  it('is gone again when a person has a doubtful one sent again, and stays if it proves accepted', () => {
    expect(outcomeOf(fact('unknown'), fact('requeued'))).toBeNull();
    expect(outcomeOf(fact('unknown'), fact('requeued', 1, 1), fact('accepted', 1, 0))).toBe('accepted');
  });
});

describe('the work on a message', () => {
  const waiting = (work: Work): DeliveryRecord => ({
    messageId: 'm',
    work,
    dueAt: 5,
    attempt: 1,
    chunk: 'c',
    priority: 0,
    outcome: null,
    flags: {},
    redactedAt: null,
  });

  it.each(['accepted', 'delivered', 'bounced'] as const)(
    'that waits ends when an earlier attempt proves %s',
    (type) => {
      for (const work of ['scheduled', 'queued'] as const) {
        expect(advance(waiting(work), fact(type))).toMatchObject({ work: 'done', dueAt: null, chunk: null });
      }
    },
  );

  it('that waits goes on when news prove nothing', () => {
    for (const type of ['unknown', 'deferred', 'failed'] as const) {
      expect(advance(waiting('queued'), fact(type))).toMatchObject({ work: 'queued', dueAt: 5, chunk: 'c' });
    }
  });

  it('that is being handed over is left to the worker that does it', () => {
    expect(advance(waiting('sending'), fact('accepted')).work).toBe('sending');
  });
});
