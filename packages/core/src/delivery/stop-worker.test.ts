import { describe, expect, it } from 'vitest';
import { heldAdapter } from './held-adapter.test-kit.ts';
import {
  addresses,
  answerAll,
  emailTo,
  NOT_SENT,
  openSalon,
  passing,
  sendAll,
  until,
} from './salon.test-kit.ts';

describe('stopping', () => {
  it('waits for what is being handed over, and begins nothing more', async () => {
    const held = heldAdapter({ window: 2 });
    const test = await openSalon({ adapters: [held] });
    await test.posthorn.start();
    const messages = await sendAll(test, addresses(4));
    await until(() => held.waiting.length === 2);
    const seen: string[] = [];
    test.posthorn.on('message.accepted', ({ message }) => seen.push(message.id));
    let closed = false;
    const closing = test.posthorn.close().then(() => {
      closed = true;
    });
    await new Promise(setImmediate);
    expect(closed).toBe(false);
    await answerAll(held);
    await closing;
    expect(seen).toHaveLength(2);
    expect(messages).toHaveLength(4);
    expect(held.batches.reduce((sum, size) => sum + size, 0)).toBe(2);
  });

  it('recalls what takes too long; what was not sent goes back, with no attempt spent', async () => {
    const held = heldAdapter({}, NOT_SENT);
    const test = await openSalon({ adapters: [held] });
    await test.posthorn.start();
    const requeued: unknown[] = [];
    test.posthorn.on('message.requeued', ({ message }) => requeued.push([message.attempts, message.work]));
    await test.posthorn.send(emailTo('anna@example.dk'));
    await until(() => held.waiting.length === 1);
    await passing(test, 1_000, test.posthorn.close());
    expect(requeued).toEqual([[0, 'queued']]);
  });

  it('does not wait for ever for a transport that does not come back: its messages are in doubt', async () => {
    const held = heldAdapter();
    const test = await openSalon({ adapters: [held] });
    await test.posthorn.start();
    const doubts: string[] = [];
    test.posthorn.on('message.unknown', ({ message }) => doubts.push(message.id));
    const { id } = await test.posthorn.send(emailTo('anna@example.dk'));
    await until(() => held.waiting.length === 1);
    await passing(test, 1_000, test.posthorn.close());
    expect(doubts).toEqual([id]);
  });
});
