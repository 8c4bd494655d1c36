import { describe, expect, it } from 'vitest';
import { PLATFORM_TENANT } from '../context.ts';
import { type MemoryRows, memoryContext, scopeOf } from '../memory-store.test-kit.ts';
import type { AnyAdapter, WebhookRequest } from '../ports/index.ts';
import { createAccounts } from './create-accounts.ts';
import { adaptersOf, fakeAdapter, OWN, SETTINGS } from './fake-adapter.test-kit.ts';
import { receiverOf } from './find-receiver.ts';

const REQUEST: WebhookRequest = {
  url: 'https://app.example.dk/webhooks/mail',
  headers: new Headers(),
  body: new Uint8Array(),
  receivedAt: 0,
};

/** Says with which settings it was asked. */
function reporting(key: string, platform?: unknown): AnyAdapter {
  return {
    ...fakeAdapter(key, platform),
    webhook: {
      mediaTypes: ['application/json'],
      maxBodyBytes: 100,
      receive: async (_request, settings) => ({ status: 'forged', reason: JSON.stringify(settings) }),
    },
  };
}

function openRows(
  rows?: MemoryRows,
  adapters = adaptersOf(reporting('mail', SETTINGS), fakeAdapter('silent', SETTINGS)),
) {
  return memoryContext({ adapters, ...(rows === undefined ? {} : { rows }) });
}

describe('what an account is reported', () => {
  it('is read with the settings of that account, secrets and all', async () => {
    const context = openRows();
    await createAccounts(context, scopeOf('sol')).save({
      ...OWN,
      settings: { ...SETTINGS, signingKey: 'of sol' },
    });
    const platform = await receiverOf(context, { tenant: PLATFORM_TENANT, key: 'mail' });
    const own = await receiverOf(context, { tenant: 'sol', key: OWN.key });
    expect(own).toMatchObject({ mediaTypes: ['application/json'], maxBodyBytes: 100 });
    const reasonOf = async (receiver: typeof own) => (await receiver?.receive(REQUEST)) as { reason: string };
    expect(JSON.parse((await reasonOf(own)).reason)).toEqual({
      ...SETTINGS,
      port: 587,
      signingKey: 'of sol',
    });
    expect(JSON.parse((await reasonOf(platform)).reason)).toEqual({ ...SETTINGS, port: 587 });
  });

  it('is read by nobody where there is no such account, or its adapter reads none', async () => {
    const context = openRows();
    await createAccounts(context, scopeOf('sol')).save(OWN);
    await createAccounts(context, scopeOf('sol')).save({ ...OWN, key: 'quiet', adapter: 'silent' });
    for (const [tenant, key] of [
      [PLATFORM_TENANT, 'silent'],
      [PLATFORM_TENANT, OWN.key],
      [PLATFORM_TENANT, 'toString'],
      ['sol', 'quiet'],
      ['sol', 'mail'],
      ['maane', OWN.key],
    ] as const)
      expect(await receiverOf(context, { tenant, key })).toBeNull();
  });

  it('cannot be read once the adapter is gone, or the key of the secrets', async () => {
    const context = openRows();
    await createAccounts(context, scopeOf('sol')).save(OWN);
    const account = { tenant: 'sol', key: OWN.key };
    const without = openRows(context.rows, adaptersOf(fakeAdapter('other')));
    await expect(receiverOf(without, account)).rejects.toMatchObject({ code: 'unknown_adapter' });
    const secrets = { current: 'k2', keys: { k2: 'another key that is long enough, 0123456789' } };
    const { adapters, rows } = context;
    const keyless = memoryContext({ adapters, rows, secrets });
    await expect(receiverOf(keyless, account)).rejects.toMatchObject({ code: 'secret_unreadable' });
  });
});
