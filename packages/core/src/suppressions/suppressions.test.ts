import { describe, expect, it } from 'vitest';
import { memoryContext, scopeOf } from '../memory-store.test-kit.ts';
import { addressKeyOf, createSuppressions } from './index.ts';

const context = () => {
  const made = memoryContext();
  return { made, suppressions: createSuppressions(made, scopeOf('sol')) };
};

describe('an address marked by hand', () => {
  it('is found however it is written, with who decided it', async () => {
    const { suppressions } = context();
    const added = await suppressions.add({ email: 'Anna@Example.dk', by: 'kim', note: 'asked by phone' });
    expect(added).toMatchObject({
      channel: 'email',
      address: 'anna@example.dk',
      reason: 'blocked',
      evidence: { by: 'kim', note: 'asked by phone' },
      liftedAt: null,
    });
    expect(await suppressions.get({ email: '"anna"@EXAMPLE.dk' })).toEqual(added);
    expect(await suppressions.get({ email: 'bo@example.dk' })).toBeNull();
    await suppressions.add({ phone: '+45 12 34 56 78' });
    expect(await suppressions.get({ phone: '004512345678' })).toMatchObject({ channel: 'sms' });
  });

  it('twice keeps the first mark', async () => {
    const { suppressions } = context();
    const first = await suppressions.add({ email: 'anna@example.dk', by: 'kim' });
    expect(await suppressions.add({ email: 'anna@example.dk', by: 'bo' })).toEqual(first);
  });

  it('is free once the mark is lifted, and its history stays', async () => {
    const { suppressions, made } = context();
    await suppressions.add({ email: 'anna@example.dk' });
    made.clock.advance(1000);
    await suppressions.add({ email: 'anna@example.dk', reason: 'complained' });
    expect(await suppressions.lift({ email: 'anna@example.dk', reason: 'blocked', by: 'kim' })).toMatchObject(
      [{ reason: 'blocked', lifted: { by: 'kim' }, liftedAt: new Date(made.clock.now()) }],
    );
    expect(await suppressions.get({ email: 'anna@example.dk' })).toMatchObject({ reason: 'complained' });
    expect(await suppressions.lift({ email: 'anna@example.dk' })).toHaveLength(1);
    expect(await suppressions.lift({ email: 'anna@example.dk' })).toEqual([]);
    expect(await suppressions.get({ email: 'anna@example.dk' })).toBeNull();
    expect((await suppressions.history({ email: 'anna@example.dk' })).map(({ reason }) => reason)).toEqual([
      'complained',
      'blocked',
    ]);
  });

  it('is one tenant’s business', async () => {
    const { suppressions, made } = context();
    await suppressions.add({ email: 'anna@example.dk' });
    const luna = createSuppressions(made, scopeOf('luna'));
    expect(await luna.get({ email: 'anna@example.dk' })).toBeNull();
    expect(await luna.history({ email: 'anna@example.dk' })).toEqual([]);
    expect(await luna.lift({ email: 'anna@example.dk' })).toEqual([]);
    expect((await luna.list()).items).toEqual([]);
    expect(await suppressions.get({ email: 'anna@example.dk' })).not.toBeNull();
  });

  it('is compared by a key that says nothing about the address, nor to another tenant', async () => {
    const opened = await memoryContext().open();
    const key = await addressKeyOf(opened, 'sol', 'email', 'Anna@example.dk');
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(await addressKeyOf(opened, 'sol', 'email', 'anna@EXAMPLE.dk')).toBe(key);
    expect(await addressKeyOf(opened, 'luna', 'email', 'anna@example.dk')).not.toBe(key);
    expect(await addressKeyOf(opened, 'sol', 'internal', 'anna@example.dk')).not.toBe(key);
  });

  it.each([
    [{}, 'invalid_input', 'email'],
    [{ email: 'a@b.dk', phone: '+4512345678' }, 'invalid_input', 'email'],
    [{ email: 'anna' }, 'invalid_address', 'email'],
    [{ email: ['a@b.dk'] }, 'invalid_address', 'email'],
    [{ phone: '12345678' }, 'invalid_address', 'phone'],
    [{ email: 'a@b.dk', reason: 'because' }, 'invalid_input', 'reason'],
    [{ email: 'a@b.dk', note: 'x'.repeat(1_000_000) }, 'invalid_input', 'note'],
    ['a@b.dk', 'invalid_input', ''],
  ])('is refused where it is wrong: %j', async (input, code, path) => {
    const { suppressions } = context();
    for (const call of [suppressions.add(input as never), suppressions.lift(input as never)]) {
      await expect(call).rejects.toMatchObject({ code, path });
    }
  });
});

describe('the list', () => {
  it('gives every mark in force once, newest first, page by page', async () => {
    const { suppressions, made } = context();
    for (let index = 0; index < 25; index++) {
      await suppressions.add({ email: `c${index}@example.dk` });
      if (index % 3 === 0) made.clock.advance(1);
    }
    await suppressions.lift({ email: 'c7@example.dk' });
    const seen: (string | null)[] = [];
    let cursor: string | undefined;
    do {
      const page = await suppressions.list({ limit: 10, cursor });
      seen.push(...page.items.map(({ address }) => address));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    const expected = Array.from({ length: 25 }, (_, index) => `c${24 - index}@example.dk`);
    expect(seen).toEqual(expected.filter((address) => address !== 'c7@example.dk'));
  });

  it('ends without a cursor where the last page is just full', async () => {
    const { suppressions } = context();
    await suppressions.add({ email: 'a@example.dk' });
    await suppressions.add({ phone: '+4512345678' });
    expect((await suppressions.list({ limit: 2 })).next).toBeNull();
    expect((await suppressions.list({ channel: 'sms' })).items).toHaveLength(1);
  });

  it('refuses a cursor of another list', async () => {
    const { suppressions, made } = context();
    await suppressions.add({ email: 'a@example.dk' });
    await suppressions.add({ email: 'b@example.dk' });
    const { next } = await suppressions.list({ limit: 1 });
    const luna = createSuppressions(made, scopeOf('luna'));
    for (const call of [
      luna.list({ limit: 1, cursor: next ?? '' }),
      suppressions.list({ channel: 'email', cursor: next ?? '' }),
      suppressions.list({ cursor: 'x' }),
    ]) {
      await expect(call).rejects.toMatchObject({ code: 'invalid_cursor', path: 'cursor' });
    }
    await expect(suppressions.list({ limit: 0 })).rejects.toMatchObject({
      code: 'invalid_input',
      path: 'limit',
    });
  });
});
