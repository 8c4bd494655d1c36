import { type TestPosthorn, type TestPosthornOptions, testPosthorn } from '@posthorn/testing';
import { afterEach } from 'vitest';
import type { Outcome } from '../ports/index.ts';
import type { HeldAdapter } from './held-adapter.test-kit.ts';

export const MINUTE = 60_000;

/** Nothing was sent, and it may be tried again. */
export const NOT_SENT: Outcome = {
  status: 'refused',
  retryable: true,
  failure: { category: 'connection', fault: 'network', reply: { text: 'aborted' } },
};

const toClose: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

/** A salon whose emails leave by the recording adapter, or by the first of those given. Closed after the test. */
export async function openSalon(options: TestPosthornOptions = {}): Promise<TestPosthorn> {
  const test = testPosthorn(options);
  const account = options.adapters?.[0]?.key;
  await test.posthorn.identities.save({
    key: 'salon',
    channel: 'email',
    address: 'hej@salonsol.dk',
    ...(account === undefined ? {} : { account }),
  });
  toClose.push(() => passing(test, 1_000, test.posthorn.close()));
  return test;
}

export const emailTo = (email: string) => ({ to: { email }, email: { subject: 'Hej', html: '<p>Hej</p>' } });
export const addresses = (count: number) =>
  Array.from({ length: count }, (_, index) => `anna${index}@example.dk`);
export const sendAll = ({ posthorn }: TestPosthorn, emails: readonly string[]) =>
  posthorn.send({ ...emailTo(''), to: emails.map((email) => ({ email })) });

/** Waits for something that happens by itself, without any clock of Posthorn's. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + 10_000; performance.now() < deadline; ) {
    if (await isSo()) return;
    await new Promise(setImmediate);
  }
  throw new Error('It never came to that.');
}

/** Lets time pass, `stepMs` for each turn of the event loop, until it has happened. */
export async function passing<T>({ clock }: TestPosthorn, stepMs: number, happening: Promise<T>): Promise<T> {
  let happened = false;
  const end = (): void => {
    happened = true;
  };
  happening.then(end, end);
  await until(() => {
    clock.advance(stepMs);
    return happened;
  });
  return happening;
}

export async function answerAll(held: HeldAdapter, outcome?: Outcome): Promise<void> {
  await until(() => held.waiting.length > 0);
  while (held.waiting.length > 0) {
    held.answer(undefined, outcome);
    await new Promise(setImmediate);
  }
}
