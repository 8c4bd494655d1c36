import assert from 'node:assert/strict';
import type { Verification } from '@posthorn/core';
import { numberedEnvelope } from './envelopes.ts';
import { arrivals, assertRetryable, exercise, hand, scripted, settle } from './exercise.ts';
import type { AccountState, TransportHarness, TransportLaw, TransportSubject } from './transport-harness.ts';

const CONTROLS = /[\p{Cc}\p{Cs}]/u;
const UNREACHABLE = ['name_resolution', 'connection', 'tls', 'timeout'];

/** The account and its provider: credentials, network, what is said of them, stopping. */
export const accountLaws: readonly TransportLaw[] = [
  {
    name: 'the features make sense',
    check: (subject) =>
      exercise(subject, async ({ transport: { features } }) => {
        assert(Number.isInteger(features.maxBatch) && features.maxBatch >= 1, 'maxBatch');
        assert(Number.isInteger(features.window) && features.window >= 1, 'window');
      }),
  },
  {
    name: 'wrong credentials refuse everything for now, name themselves, and nothing arrives',
    check: (subject) =>
      exercise(
        subject,
        async (harness) => {
          const batch = [0, 1, 2].map((recipient) => numberedEnvelope(subject.channel, recipient));
          const handed = await hand(harness.transport, batch);
          for (const envelope of batch) assertRetryable(handed.of(envelope), 'credentials');
          assert.equal((await harness.arrived()).length, 0);
        },
        'wrong_credentials',
      ),
  },
  {
    name: 'a provider that cannot be reached refuses everything for now',
    check: (subject) =>
      exercise(
        subject,
        async (harness) => {
          const batch = [0, 1, 2].map((recipient) => numberedEnvelope(subject.channel, recipient));
          const handed = await hand(harness.transport, batch);
          for (const envelope of batch) assertRetryable(handed.of(envelope), ...UNREACHABLE);
        },
        'unreachable',
      ),
  },
  {
    name: 'nothing is begun once the signal is aborted',
    check: (subject) =>
      exercise(subject, async (harness) => {
        const batch = [0, 1].map((recipient) => numberedEnvelope(subject.channel, recipient));
        const handed = await hand(harness.transport, batch, AbortSignal.abort());
        for (const envelope of batch) assertRetryable(handed.of(envelope), 'other');
        await settle();
        assert.equal((await harness.arrived()).length, 0);
      }),
  },
  {
    name: 'an abort ends what is under way: in doubt where it may have been sent',
    check: (subject) =>
      exercise(subject, async (harness) => {
        const [held = numberedEnvelope(subject.channel, 0)] = scripted(subject, harness, ['hold']);
        const stop = new AbortController();
        const handing = hand(harness.transport, [held], stop.signal);
        await harness.held(1);
        stop.abort();
        assert.equal((await handing).of(held).status, 'unknown');
        assert.equal(await arrivals(harness, held), 1);
      }),
  },
  {
    name: 'what is refused after an abort has not arrived',
    check: (subject) =>
      exercise(subject, async (harness) => {
        const size = Math.min(harness.transport.features.maxBatch, harness.transport.features.window + 5);
        const batch = scripted(
          subject,
          harness,
          Array.from({ length: size }, () => 'hold'),
        );
        const stop = new AbortController();
        const handing = hand(harness.transport, batch, stop.signal);
        await harness.held(1);
        stop.abort();
        const handed = await handing;
        for (const envelope of batch) {
          const arrived = await arrivals(harness, envelope);
          if (handed.of(envelope).status === 'refused') assert.equal(arrived, 0, 'refused, but it arrived');
          else assert(arrived > 0 || handed.of(envelope).status === 'unknown');
        }
      }),
  },
  {
    name: 'what is said of a failure is clean, short and holds no secret',
    check: async (subject) => {
      await exercise(subject, async (harness) => {
        const batch = scripted(subject, harness, ['refuse', 'defer', 'cut']);
        for (const [, outcome] of (await hand(harness.transport, batch)).told) {
          assertClean(outcome.status === 'accepted' ? '' : (outcome.failure.reply?.text ?? ''), harness);
        }
      });
      await inEveryState(subject, async (harness) => {
        const envelope = numberedEnvelope(subject.channel, 0);
        assertClean(JSON.stringify((await hand(harness.transport, [envelope])).of(envelope)), harness, 2000);
        const { message, steps } = await verify(harness);
        for (const words of [message, ...steps.map((step) => step.message)])
          assertClean(words, harness, 2000);
      });
    },
  },
  {
    name: 'a right account is verified in steps, and nothing is sent',
    check: (subject) =>
      exercise(subject, async (harness) => {
        const verification = await verify(harness);
        assert.equal(verification.ok, true, verification.message);
        assert(verification.steps.length > 0 && verification.steps.every(({ ok }) => ok));
        assert.equal((await harness.arrived()).length, 0);
      }),
  },
  {
    name: 'a wrong account is not verified, and the last step says where it failed',
    check: async (subject) => {
      for (const account of ['wrong_credentials', 'unreachable'] as const) {
        await exercise(
          subject,
          async (harness) => {
            const { ok, message, steps } = await verify(harness);
            const last = steps.at(-1);
            assert.equal(ok, false);
            assert.equal(last?.ok, false);
            assert.equal(
              last?.name === 'credentials',
              account === 'wrong_credentials',
              `failed at ${last?.name}`,
            );
            assert(steps.slice(0, -1).every((step) => step.ok));
            assert(message.split(' ').length > 3, 'a sentence for people');
          },
          account,
        );
      }
    },
  },
  {
    name: 'verifying stops when it is aborted, and does not reject',
    check: (subject) =>
      inEveryState(subject, async ({ transport }) => {
        assert.equal((await transport.verify({ signal: AbortSignal.abort() })).ok, false);
      }),
  },
  {
    name: 'closing twice is fine',
    check: (subject) =>
      exercise(subject, async ({ transport }) => {
        const envelope = numberedEnvelope(subject.channel, 0);
        await hand(transport, [envelope]);
        await transport.close();
        await transport.close();
      }),
  },
];

async function inEveryState(
  subject: TransportSubject,
  check: (harness: TransportHarness) => Promise<void>,
): Promise<void> {
  const states: readonly AccountState[] = ['right', 'wrong_credentials', 'unreachable'];
  for (const state of states) await exercise(subject, check, state);
}

async function verify({ transport }: TransportHarness): Promise<Verification> {
  return await transport.verify({ signal: new AbortController().signal });
}

function assertClean(words: string, { secrets }: TransportHarness, most = 1000): void {
  assert.doesNotMatch(words, CONTROLS, 'control characters');
  assert(words.length <= most, `${words.length} characters`);
  for (const secret of secrets) assert(!words.includes(secret), 'a secret is told');
}
