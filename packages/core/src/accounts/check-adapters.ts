import { keySchema } from '../check-input.ts';
import { quoted } from '../did-you-mean.ts';
import { ConfigurationError } from '../errors.ts';
import type { AnyAdapter } from '../ports/index.ts';
import { platformSettings } from './account-settings.ts';

/**
 * The adapters of an instance by key, in their order: the first of a channel with a platform's account is the channel's
 * default.
 *
 * @throws ConfigurationError `invalid_input` for two of one key, and for platform settings that the adapter refuses.
 */
export function checkAdapters(adapters: readonly AnyAdapter[]): ReadonlyMap<string, AnyAdapter> {
  const byKey = new Map<string, AnyAdapter>();
  for (const [index, adapter] of adapters.entries()) {
    const path = `adapters[${index}]`;
    if (!isAdapter(adapter)) {
      throw new ConfigurationError('invalid_input', `What is given as ${path} is no adapter.`, {
        path,
        advice: 'Call the adapter: `adapters: [smtp({ … })]`.',
      });
    }
    if (byKey.has(adapter.key)) {
      throw new ConfigurationError('invalid_input', `The adapter ${quoted(adapter.key)} is given twice.`, {
        path,
        advice: 'Give it once, and save the other settings as an account.',
      });
    }
    if (adapter.platform !== undefined) platformSettings(adapter);
    byKey.set(adapter.key, adapter);
  }
  return byKey;
}

/** It may be somebody's own, written without types. */
function isAdapter(adapter: Partial<AnyAdapter> | null | undefined): boolean {
  return (
    keySchema.safeParse(adapter?.key).success &&
    (adapter?.channel === 'email' || adapter?.channel === 'sms') &&
    typeof adapter.settings?.safeParse === 'function' &&
    Array.isArray(adapter.secrets) &&
    typeof adapter.open === 'function'
  );
}
