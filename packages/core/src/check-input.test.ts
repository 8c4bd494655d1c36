import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkInput } from './check-input.ts';
import { InputError } from './errors.ts';

const schema = z.strictObject({
  host: z.string(),
  port: z.int().max(65_535).default(587),
  tls: z.enum(['always', 'never']).optional(),
  hops: z.array(z.strictObject({ name: z.string() })).optional(),
});

function errorOf(value: unknown, at = ''): InputError {
  try {
    checkInput(schema, value, 'account', at);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('expected an InputError');
}

it('answers what the schema makes of it', () => {
  expect(checkInput(schema, { host: 'mail.example.dk' }, 'account')).toEqual({
    host: 'mail.example.dk',
    port: 587,
  });
});

it('says of a misspelt field both what is missing and what is not known', () => {
  expect(errorOf({ Host: 'mail.example.dk' }).message).toBe(
    'Invalid account: host: is missing (a text); has no field "Host".',
  );
});

it('names every problem with its path, the first three in the sentence', () => {
  const error = errorOf({ port: 'x', tls: 'maybe', hops: [{ name: 'a' }, { name: 1 }] }, 'settings');
  expect(error.code).toBe('invalid_input');
  expect(error.path).toBe('settings.host');
  expect(error.message).toBe(
    'Invalid account: settings.host: is missing (a text); settings.port: must be a number; settings.tls: must be "always" or "never" (and 1 more).',
  );
  expect(error.issues).toEqual([
    { path: 'settings.host', message: 'is missing (a text)' },
    { path: 'settings.port', message: 'must be a number' },
    { path: 'settings.tls', message: 'must be "always" or "never"' },
    { path: 'settings.hops[1].name', message: 'must be a text' },
  ]);
});

it('lets a schema’s own words come first', () => {
  const own = z.object({ password: z.string('Give the password of the mail server.') });
  expect(() => checkInput(own, {}, 'account')).toThrow('Give the password of the mail server.');
});

it('of several forms explains the one that came nearest', () => {
  const either = z.union([
    z.strictObject({ a: z.string(), b: z.string() }),
    z.strictObject({ c: z.string() }),
  ]);
  expect(() => checkInput(either, { a: 'x' }, 'choice')).toThrow(expect.objectContaining({ path: 'b' }));
});

describe('hostile input is an input error, and a short one', () => {
  it('with a getter that throws', () => {
    const trap = Object.defineProperty({}, 'host', {
      enumerable: true,
      get() {
        throw new Error('trap');
      },
    });
    expect(errorOf(trap, 'to[3]')).toMatchObject({ code: 'invalid_input', path: 'to[3]' });
  });

  it('with a structure deeper than any stack', () => {
    let deep: object = {};
    for (let level = 0; level < 200_000; level++) deep = { deep };
    const tree: z.ZodType = z.lazy(() => z.record(z.string(), tree));
    expect(() => checkInput(tree, deep, 'tree')).toThrow(InputError);
  });

  it('with thousands of problems and enormous names', () => {
    const hops = Array.from({ length: 5000 }, () => ({ ['x'.repeat(10_000)]: 1 }));
    const error = errorOf({ host: 'a', hops });
    expect(error.issues.length).toBeLessThanOrEqual(20);
    expect(JSON.stringify(error.issues).length + error.message.length).toBeLessThan(10_000);
  });

  it('with names of every object’s members', () => {
    const error = errorOf(JSON.parse('{"host":"a","__proto__":1,"constructor":2}'));
    expect(error.message).toContain('constructor');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('never shows the value', () => {
    expect(
      errorOf({ host: 'a', tls: 'hunter2', port: 'hunter2' })
        .issues.map(({ message }) => message)
        .join(),
    ).not.toContain('hunter2');
  });
});
