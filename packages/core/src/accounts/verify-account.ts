import type { Context } from '../context.ts';
import type { AccountRecord, AnyAdapter, Channel, Verification } from '../ports/index.ts';
import { platformSettings, storedSettings } from './account-settings.ts';

/** A server that says nothing for this long will not say anything. */
const LIMIT_MS = 30_000;

/**
 * Tries an account by a transport of its own, as that in use may have been opened with other settings. Without a record
 * it is the platform's.
 *
 * @throws ConfigurationError `secret_unreadable`, `invalid_input`; the signal's reason where it is aborted.
 */
export async function tryAccount(
  context: Pick<Context, 'clock' | 'log' | 'vault'>,
  adapter: AnyAdapter,
  record: AccountRecord | undefined,
  { signal, sender }: { signal?: AbortSignal | undefined; sender?: string | undefined } = {},
): Promise<Verification> {
  signal?.throwIfAborted();
  const settings =
    record === undefined ? platformSettings(adapter) : storedSettings(context, adapter, record);
  const transport = adapter.open(settings, { clock: context.clock, log: context.log });
  const done = new AbortController();
  const limit = new AbortController();
  const outOfTime = context.clock.sleep(LIMIT_MS, done.signal).then(
    () => limit.abort(new DOMException('The server did not answer in time.', 'TimeoutError')),
    () => undefined,
  );
  try {
    const either = signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal]);
    const verification = await transport.verify({
      signal: either,
      ...(sender === undefined ? {} : { sender }),
    });
    signal?.throwIfAborted();
    return verification;
  } finally {
    done.abort();
    await outOfTime;
    await transport.close();
  }
}

/** An address that mail by this account comes from: of an identity that names it, or else the default sender's. */
export async function senderBy(
  context: Pick<Context, 'open'>,
  tenant: string,
  { key, channel }: { readonly key: string; readonly channel: Channel },
): Promise<string | undefined> {
  const { store } = await context.open();
  const identities = await store.identities.list(tenant, channel);
  const sender =
    identities.find(({ account }) => account === key) ??
    identities.find(({ account, isDefault }) => account === null && isDefault);
  return sender?.address;
}
