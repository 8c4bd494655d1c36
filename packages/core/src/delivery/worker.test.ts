import { type TestPosthorn, type TestPosthornOptions, testPosthorn } from '@posthorn/testing';
import { afterEach, describe, expect, it } from 'vitest';
import type { Log, Outcome } from '../ports/index.ts';
import { type HeldAdapter, heldAdapter } from './held-adapter.test-kit.ts';

const MINUTE = 60_000;
const REFUSED: Outcome = {
  status: 'refused',
  retryable: true,
  failure: { category: 'connection', fault: 'network', reply: { text: 'aborted' } },
};

const toClose: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

function recordingLog() {
  const warnings: string[] = [];
  const quiet = (): void => undefined;
  const log: Log = { debug: quiet, info: quiet, warn: (message) => warnings.push(message), error: quiet };
  return { log, warnings };
}

/** A salon whose emails leave by the recording adapter, or by those given. */
async function setUp(options: TestPosthornOptions = {}): Promise<TestPosthorn> {
  const test = testPosthorn(options);
  const account = options.adapters?.[0]?.key;
  await test.posthorn.identities.save({
    key: 'salon',
    channel: 'email',
    address: 'hej@salonsol.dk',
    ...(account === undefined ? {} : { account }),
  });
  toClose.push(() => test.posthorn.close());
  return test;
}

const emailTo = (email: string) => ({ to: { email }, email: { subject: 'Hej', html: '<p>Hej</p>' } });
const addresses = (count: number) => Array.from({ length: count }, (_, index) => `anna${index}@example.dk`);
const sendAll = ({ posthorn }: TestPosthorn, emails: readonly string[]) =>
  posthorn.send({ ...emailTo(''), to: emails.map((email) => ({ email })) });

/** Waits for something that happens by itself, without any clock. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 10_000; turn += 1) {
    if (await isSo()) return;
    await new Promise(setImmediate);
  }
  throw new Error('It never came to that.');
}

async function answerAll(held: HeldAdapter, outcome?: Outcome): Promise<void> {
  await until(() => held.waiting.length > 0);
  while (held.waiting.length > 0) {
    held.answer(undefined, outcome);
    await new Promise(setImmediate);
  }
}

describe('a message sent in the process of its worker', () => {
  it('leaves at once: nothing waits for a clock', async () => {
    const { posthorn, sent } = await setUp();
    await posthorn.start();
    await posthorn.send(emailTo('anna@example.dk'));
    await until(() => sent.length === 1);
  });

  it('is tried again at its time, and counted', async () => {
    const { posthorn, email, settled, advance, sent } = await setUp();
    email.answer('anna@example.dk', 'deferred', 'deferred');
    const { id } = await posthorn.send(emailTo('anna@example.dk'));
    await settled();
    await advance(59_000);
    expect(email.handedOver).toHaveLength(1);
    await advance(10 * MINUTE);
    expect(sent.map(({ attempt }) => attempt)).toEqual([3]);
    expect(await posthorn.messages.get(id)).toMatchObject({ status: 'accepted', attempts: 3 });
  });

  it('is never tried again where it may have arrived', async () => {
    const { posthorn, email, settled, advance } = await setUp();
    email.answer('anna@example.dk', 'unknown');
    const { id } = await posthorn.send(emailTo('anna@example.dk'));
    await settled();
    await advance(10 * 24 * 60 * MINUTE);
    expect(await posthorn.messages.get(id)).toMatchObject({ status: 'unknown', attempts: 1 });
    expect(email.handedOver).toHaveLength(1);
  });

  it('is not tried again where it was canceled while it was being handed over', async () => {
    const held = heldAdapter();
    const test = await setUp({ adapters: [held] });
    await test.posthorn.start();
    const { id } = await test.posthorn.send(emailTo('anna@example.dk'));
    await until(() => held.waiting.length === 1);
    expect(await test.posthorn.messages.cancel(id)).toBe('too_late');
    held.answer('anna@example.dk', REFUSED);
    await test.settled();
    await test.advance(60 * MINUTE);
    expect(await test.posthorn.messages.get(id)).toMatchObject({ status: 'canceled', attempts: 1 });
    expect(held.batches).toEqual([1]);
  });
});

describe('an account', () => {
  it('has never more in doubt than its window, and batches as large as it takes', async () => {
    const held = heldAdapter({ window: 5, maxBatch: 3 });
    const test = await setUp({ adapters: [held] });
    await test.posthorn.start();
    await sendAll(test, addresses(12));
    await until(() => held.waiting.length === 5);
    const { items } = await test.posthorn.messages.list({ limit: 100 });
    expect(items.filter(({ status }) => status === 'sending')).toHaveLength(5);
    await answerAll(held);
    await test.settled();
    expect(held.most()).toBe(5);
    expect(Math.max(...held.batches)).toBeLessThanOrEqual(3);
    expect((await test.posthorn.messages.list({ status: 'accepted', limit: 100 })).items).toHaveLength(12);
  });

  it('with wrong credentials is paused, once; its messages stay queued with no attempt spent, and go on', async () => {
    const { posthorn, email, settled, advance, sent } = await setUp();
    const pauses: string[] = [];
    posthorn.on('account.paused', ({ reason, message }) => pauses.push(`${reason}: ${message}`));
    for (const address of addresses(3)) email.answer(address, 'credentials');
    await posthorn.send({ ...emailTo(''), to: addresses(30).map((address) => ({ email: address })) });
    await settled();
    await advance(60 * MINUTE);
    expect(pauses).toEqual([
      'credentials: The credentials were refused: 535 5.7.8 Wrong user name or password.',
    ]);
    const { items: waiting } = await posthorn.messages.list({ status: 'queued', limit: 100 });
    expect(waiting.length + sent.length).toBe(30);
    expect(waiting.map(({ attempts }) => attempts)).toEqual(waiting.map(() => 0));
    await posthorn.accounts.resume('test-email');
    await settled();
    expect(sent).toHaveLength(30);
    expect(new Set(sent.map(({ attempt }) => attempt))).toEqual(new Set([1]));
  });

  it('that hangs holds up nobody else', async () => {
    const dead = heldAdapter({}, REFUSED, 'dead');
    const test = await setUp({ adapters: [dead] });
    await test.posthorn.identities.save({
      key: 'other',
      channel: 'email',
      address: 'b@x.dk',
      account: 'test-email',
    });
    await test.posthorn.start();
    await Promise.all(addresses(200).map((address) => test.posthorn.send(emailTo(address))));
    await until(() => dead.waiting.length === 5);
    await test.posthorn.send({ ...emailTo('berta@example.dk'), identity: 'other' });
    await until(() => test.sent.length === 1);
  });

  it('that cannot be opened keeps its messages waiting', async () => {
    const broken = heldAdapter();
    let isBroken = true;
    const adapter: typeof broken = {
      ...broken,
      open(settings, runtime) {
        if (isBroken) throw new Error('no such settings');
        return broken.open(settings, runtime);
      },
    };
    const test = await setUp({ adapters: [adapter] });
    const { id } = await test.posthorn.send(emailTo('anna@example.dk'));
    await test.settled();
    expect(await test.posthorn.messages.get(id)).toMatchObject({ status: 'queued', attempts: 0 });
    isBroken = false;
    test.clock.advance(MINUTE);
    await answerAll(broken);
    await test.settled();
    expect(await test.posthorn.messages.get(id)).toMatchObject({ status: 'accepted', attempts: 1 });
  });
});

describe('stopping', () => {
  it('waits for what is being handed over, and begins nothing more', async () => {
    const held = heldAdapter({ window: 2 });
    const test = await setUp({ adapters: [held] });
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
    const held = heldAdapter({}, REFUSED);
    const test = await setUp({ adapters: [held] });
    await test.posthorn.start();
    const requeued: unknown[] = [];
    test.posthorn.on('message.requeued', ({ message }) => requeued.push([message.attempts, message.work]));
    await test.posthorn.send(emailTo('anna@example.dk'));
    await until(() => held.waiting.length === 1);
    const closing = test.posthorn.close();
    await until(() => test.clock.nextWakeAt() !== null);
    test.clock.advance(10_000);
    await closing;
    expect(requeued).toEqual([[0, 'queued']]);
  });

  it('does not wait for ever for a transport that does not come back: its messages are in doubt', async () => {
    const held = heldAdapter();
    const test = await setUp({ adapters: [held] });
    await test.posthorn.start();
    const doubts: string[] = [];
    test.posthorn.on('message.unknown', ({ message }) => doubts.push(message.id));
    const { id } = await test.posthorn.send(emailTo('anna@example.dk'));
    await until(() => held.waiting.length === 1);
    const closing = test.posthorn.close();
    let closed = false;
    void closing.then(() => {
      closed = true;
    });
    await until(() => {
      test.clock.advance(1_000);
      return closed;
    });
    expect(doubts).toEqual([id]);
  });
});

describe('a drain', () => {
  it('works until nothing is due', async () => {
    const { posthorn, clock, sent } = await setUp();
    await Promise.all(addresses(20).map((address) => posthorn.send(emailTo(address))));
    await posthorn.send({ ...emailTo('late@example.dk'), sendAt: new Date(clock.now() + MINUTE) });
    const draining = posthorn.drain({ maxMs: MINUTE });
    await until(async () => {
      clock.advance(25);
      return sent.length === 20;
    });
    clock.advance(25);
    expect(await draining).toEqual({ finished: true });
    expect(sent).toHaveLength(20);
  });

  it('ends when the time is up', async () => {
    const held = heldAdapter({}, REFUSED);
    const test = await setUp({ adapters: [held] });
    await test.posthorn.send(emailTo('anna@example.dk'));
    let result: unknown;
    void test.posthorn.drain({ maxMs: 2_000 }).then((drained) => {
      result = drained;
    });
    await until(() => {
      test.clock.advance(100);
      return result !== undefined;
    });
    expect(result).toEqual({ finished: false });
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('refuses to take %s ms', async (maxMs) => {
    const { posthorn } = await setUp();
    await expect(posthorn.drain({ maxMs })).rejects.toMatchObject({ code: 'invalid_input', path: 'maxMs' });
  });
});

describe("wait: 'accepted'", () => {
  it('answers what became of the message, though nobody works the queue', async () => {
    const { posthorn } = await setUp();
    const message = await posthorn.send({ ...emailTo('anna@example.dk'), wait: 'accepted' });
    expect(message.status).toBe('accepted');
  });

  it.each([
    ['deferred', 'deferred'],
    ['bounced', 'bounced'],
    ['unknown', 'unknown'],
    ['credentials', 'queued'],
  ] as const)('answers as soon as it is tried, also where it is %s', async (answer, status) => {
    const { posthorn, email } = await setUp();
    email.answer('anna@example.dk', answer);
    const message = await posthorn.send({ ...emailTo('anna@example.dk'), wait: 'accepted' });
    expect(message.status).toBe(status);
  });

  it('stops waiting when it is told to; the message is sent all the same', async () => {
    const held = heldAdapter();
    const test = await setUp({ adapters: [held] });
    await test.posthorn.start();
    const controller = new AbortController();
    const sending = test.posthorn.send({
      ...emailTo('anna@example.dk'),
      wait: 'accepted',
      signal: controller.signal,
    });
    await until(() => held.waiting.length === 1);
    controller.abort(new Error('no patience'));
    await expect(sending).rejects.toThrow('no patience');
    await answerAll(held);
    await test.settled();
    expect((await test.posthorn.messages.list({ status: 'accepted' })).items).toHaveLength(1);
  });
});

describe('a host that sends and works no queue', () => {
  it('is warned once, after a minute', async () => {
    const { log, warnings } = recordingLog();
    const { posthorn, clock } = await setUp({ log });
    await posthorn.send(emailTo('anna@example.dk'));
    clock.advance(59_999);
    await posthorn.send(emailTo('berta@example.dk'));
    expect(warnings).toEqual([]);
    clock.advance(1);
    await until(() => warnings.length > 0);
    await posthorn.send(emailTo('carla@example.dk'));
    clock.advance(10 * MINUTE);
    await new Promise(setImmediate);
    expect(warnings).toEqual([expect.stringContaining('start()')]);
  });

  it('is not warned while a worker works', async () => {
    const { log, warnings } = recordingLog();
    const { posthorn, settled, advance } = await setUp({ log });
    await posthorn.send(emailTo('anna@example.dk'));
    await settled();
    await posthorn.send(emailTo('anna@example.dk'));
    await advance(5 * MINUTE);
    expect(warnings).toEqual([]);
  });
});
