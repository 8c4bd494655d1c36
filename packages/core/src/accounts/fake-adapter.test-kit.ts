import { z } from 'zod';
import { type MemoryContext, memoryContext, scopeOf } from '../memory-store.test-kit.ts';
import type { Adapter, AnyAdapter, Transport, Verification } from '../ports/index.ts';
import type { Accounts } from './account.ts';
import { createAccounts } from './create-accounts.ts';

interface ServerSettings {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly signingKey?: string | undefined;
}

interface FakeAdapter extends Adapter<ServerSettings> {
  /** Settings of every transport that was opened, and whether it has been closed. */
  readonly opened: { readonly settings: ServerSettings; closed: number }[];
}

const settings = z.strictObject({
  host: z.string().min(1),
  port: z.int().min(1).max(65_535).default(587),
  username: z.string('Give the user name of the mail server.'),
  password: z.string('Give the password of the mail server.'),
  signingKey: z.string().optional(),
});

/** A mail server that takes one password: `open sesame`. */
export function fakeAdapter(
  key = 'mail',
  platform?: unknown,
  channel: 'email' | 'sms' = 'email',
): FakeAdapter {
  const opened: FakeAdapter['opened'] = [];
  return {
    key,
    channel,
    settings,
    secrets: ['password', 'signingKey'],
    secretsGoTo: ['host', 'port'],
    ...(platform === undefined ? {} : { platform }),
    opened,
    open(given) {
      const state = { settings: given, closed: 0 };
      opened.push(state);
      return fakeTransport(given, () => {
        state.closed += 1;
      });
    },
  };
}

export function adaptersOf(...adapters: readonly AnyAdapter[]): ReadonlyMap<string, AnyAdapter> {
  return new Map(adapters.map((adapter) => [adapter.key, adapter]));
}

function fakeTransport({ host, password }: ServerSettings, onClose: () => void): Transport {
  return {
    features: { maxBatch: 1, window: 1, attachments: true, reports: 'none', tracking: false },
    send: async () => undefined,
    async verify({ signal }) {
      if (host === 'silent.example') await silence(signal);
      if (signal.aborted) return verdict(false, 'The server said nothing.');
      return password === 'open sesame' ? verdict(true, 'It works.') : verdict(false, 'Wrong password.');
    },
    async close() {
      onClose();
    },
  };
}

function silence(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function verdict(ok: boolean, message: string): Verification {
  return { ok, message, steps: [{ name: 'credentials', ok, message }] };
}

export const SETTINGS = { host: 'smtp.example.dk', username: 'hello', password: 'open sesame' };
export const OWN = { key: 'own-server', adapter: 'mail', settings: SETTINGS };
const PLATFORM = { host: 'platform.example', username: 'platform', password: 'open sesame' };

/** A tenant's accounts, beside the platform's `mail`. */
export function accountsOf(tenant: string): {
  readonly adapter: FakeAdapter;
  readonly context: MemoryContext;
  readonly accounts: Accounts;
} {
  const adapter = fakeAdapter('mail', PLATFORM);
  const adapters = adaptersOf(adapter, fakeAdapter('other-mail'), fakeAdapter('texts', undefined, 'sms'));
  const context = memoryContext({ adapters });
  return { adapter, context, accounts: createAccounts(context, scopeOf(tenant)) };
}
