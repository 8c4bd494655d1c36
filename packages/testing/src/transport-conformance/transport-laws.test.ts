import type { Envelope, Outcome, SendOptions, Transport } from '@posthorn/core';
import { describe, expect, it } from 'vitest';
import { addressOf } from './envelopes.ts';
import { memorySubject, refused, verification } from './memory-transport.test-kit.ts';
import { transportLaws } from './transport-conformance.ts';
import type { ArrivedMessage, TransportHarness, TransportSubject } from './transport-harness.ts';

type Send = Transport['send'];
/** Makes a sound harness break one law. */
type Break = (sound: TransportHarness) => TransportHarness;

const withTransport = (change: (sound: Transport) => Partial<Transport>): Break => {
  return (sound) => ({ ...sound, transport: { ...sound.transport, ...change(sound.transport) } });
};
const withSend = (change: (sound: Send) => Send): Break =>
  withTransport(({ send }) => ({ send: change(send) }));
/** Tells another outcome than the true one. */
const telling = (change: (outcome: Outcome) => Outcome): Break =>
  withSend(
    (send) =>
      (batch, { signal, onOutcome }) =>
        send(batch, { signal, onOutcome: (id, outcome) => onOutcome(id, change(outcome)) }),
  );
/** Shows another message at the provider than the one that was handed over. */
const spoiling = (change: (message: ArrivedMessage) => Partial<ArrivedMessage>): Break => {
  return (sound) => ({
    ...sound,
    arrived: async () => (await sound.arrived()).map((message) => ({ ...message, ...change(message) })),
  });
};
const again = async (send: Send, batch: readonly Envelope[], options: SendOptions) => {
  await send(batch, { ...options, onOutcome: () => undefined });
};

/** Keeps what ended so, and hands it over with the next batch, unasked. */
const keeping = (isKept: (outcome: Outcome) => boolean): Break =>
  withSend((send) => {
    const kept = new Map<string, Envelope>();
    return async (batch, { signal, onOutcome }) => {
      const all = [...batch, ...kept.values()];
      kept.clear();
      await send(all, {
        signal,
        onOutcome(id, outcome) {
          const envelope = batch.find(({ messageId }) => messageId === id);
          if (envelope === undefined) return;
          if (isKept(outcome)) kept.set(id, envelope);
          onOutcome(id, outcome);
        },
      });
    };
  });

const BROKEN: Readonly<Record<string, Break>> = {
  'every envelope gets exactly one outcome': withSend(
    (send) => (batch, options) =>
      send(batch, {
        ...options,
        onOutcome(id, outcome) {
          options.onOutcome(id, outcome);
          if (outcome.status === 'unknown') options.onOutcome(id, outcome);
        },
      }),
  ),
  'send resolves after the last outcome': withSend((send) => async (batch, options) => {
    void send(batch, options);
  }),
  'a batch without envelopes resolves': withSend((send) => async (batch, options) => {
    if (batch.length === 0) throw new RangeError('nothing to send');
    await send(batch, options);
  }),
  'what is accepted has arrived, once': withSend((send) => async (batch, options) => {
    await again(send, batch, options);
    await send(batch, options);
  }),
  'a refusal for good is not retryable and says why': telling((outcome) =>
    outcome.status === 'refused' ? { ...outcome, retryable: true } : outcome,
  ),
  'a refusal for now is retryable and no bounce': telling((outcome) =>
    outcome.status === 'refused'
      ? { ...outcome, failure: { ...outcome.failure, bounceClass: 'soft' } }
      : outcome,
  ),
  'a cut after the message is in doubt, and is not sent again': telling((outcome) =>
    outcome.status === 'unknown' ? refused('connection', true) : outcome,
  ),
  'a connection that has been idle is no reason to send twice': withSend((send) => {
    let idle = false;
    return async (batch, options) => {
      if (idle) await again(send, batch, options);
      await send(batch, options);
      idle = true;
    };
  }),
  'no envelope changes the outcome of another, in whatever order they come': withSend(
    (send) => (batch, options) => {
      let failed = false;
      return send(batch, {
        ...options,
        onOutcome(id, outcome) {
          options.onOutcome(
            id,
            failed && outcome.status === 'accepted' ? refused('connection', true) : outcome,
          );
          failed ||= outcome.status === 'unknown';
        },
      });
    },
  ),
  'two batches at once keep their outcomes apart': withSend((send) => {
    let latest: SendOptions['onOutcome'] = () => undefined;
    return async (batch, options) => {
      latest = options.onOutcome;
      await send(batch, { ...options, onOutcome: (id, outcome) => latest(id, outcome) });
    };
  }),
  'failures do not stop what comes after them': withSend((send) => {
    let dead = false;
    return (batch, options) =>
      send(batch, {
        ...options,
        onOutcome(id, outcome) {
          options.onOutcome(id, dead ? refused('connection', true) : outcome);
          dead ||= outcome.status === 'unknown';
        },
      });
  }),
  'a batch as large as maxBatch is taken, with no more under way than window': withTransport(
    ({ features }) => ({
      features: { ...features, window: 2 },
    }),
  ),
  'the features make sense': withTransport(({ features }) => ({ features: { ...features, window: 0 } })),
  'every message of a batch arrives with its own words, and two to one recipient both do': withSend(
    (send) => (batch, options) =>
      send(
        batch.map((envelope) => ({ ...envelope, slots: batch[0]?.slots ?? [] })),
        options,
      ),
  ),
  'a message that was refused for now arrives when it is handed over again': withSend(
    (send) => async (batch, options) => {
      const isFirst = ({ attempt }: Envelope) => attempt === 1;
      for (const { messageId } of batch.filter((envelope) => !isFirst(envelope)))
        options.onOutcome(messageId, { status: 'accepted' });
      await send(batch.filter(isFirst), options);
    },
  ),
  'a message in doubt does not go out again with those that follow': keeping(
    ({ status }) => status === 'unknown',
  ),
  'a message that was refused does not go out by itself with those that follow': keeping(
    (outcome) => outcome.status === 'refused' && outcome.retryable,
  ),
  'wrong credentials refuse everything for now, name themselves, and nothing arrives': telling((outcome) =>
    outcome.status === 'refused' ? { ...outcome, retryable: false } : outcome,
  ),
  'a provider that cannot be reached refuses everything for now': withSend(
    (send) => async (batch, options) => {
      await send(batch, {
        ...options,
        onOutcome(id, outcome) {
          if (outcome.status === 'refused') throw new Error('ECONNREFUSED');
          options.onOutcome(id, outcome);
        },
      });
    },
  ),
  'nothing is begun once the signal is aborted': withSend(
    (send) => (batch, options) => send(batch, { ...options, signal: new AbortController().signal }),
  ),
  'an abort ends what is under way: in doubt where it may have been sent': telling((outcome) =>
    outcome.status === 'unknown' ? { status: 'accepted' } : outcome,
  ),
  'what is refused after an abort has not arrived': telling((outcome) =>
    outcome.status === 'unknown' ? refused('other', true) : outcome,
  ),
  'what is said of a failure is clean, short and holds no secret': (sound) =>
    telling((outcome) =>
      outcome.status === 'refused'
        ? { ...outcome, failure: { ...outcome.failure, reply: { text: `wrong: ${sound.secrets[0]}` } } }
        : outcome,
    )(sound),
  'a right account is verified in steps, and nothing is sent': withTransport(() => ({
    verify: async () => ({ ok: true, message: 'Everything seems to be fine.', steps: [] }),
  })),
  'a wrong account is not verified, and the last step says where it failed': withTransport(() => ({
    verify: async () => verification('right'),
  })),
  'verifying stops when it is aborted, and does not reject': withTransport(({ verify }) => ({
    async verify(options) {
      options.signal.throwIfAborted();
      return await verify(options);
    },
  })),
  'closing twice is fine': withTransport(({ close }) => {
    let closed = false;
    return {
      async close() {
        if (closed) throw new Error('already closed');
        closed = true;
        await close();
      },
    };
  }),
  'text, html and subject arrive as they were written': spoiling(({ text }) => ({
    text: text.replace(/^\./gm, ''),
  })),
  'a text message arrives as it was written': spoiling(({ text }) => ({
    text: text.replace(/[^\p{ASCII}]/gu, '?'),
  })),
  'attachments and inline images arrive byte for byte': spoiling(({ attachments = [] }) => ({
    attachments: attachments.map((file) => ({
      ...file,
      content: Buffer.from(Buffer.from(file.content).toString()),
    })),
  })),
  'extra headers and the reply address are passed on': spoiling(() => ({ headers: new Map() })),
  'a line break in a subject, a name or a header adds nothing to the message': spoiling(({ headers }) => ({
    headers: new Map([...(headers ?? []), ['bcc', ['everybody@elsewhere.example']]]),
  })),
};

const subjectOf = (channel: TransportSubject['channel'], change: Break): TransportSubject => {
  const sound = memorySubject(channel);
  return { ...sound, open: async (account) => change(await sound.open(account)) };
};

describe.each(transportLaws)('the law: $name', ({ name, channel = 'email', check }) => {
  it('holds for a sound transport', async () => {
    await check(memorySubject(channel));
  });

  it('is broken by a transport that breaks it', async () => {
    const broken = BROKEN[name];
    expect(broken, 'a transport that breaks this law').toBeDefined();
    if (broken !== undefined) await expect(check(subjectOf(channel, broken))).rejects.toThrow();
  });
});

it('every broken transport belongs to a law, and names are unique', () => {
  const names = transportLaws.map(({ name }) => name);
  expect(Object.keys(BROKEN).sort()).toEqual(names.toSorted());
  expect(new Set(names).size).toBe(names.length);
});

it('laws of every channel hold for text messages too', async () => {
  for (const { channel, check } of transportLaws)
    if (channel === undefined) await check(memorySubject('sms'));
  expect(addressOf({ channel: 'sms', to: '+4520000000' } as Envelope)).toBe('+4520000000');
});
