import { type Context, PLATFORM_TENANT } from '../context.ts';
import { ConfigurationError } from '../errors.ts';
import type { AccountRecord, AnyAdapter, Transport } from '../ports/index.ts';
import { platformSettings, storedSettings } from './account-settings.ts';
import { adapterOf, platformAdapter, unknownAccount } from './resolve-account.ts';
import { type SharedTransport, shareTransport } from './shared-transport.ts';
import { runtimeOf } from './transport-runtime.ts';

/** Opened accounts, shared by everything that sends. */
export interface Transports {
  /**
   * The account's transport, as its settings are now. `close` gives it back; its connections end once the settings have
   * changed and the last user gave it back.
   *
   * @throws NotFoundError `unknown_account`; ConfigurationError `unknown_adapter`, `secret_unreadable`, `invalid_input`,
   *   `closed`.
   */
  open(accountTenant: string, key: string): Promise<Transport>;
  /** Ends them all, those in use once they are given back. */
  closeAll(): Promise<void>;
}

type Rooms = Pick<Context, 'adapters' | 'clock' | 'log' | 'open' | 'publicUrl' | 'vault'>;

interface OpenAccount {
  /** Of the settings it was opened with. */
  readonly version: string;
  readonly shared: SharedTransport;
}

/** What the platform's settings are is in the host's code: they never change while it runs. */
const PLATFORM_VERSION = 'platform';

/**
 * A stored account is read again at every `open`: one row by its key costs little beside a hand-over, and a transport
 * with the former password would pause an account that was just mended.
 */
export function createTransports(context: Rooms): Transports {
  const open = new Map<string, OpenAccount>();
  let closed = false;

  const lend = (id: string, version: string, openTransport: () => Transport): Transport => {
    const known = open.get(id);
    if (known?.version === version) return known.shared.lend();
    const shared = shareTransport(openTransport(), context.log);
    open.set(id, { version, shared });
    void known?.shared.retire();
    return shared.lend();
  };

  return {
    async open(accountTenant, key) {
      const id = `${accountTenant}/${key}`;
      const runtime = runtimeOf(context, { tenant: accountTenant, key });
      const record =
        accountTenant === PLATFORM_TENANT ? undefined : await readRecord(context, accountTenant, key);
      if (closed) throw new ConfigurationError('closed', 'This Posthorn is closed.');
      if (record === undefined) {
        const adapter = platformAdapter(context, key) ?? missingPlatform(key);
        return lend(id, PLATFORM_VERSION, () => adapter.open(platformSettings(adapter), runtime));
      }
      const adapter = adapterOf(context, record);
      return lend(id, versionOf(record), () =>
        adapter.open(storedSettings(context, adapter, record), runtime),
      );
    },
    async closeAll() {
      closed = true;
      await Promise.all([...open.values()].map(({ shared }) => shared.retire()));
    },
  };
}

async function readRecord(context: Rooms, tenant: string, key: string): Promise<AccountRecord> {
  const opened = await context.open();
  const record = await opened.store.accounts.get(tenant, key);
  if (record !== undefined) return record;
  throw await unknownAccount(context, opened, tenant, key);
}

/** By content, not by time: two saves may fall into one millisecond, and a pause changes nothing about a connection. */
function versionOf({ adapter, settings, sealedSecrets }: AccountRecord): string {
  return JSON.stringify([adapter, settings, sealedSecrets]);
}

function missingPlatform(key: string): AnyAdapter {
  throw new ConfigurationError(
    'unknown_adapter',
    `The platform has no account ${JSON.stringify(key)} any more.`,
    {
      advice: 'Messages wait for it: give its adapter to `createPosthorn` again.',
    },
  );
}
