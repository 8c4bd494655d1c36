import assert from 'node:assert/strict';
import { numberedEnvelope } from './envelopes.ts';
import { arrivals, assertRetryable, exercise, hand, scripted, settle } from './exercise.ts';
import type { ProviderBehaviour, TransportLaw } from './transport-harness.ts';

const MIXED: readonly ProviderBehaviour[] = [
  'accept',
  'refuse',
  'accept',
  'defer',
  'cut',
  'accept',
  'refuse',
];
const STATUS: Readonly<Record<ProviderBehaviour, string>> = {
  accept: 'accepted',
  hold: 'accepted',
  refuse: 'refused',
  defer: 'refused',
  cut: 'unknown',
};

export const outcomeLaws: readonly TransportLaw[] = [
  {
    name: 'every envelope gets exactly one outcome',
    check: (subject) =>
      exercise(subject, async (harness) => {
        const batch = scripted(subject, harness, MIXED);
        const { told } = await hand(harness.transport, batch);
        await settle();
        assert.deepEqual(told.map(([id]) => id).sort(), batch.map(({ messageId }) => messageId).sort());
      }),
  },
  {
    name: 'send resolves after the last outcome',
    check: (subject) =>
      exercise(subject, async (harness) => {
        const batch = scripted(subject, harness, ['accept', 'hold', 'accept']);
        let done = false;
        const handed = hand(harness.transport, batch).then(({ told }) => {
          done = true;
          return told.length;
        });
        await harness.held(1);
        await settle();
        assert.equal(done, false, 'it resolved while a message had no outcome');
        harness.release();
        assert.equal(await handed, batch.length);
      }),
  },
  {
    name: 'a batch without envelopes resolves',
    check: (subject) =>
      exercise(subject, async ({ transport }) => {
        assert.equal((await hand(transport, [])).told.length, 0);
      }),
  },
  {
    name: 'what is accepted has arrived, once',
    check: (subject) =>
      exercise(subject, async (harness) => {
        const [envelope = numberedEnvelope(subject.channel, 0)] = scripted(subject, harness, ['accept']);
        const outcome = (await hand(harness.transport, [envelope])).of(envelope);
        assert.equal(outcome.status, 'accepted');
        assert.equal(await arrivals(harness, envelope), 1);
      }),
  },
  {
    name: 'a refusal for good is not retryable and says why',
    check: (subject) =>
      exercise(subject, async (harness) => {
        const [envelope = numberedEnvelope(subject.channel, 0)] = scripted(subject, harness, ['refuse']);
        const outcome = (await hand(harness.transport, [envelope])).of(envelope);
        assert(outcome.status === 'refused', `expected refused, got ${outcome.status}`);
        assert.equal(outcome.retryable, false);
        assert(outcome.failure.reply?.text, "the provider's words are missing");
      }),
  },
  {
    name: 'a refusal for now is retryable and no bounce',
    check: (subject) =>
      exercise(subject, async (harness) => {
        const [envelope = numberedEnvelope(subject.channel, 0)] = scripted(subject, harness, ['defer']);
        assertRetryable((await hand(harness.transport, [envelope])).of(envelope));
      }),
  },
  {
    name: 'a cut after the message is in doubt, and is not sent again',
    check: (subject) =>
      exercise(subject, async (harness) => {
        const [envelope = numberedEnvelope(subject.channel, 0)] = scripted(subject, harness, ['cut']);
        const outcome = (await hand(harness.transport, [envelope])).of(envelope);
        assert.equal(outcome.status, 'unknown');
        assert.equal(await arrivals(harness, envelope), 1);
      }),
  },
  {
    name: 'a connection that has been idle is no reason to send twice',
    check: (subject) =>
      exercise(subject, async (harness) => {
        const [first, cut] = scripted(subject, harness, ['accept', 'cut']);
        assert(first !== undefined && cut !== undefined);
        await hand(harness.transport, [first]);
        await settle();
        const outcome = (await hand(harness.transport, [cut])).of(cut);
        assert.equal(outcome.status, 'unknown');
        assert.equal(await arrivals(harness, cut), 1);
      }),
  },
  {
    name: 'no envelope changes the outcome of another, in whatever order they come',
    check: (subject) =>
      exercise(subject, async (harness) => {
        const batch = scripted(subject, harness, MIXED);
        for (const order of [batch, batch.toReversed()]) {
          const handed = await hand(harness.transport, order);
          const statuses = batch.map((envelope) => handed.of(envelope).status);
          assert.deepEqual(
            statuses,
            MIXED.map((behaviour) => STATUS[behaviour]),
          );
        }
      }),
  },
  {
    name: 'two batches at once keep their outcomes apart',
    check: (subject) =>
      exercise(subject, async (harness) => {
        const batch = scripted(subject, harness, MIXED);
        const half = [batch.slice(0, 3), batch.slice(3)] as const;
        const handed = await Promise.all(half.map((part) => hand(harness.transport, part)));
        handed.forEach(({ told }, index) => {
          assert.deepEqual(
            told.map(([id]) => id).sort(),
            half[index]?.map(({ messageId }) => messageId).sort(),
          );
        });
      }),
  },
  {
    name: 'failures do not stop what comes after them',
    check: (subject) =>
      exercise(subject, async (harness) => {
        await hand(harness.transport, scripted(subject, harness, ['cut', 'refuse', 'defer', 'cut']));
        const envelope = numberedEnvelope(subject.channel, 99);
        assert.equal((await hand(harness.transport, [envelope])).of(envelope).status, 'accepted');
      }),
  },
  {
    name: 'a batch as large as maxBatch is taken, with no more under way than window',
    check: (subject) =>
      exercise(subject, async (harness) => {
        const { maxBatch, window } = harness.transport.features;
        const size = Math.min(maxBatch, 200);
        const batch = Array.from({ length: size }, (_, index) => numberedEnvelope(subject.channel, index));
        const { told } = await hand(harness.transport, batch);
        assert.equal(told.filter(([, { status }]) => status === 'accepted').length, size);
        assert(harness.peak() <= window, `${harness.peak()} under way, though the window is ${window}`);
      }),
  },
];
