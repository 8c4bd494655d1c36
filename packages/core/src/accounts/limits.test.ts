import { describe, expect, it } from 'vitest';
import { memoryContext, scopeOf } from '../memory-store.test-kit.ts';
import { accountsOf, adaptersOf, fakeAdapter, OWN, SETTINGS } from './fake-adapter.test-kit.ts';
import { checkPlatformLimits, createAccounts } from './index.ts';

describe('limits of an account', () => {
  it('are saved and shown, and gone where they are left out', async () => {
    const { accounts } = accountsOf('sol');
    expect(await accounts.save(OWN)).toMatchObject({ limits: null });
    const limits = { perHour: 300, perMonth: 10_000, perRecipientPerDay: 5 };
    expect((await accounts.save({ ...OWN, limits })).limits).toEqual(limits);
    expect((await accounts.list())[0]?.limits).toEqual(limits);
    expect((await accounts.save({ ...OWN, limits: { perHour: 1, perDay: undefined } })).limits).toEqual({
      perHour: 1,
    });
    for (const none of [{}, { perHour: undefined }, undefined]) {
      await accounts.save({ ...OWN, limits });
      expect(await accounts.save({ ...OWN, limits: none })).toMatchObject({ limits: null });
    }
  });

  it.each([
    [{ perHour: 0 }, 'limits.perHour'],
    [{ perRecipientPerDay: 0 }, 'limits.perRecipientPerDay'],
    [{ perHour: -1 }, 'limits.perHour'],
    [{ perHour: 0.5 }, 'limits.perHour'],
    [{ perHour: Number.NaN }, 'limits.perHour'],
    [{ perHour: Number.POSITIVE_INFINITY }, 'limits.perHour'],
    [{ perHour: 1_000_000_001 }, 'limits.perHour'],
    [{ perHour: '300' }, 'limits.perHour'],
    [{ perHour: 300n }, 'limits.perHour'],
    [{ perHour: null }, 'limits.perHour'],
    [{ perWeek: 1 }, 'limits'],
    [JSON.parse('{ "__proto__": { "perHour": 1 } }'), 'limits'],
    [null, 'limits'],
    [300, 'limits'],
    [[300], 'limits'],
  ])('are refused as %o', async (limits, path) => {
    const { accounts, context } = accountsOf('sol');
    await expect(accounts.save({ ...OWN, limits })).rejects.toMatchObject({ code: 'invalid_input', path });
    expect(context.rows.accounts.size).toBe(0);
  });

  it('name what was meant', async () => {
    await expect(
      accountsOf('sol').accounts.save({ ...OWN, limits: { perhour: 300 } as never }),
    ).rejects.toMatchObject({ path: 'limits', advice: 'Did you mean "perHour"?' });
  });

  it('of the platform are those of the host’s code, for all to see', async () => {
    const adapters = adaptersOf(fakeAdapter('mail', SETTINGS), fakeAdapter('other', SETTINGS));
    const limits = checkPlatformLimits(adapters, { mail: { perHour: 300 }, other: {} });
    const accounts = createAccounts(memoryContext({ adapters, limits }), scopeOf('sol'));
    expect((await accounts.list()).map((account) => account.limits)).toEqual([{ perHour: 300 }, null]);
    expect(await accounts.get('mail')).toMatchObject({ limits: { perHour: 300 } });
  });

  it.each([
    ['an adapter that is not there', { mial: { perHour: 1 } }, 'limits.mial', 'Did you mean "mail"?'],
    ['the prototype', JSON.parse('{ "constructor": { "perHour": 1 } }'), 'limits.constructor', undefined],
    ['an adapter without an account', { own: { perHour: 1 } }, 'limits.own', undefined],
    ['a period that is not there', { mail: { perHuor: 1 } }, 'limits.mail', 'Did you mean "perHour"?'],
    ['a limit that lets nothing through', { mail: { perHour: 0 } }, 'limits.mail.perHour', undefined],
    ['no limits', { mail: 300 }, 'limits.mail', undefined],
    ['a list', [], 'limits', undefined],
    ['nothing', null, 'limits', undefined],
  ])('of the platform are refused for %s', (_case, limits, path, advice) => {
    const adapters = adaptersOf(fakeAdapter('mail', SETTINGS), fakeAdapter('own'));
    expect(() => checkPlatformLimits(adapters, limits)).toThrow(
      expect.objectContaining({
        name: 'ConfigurationError',
        code: 'invalid_input',
        path,
        ...(advice === undefined ? {} : { advice }),
      }),
    );
  });

  it('an error says its advice once', () => {
    const adapters = adaptersOf(fakeAdapter('mail', SETTINGS));
    expect(() => checkPlatformLimits(adapters, { mail: { perHuor: 1 } })).toThrow(
      /^Invalid limits: limits\.mail has no "perHuor"\. Did you mean "perHour"\?$/,
    );
  });
});
