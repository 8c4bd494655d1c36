import { describe, expect, it } from 'vitest';
import {
  checkOptions,
  checkTenantId,
  checkTenantOptions,
  checkTenantSettings,
  sourcesByName,
} from './posthorn-options.ts';

const backend = { open: () => Promise.reject(new Error('not opened here')) };
const options = { backend, adapters: [], secrets: { current: 'k1', keys: {} } } as never;

describe('the options of createPosthorn', () => {
  it('name the option that is misspelt, and the one that was meant', () => {
    expect(() => checkOptions({ ...(options as object), adaptors: [] } as never)).toThrow(
      expect.objectContaining({
        code: 'invalid_input',
        path: 'adaptors',
        advice: 'Did you mean "adapters"?',
      }),
    );
  });

  it.each([
    ['nothing at all', undefined, undefined],
    ['no backend', { adapters: [] }, 'backend'],
    ['a file name as backend', { adapters: [], backend: 'messages.db' }, 'backend'],
    ['one adapter without its list', { backend, adapters: {} }, 'adapters'],
  ])('refuse %s', (_case, given, path) => {
    expect(() => checkOptions(given as never)).toThrow(
      expect.objectContaining({ code: 'invalid_input', path }),
    );
  });

  it('refuse a source that is a plain list', () => {
    expect(() => sourcesByName({ customers: [] as never })).toThrow(
      expect.objectContaining({ path: 'recipients.customers' }),
    );
  });

  it('do not take a source from the prototype', () => {
    expect(sourcesByName(undefined).get('constructor')).toBeUndefined();
  });
});

describe('a tenant', () => {
  it('has the language and zone of the host where it has none of its own', () => {
    const home = { locale: 'da', timeZone: 'Europe/Copenhagen', country: null };
    expect(checkTenantSettings({ locale: 'en-gb' }, home)).toEqual({
      locale: 'en-GB',
      timeZone: 'Europe/Copenhagen',
      country: 'GB',
    });
  });

  it.each([
    ['locale', { locale: 'dansk sprog' }],
    ['timeZone', { timeZone: 'Europe/Aarhus' }],
  ])('is refused with a %s that nobody knows', (path, settings) => {
    expect(() => checkTenantSettings(settings, { locale: 'en', timeZone: 'UTC', country: null })).toThrow(
      expect.objectContaining({ code: 'invalid_input', path }),
    );
  });

  it.each([
    ['a misspelt setting', { timezone: 'Europe/Copenhagen' }, 'timezone'],
    ['no settings', null, 'settings'],
  ])('is refused with %s', (_case, settings, path) => {
    expect(() => checkTenantOptions(settings as never)).toThrow(
      expect.objectContaining({ code: 'invalid_input', path }),
    );
  });

  it.each(['salon-sol', '17', 'Ærø & Sønner', 'constructor'])('may be called %s', (id) => {
    expect(checkTenantId(id)).toBe(id);
  });

  it.each(['', '$platform', 'a\nb', '\u0000', 'x'.repeat(129), 17, null, ['a']])(
    'may not be called %j',
    (id) => {
      expect(() => checkTenantId(id)).toThrow(expect.objectContaining({ path: 'tenant' }));
    },
  );
});
