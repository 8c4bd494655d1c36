import { PosthornError } from '@posthorn/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dumpOf } from '../database.test-kit.ts';
import { methodsOf } from '../face.test-kit.ts';
import { openStoredSalon } from './stored-salon.test-kit.ts';

const trap = new Proxy(
  {},
  {
    get() {
      throw new Error('a getter that throws');
    },
    ownKeys() {
      throw new Error('keys that throw');
    },
  },
);

const GARBAGE: readonly unknown[] = [
  undefined,
  null,
  true,
  0,
  Number.NaN,
  17n,
  '',
  '\0',
  '\ud800',
  'x'.repeat(100_000),
  Symbol('x'),
  () => 'x',
  [],
  [null],
  [[]],
  {},
  { key: null },
  { toString: null },
  Object.create(null),
  new Date(Number.NaN),
  new Map(),
  Promise.resolve(),
  trap,
];

/** Ends the instance, or takes functions and gives nothing back. */
const LEFT_OUT = ['close', 'on', 'once', 'off', 'subscribe', 'tenant', 'start'];

/** A right first argument for methods whose second one is to be tried. */
const FIRST: Readonly<Record<string, unknown>> = {
  'accounts.pause': 'test-email',
  'accounts.verify': 'test-email',
  'identities.get': 'email',
  'identities.remove': 'email',
  'templates.get': 'booking',
  'messages.timeline': 'x',
  'messages.resolve': ['x'],
  'messages.resend': 'x',
};

type Method = (...args: readonly unknown[]) => unknown;

function methodOf(face: object, name: string): Method {
  return name.split('.').reduce((value: unknown, part) => Object(value)[part], face) as Method;
}

/** An answer is fine, and so is an error of ours; never a throw at once, never anybody else's error. */
async function expectOurs(method: Method, name: string, args: readonly unknown[]): Promise<void> {
  let promise: unknown;
  try {
    promise = method(...args);
  } catch (error) {
    expect.fail(`${name} threw at once: ${String(error)}`);
  }
  const error: unknown = await Promise.resolve(promise).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error === undefined) return;
  if (!(error instanceof PosthornError)) expect.fail(`${name}: ${String(error)}`);
  expect(error.message.length, `${name}: ${error.message}`).toBeLessThan(2_000);
}

describe('whatever is passed in', () => {
  it('is answered, or refused by an error of Posthorn’s', async () => {
    const { posthorn } = await openStoredSalon();
    const wrong: string[] = [];
    for (const name of methodsOf(posthorn).filter((method) => !LEFT_OUT.includes(method))) {
      const method = methodOf(posthorn, name);
      for (const [index, garbage] of GARBAGE.entries()) {
        const tries: (readonly unknown[])[] = [[garbage]];
        if (name in FIRST) tries.push([FIRST[name], garbage], [FIRST[name], 'failed', garbage]);
        for (const args of tries) {
          await expectOurs(method, `${name}(${'_, '.repeat(args.length - 1)}garbage ${index})`, args).catch(
            (error: unknown) => wrong.push(String(error)),
          );
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('in a field of a send, it is not sent', async () => {
    const { posthorn, email, file } = await openStoredSalon();
    const before = dumpOf(file);
    const good = { to: { email: 'anna@example.dk' }, email: { subject: 'S', text: 'T' } };
    const wrong: string[] = [];
    for (const field of [
      'to',
      'template',
      'email',
      'sms',
      'internal',
      'channel',
      'data',
      'identity',
      'locale',
      'timeZone',
      'headers',
      'replyTo',
      'attachments',
      'sendAt',
      'expiresAt',
      'key',
      'tx',
      'wait',
      'signal',
      'version',
    ]) {
      for (const [index, garbage] of GARBAGE.entries()) {
        const isHarmless = garbage === undefined || garbage === trap || (field === 'tx' && garbage === null);
        const isEmpty = ['data', 'headers', 'attachments', 'identity'].includes(field);
        if (isHarmless || isEmpty) continue;
        const send = posthorn.send as Method;
        await expectOurs(send, `${field}: garbage ${index}`, [{ ...good, [field]: garbage }]).catch(
          (error: unknown) => wrong.push(String(error)),
        );
      }
    }
    expect(wrong).toEqual([]);
    await posthorn.drain({ maxMs: 10_000 });
    expect([...email.handedOver, dumpOf(file).posthorn_messages?.length]).toEqual([
      before.posthorn_messages?.length,
    ]);
  });

  it('generated, too', async () => {
    const { posthorn } = await openStoredSalon();
    const names = methodsOf(posthorn).filter((method) => !LEFT_OUT.includes(method));
    const anything = fc.anything({
      maxDepth: 3,
      withBigInt: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withObjectString: true,
      withSparseArray: true,
      withTypedArray: true,
    });
    const call = fc.tuple(fc.constantFrom(...names), fc.array(anything, { maxLength: 3 }));
    await fc.assert(
      fc.asyncProperty(call, ([name, args]) => expectOurs(methodOf(posthorn, name), name, args)),
      { numRuns: 500 },
    );
  });
});
