import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AddressReportRecord, SuppressionRecord } from '../ports/index.ts';
import { reportsSince, unsubscribedBy } from './unsubscribed-by.ts';

type Said = Pick<AddressReportRecord, 'type' | 'list' | 'occurredAt'>;

const report = ({ type, list, occurredAt }: Said): AddressReportRecord => ({
  tenant: 'sol',
  channel: 'email',
  addressKey: 'k',
  id: JSON.stringify([type, list, occurredAt]),
  type,
  list,
  occurredAt,
  recordedAt: 99,
  address: 'anna@example.dk',
  evidence: { how: 'provider' },
});
const leaves = (occurredAt: number, list: string | null = null) =>
  report({ type: 'unsubscribed', list, occurredAt });
const returns = (occurredAt: number, list: string | null = null) =>
  report({ type: 'resubscribed', list, occurredAt });
const complains = (occurredAt: number) => report({ type: 'complained', list: null, occurredAt });

const reports = fc.array(
  fc
    .record({
      type: fc.constantFrom('complained', 'unsubscribed', 'resubscribed'),
      list: fc.constantFrom(null, 'news', 'offers'),
      occurredAt: fc.integer({ min: 1, max: 5 }),
    })
    .map(report),
  { maxLength: 10 },
);

describe('an address of which providers report', () => {
  it('is unsubscribed or not whatever the order in which reports arrive, and however often', () => {
    const shuffled = reports.chain((all) =>
      fc.tuple(
        fc.constant(all),
        fc.shuffledSubarray(all, { minLength: all.length }),
        all.length > 0 ? fc.array(fc.constantFrom(...all)) : fc.constant([]),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([all, other, again]) => {
        expect(unsubscribedBy([...other, ...again])).toEqual(unsubscribedBy(all));
      }),
    );
  });

  it.each<[string, AddressReportRecord[], boolean]>([
    ['that left', [leaves(1)], true],
    ['that left and came back', [leaves(1), returns(2)], false],
    ['that came back and left again', [leaves(1), returns(2), leaves(3)], true],
    ['that left and came back in one instant', [leaves(1), returns(1)], true],
    ['that only complained', [complains(1)], false],
    ['of which only a return is known', [returns(1)], false],
    ['that left a list and joined it again', [leaves(1, 'news'), returns(2, 'news')], false],
    ['that left a list and joined another', [leaves(1, 'news'), returns(2, 'offers')], true],
    ['that left two lists and joined one again', [leaves(1, 'a'), leaves(2, 'b'), returns(3, 'b')], true],
    ['that left everything and joined a list', [leaves(1), returns(2, 'news')], true],
    [
      'that left a list, then everything, and joined the list',
      [leaves(1, 'a'), leaves(2), returns(3, 'a')],
      true,
    ],
    ['that left a list and then joined everything', [leaves(1, 'news'), returns(2)], false],
    ['that joined everything and then left a list', [returns(1), leaves(2, 'news')], true],
  ])('%s', (_, said, unsubscribed) => {
    expect(unsubscribedBy(said) !== null).toBe(unsubscribed);
  });

  it('is unsubscribed by the last that said so of everything, else of a list', () => {
    expect(unsubscribedBy([leaves(1), leaves(3), leaves(9, 'news')])).toEqual(leaves(3));
    expect(unsubscribedBy([leaves(1, 'news'), leaves(2, 'offers')])).toEqual(leaves(2, 'offers'));
  });
});

describe('a report of an address', () => {
  const mark = (lifted: SuppressionRecord['lifted'], liftedAt: number | null): SuppressionRecord => ({
    tenant: 'sol',
    id: 's',
    channel: 'email',
    addressKey: 'k',
    address: null,
    reason: 'unsubscribed',
    evidence: {},
    createdAt: 0,
    liftedAt,
    lifted,
  });

  it('counts no more once a person has decided otherwise', () => {
    const history = [mark({ by: 'kim' }, 5)];
    expect(reportsSince([leaves(5), leaves(6), complains(1)], history)).toEqual([leaves(6), complains(1)]);
  });

  it('counts on where another report ended the mark, or nobody did', () => {
    expect(reportsSince([leaves(1)], [mark({ how: 'reply' }, 5), mark(null, null)])).toEqual([leaves(1)]);
  });
});
