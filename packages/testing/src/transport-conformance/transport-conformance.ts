import { accountLaws } from './account-laws.ts';
import { contentLaws } from './content-laws.ts';
import { handOverLaws } from './hand-over-laws.ts';
import { outcomeLaws } from './outcome-laws.ts';
import type { TransportLaw, TransportSubject } from './transport-harness.ts';

/** What every transport must do, as data: `check` throws where one does not. */
export const transportLaws: readonly TransportLaw[] = [
  ...outcomeLaws,
  ...handOverLaws,
  ...accountLaws,
  ...contentLaws,
];

/**
 * Registers every law of the subject's channel as a test on vitest. Await it at the top of a test file.
 *
 * @example
 * ```ts
 * import { transportConformance, type TransportSubject } from '@posthorn/testing';
 *
 * export async function testMyTransport(open: TransportSubject['open']): Promise<void> {
 *   await transportConformance({ name: 'my-adapter', channel: 'email', open });
 * }
 * ```
 */
export async function transportConformance(subject: TransportSubject): Promise<void> {
  // Not at the top: a host that tests with another runner has no vitest.
  const { describe, it } = await import('vitest');
  describe(`${subject.name} keeps the laws of a transport`, () => {
    for (const law of transportLaws) {
      if (law.channel === undefined || law.channel === subject.channel)
        it(law.name, () => law.check(subject));
    }
  });
}
