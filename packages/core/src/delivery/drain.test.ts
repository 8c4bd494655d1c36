import { describe, expect, it } from 'vitest';
import { heldAdapter } from './held-adapter.test-kit.ts';
import { addresses, emailTo, MINUTE, NOT_SENT, openSalon, passing } from './salon.test-kit.ts';

describe('a drain', () => {
  it('works until nothing is due', async () => {
    const test = await openSalon();
    const { posthorn, clock, sent } = test;
    await Promise.all(addresses(20).map((address) => posthorn.send(emailTo(address))));
    await posthorn.send({ ...emailTo('late@example.dk'), sendAt: new Date(clock.now() + 60 * MINUTE) });
    expect(await passing(test, 25, posthorn.drain({ maxMs: MINUTE }))).toEqual({ finished: true });
    expect(sent).toHaveLength(20);
  });

  it('ends when the time is up', async () => {
    const held = heldAdapter({}, NOT_SENT);
    const test = await openSalon({ adapters: [held] });
    await test.posthorn.send(emailTo('anna@example.dk'));
    const result = await passing(test, 100, test.posthorn.drain({ maxMs: 2_000 }));
    expect(result).toEqual({ finished: false });
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('refuses to take %s ms', async (maxMs) => {
    const { posthorn } = await openSalon();
    await expect(posthorn.drain({ maxMs })).rejects.toMatchObject({ code: 'invalid_input', path: 'maxMs' });
  });
});
