import { describe, expect, it } from 'vitest';
import type { Envelope, Log, Outcome, Transport } from '../ports/index.ts';
import { sendBatches } from './send-batches.ts';

const envelope = (messageId: string): Envelope => ({
  channel: 'sms',
  messageId,
  attempt: 1,
  tenant: 'default',
  slots: [],
  returnToken: 'x',
  createdAt: 0,
  from: 'SALON',
  to: '+4512345678',
  skeleton: { channel: 'sms', id: 's', locale: 'da', slotCount: 0, sensitiveSlots: [], text: ['Hej'] },
});

const ACCEPTED: Outcome = { status: 'accepted' };

async function sent(ids: readonly string[], send: Transport['send'], maxBatch = 10) {
  const outcomes: [string, Outcome['status']][] = [];
  const errors: string[] = [];
  let closed = 0;
  const log: Log = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: (message) => errors.push(message),
  };
  const transport: Transport = {
    features: { maxBatch, window: 100, attachments: true, reports: 'none', tracking: false },
    send,
    verify: async () => ({ ok: true, message: '', steps: [] }),
    async close() {
      closed += 1;
    },
  };
  await sendBatches(transport, ids.map(envelope), {
    signal: new AbortController().signal,
    log,
    onOutcome: (messageId, outcome) => outcomes.push([messageId, outcome.status]),
  });
  return { outcomes, errors, closed };
}

describe('handing envelopes over', () => {
  it('respects the largest batch, and gives the transport back once', async () => {
    const batches: number[] = [];
    const { outcomes, errors, closed } = await sent(
      ['a', 'b', 'c', 'd', 'e'],
      async (batch, { onOutcome }) => {
        batches.push(batch.length);
        for (const { messageId } of batch) onOutcome(messageId, ACCEPTED);
      },
      2,
    );
    expect(batches).toEqual([2, 2, 1]);
    expect(outcomes).toHaveLength(5);
    expect([errors, closed]).toEqual([[], 1]);
  });

  it('calls in doubt what a transport says nothing about', async () => {
    const { outcomes, errors } = await sent(['a', 'b'], async (_, { onOutcome }) => onOutcome('b', ACCEPTED));
    expect(outcomes).toEqual([
      ['b', 'accepted'],
      ['a', 'unknown'],
    ]);
    expect(errors).toHaveLength(1);
  });

  it.each([
    ['rejects', async () => Promise.reject(new Error('a bug'))],
    [
      'throws',
      () => {
        throw new Error('a bug');
      },
    ],
  ])('calls in doubt what a transport that %s had in hand', async (_, send) => {
    const { outcomes, errors, closed } = await sent(['a'], send);
    expect(outcomes).toEqual([['a', 'unknown']]);
    expect([errors.length, closed]).toEqual([1, 1]);
  });
});
