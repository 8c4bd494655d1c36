import assert from 'node:assert/strict';
import { addressOf, numberedEnvelope } from './envelopes.ts';
import { arrivals, assertRetryable, exercise, hand, scripted, settle } from './exercise.ts';
import type { TransportLaw } from './transport-harness.ts';

/** A transport keeps nothing of a message but its connection: every hand-over stands for itself. */
export const handOverLaws: readonly TransportLaw[] = [
  {
    name: 'every message of a batch arrives with its own words, and two to one recipient both do',
    check: (subject) =>
      exercise(subject, async (harness) => {
        const batch = [0, 1, 2, 2].map((recipient, index) => ({
          ...numberedEnvelope(subject.channel, recipient),
          slots: [`customer ${index}`],
        }));
        const { told } = await hand(harness.transport, batch);
        assert(told.every(([, { status }]) => status === 'accepted'));
        const arrived = (await harness.arrived()).map(({ to, text }) => `${to}: ${text.trim()}`);
        assert.deepEqual(
          arrived.sort(),
          batch.map((envelope) => `${addressOf(envelope)}: Hello ${envelope.slots[0]}, see you soon.`).sort(),
        );
      }),
  },
  {
    name: 'a message that was refused for now arrives when it is handed over again',
    check: (subject) =>
      exercise(subject, async (harness) => {
        const [envelope = numberedEnvelope(subject.channel, 0)] = scripted(subject, harness, ['defer']);
        assertRetryable((await hand(harness.transport, [envelope])).of(envelope));
        assert.equal(await arrivals(harness, envelope), 0);
        harness.behave(addressOf(envelope), 'accept');
        const again = { ...envelope, attempt: 2 };
        assert.equal((await hand(harness.transport, [again])).of(again).status, 'accepted');
        assert.equal(await arrivals(harness, envelope), 1);
      }),
  },
  {
    name: 'a message in doubt does not go out again with those that follow',
    check: (subject) =>
      exercise(subject, async (harness) => {
        const [doubtful = numberedEnvelope(subject.channel, 0)] = scripted(subject, harness, ['cut']);
        await hand(harness.transport, [doubtful]);
        harness.behave(addressOf(doubtful), 'accept');
        await hand(harness.transport, [numberedEnvelope(subject.channel, 99)]);
        await settle();
        assert.equal(await arrivals(harness, doubtful), 1);
      }),
  },
  {
    name: 'a message that was refused does not go out by itself with those that follow',
    check: (subject) =>
      exercise(subject, async (harness) => {
        const [deferred = numberedEnvelope(subject.channel, 0)] = scripted(subject, harness, ['defer']);
        const stopped = numberedEnvelope(subject.channel, 1);
        await hand(harness.transport, [deferred]);
        await hand(harness.transport, [stopped], AbortSignal.abort());
        harness.behave(addressOf(deferred), 'accept');
        await hand(harness.transport, [numberedEnvelope(subject.channel, 99)]);
        await settle();
        assert.equal(await arrivals(harness, deferred), 0);
        assert.equal(await arrivals(harness, stopped), 0);
      }),
  },
];
