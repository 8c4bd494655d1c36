import type { Answer } from '@posthorn/testing';
import fc from 'fast-check';
import { it } from 'vitest';
import { type Command, MEMBERS, TOTAL, World } from './world.test-kit.ts';

/**
 * Broadcasts of a host with two processes, under whatever may happen to them. The laws: each person has at most one
 * message of a broadcast, and exactly one of a broadcast that has ended well; nothing is begun while it is paused, or once
 * it is canceled; nobody is written to twice; the counts are those of the rows.
 */

const HOUR = 3_600_000;

const which = fc.nat(TOTAL - 1);
const slot = fc.nat(1);
const answers = fc.array(
  fc.constantFrom<Answer>('deferred', 'unreachable', 'bounced', 'unknown', 'credentials'),
  {
    maxLength: 3,
  },
);
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('start' as const),
      which,
      delayMs: fc.constantFrom(0, 0, 60_000),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(0, 1_000, 6_000, 20_000, 90_000, HOUR),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pause' as const), which }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('resume' as const), which }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('cancel' as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('retry' as const), which }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('answer' as const), member: fc.nat(MEMBERS - 1), answers }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('break' as const), pages: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unblock' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('freeze' as const), slot, calls: fc.nat(15) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('thaw' as const), slot }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('replace' as const), slot }) },
);

it('whatever happens to a broadcast, everybody has it at most once, and what is paused is silent', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 4, maxLength: 30 }), async (steps) => {
      const world = new World();
      try {
        await world.open();
        for (const step of steps) await world.run(step);
        await world.heal();
        await world.checkLaws();
      } finally {
        await world.host.close();
      }
    }),
    { numRuns: 50 },
  );
}, 120_000);
