import { checkInput } from '../check-input.ts';
import type { Context } from '../context.ts';
import { quoted } from '../did-you-mean.ts';
import { ConfigurationError, InputError } from '../errors.ts';
import type { AccountRecord, AnyAdapter, Json, JsonObject } from '../ports/index.ts';
import { accountBinding } from '../secrets/index.ts';

/** The settings of an account, taken apart for the store. */
interface SplitSettings {
  readonly settings: JsonObject;
  readonly secrets: JsonObject;
}

/**
 * Settings as the adapter's schema wants them. The schema's answer is what is stored, and is given to the schema again
 * when the account is opened.
 *
 * @throws InputError `invalid_input` with paths under `settings`.
 */
export function checkSettings(adapter: AnyAdapter, settings: unknown): SplitSettings {
  const checked = toJson(adapter, checkInput<object>(adapter.settings, settings, 'account', 'settings'));
  const secret = new Set<string>(adapter.secrets);
  const pick = (wanted: boolean) =>
    Object.fromEntries(Object.entries(checked).filter(([name]) => secret.has(name) === wanted));
  return { settings: pick(false), secrets: pick(true) };
}

/** Null where there is nothing secret. */
export function sealSecrets(
  context: Pick<Context, 'vault'>,
  { tenant, key }: Pick<AccountRecord, 'tenant' | 'key'>,
  secrets: JsonObject,
): string | null {
  if (Object.keys(secrets).length === 0) return null;
  return context.vault.seal(JSON.stringify(secrets), accountBinding(tenant, key));
}

/** @throws ConfigurationError `secret_unreadable`. */
function openSecrets(
  context: Pick<Context, 'vault'>,
  { tenant, key, sealedSecrets }: Pick<AccountRecord, 'tenant' | 'key' | 'sealedSecrets'>,
): JsonObject {
  if (sealedSecrets === null) return {};
  return JSON.parse(context.vault.open(sealedSecrets, accountBinding(tenant, key)));
}

/** As `openSecrets`, but secrets whose key is gone are as good as none: people type them again. */
export function readableSecrets(
  context: Pick<Context, 'vault'>,
  record: Pick<AccountRecord, 'tenant' | 'key' | 'sealedSecrets'>,
): JsonObject {
  try {
    return openSecrets(context, record);
  } catch (error) {
    if (error instanceof ConfigurationError) return {};
    throw error;
  }
}

/**
 * Everything a stored account's transport is opened with.
 *
 * @throws ConfigurationError `secret_unreadable`; `invalid_input` where the adapter has become stricter since.
 */
export function storedSettings(
  context: Pick<Context, 'vault'>,
  adapter: AnyAdapter,
  record: AccountRecord,
): object {
  const settings = { ...record.settings, ...openSecrets(context, record) };
  return asConfiguration(`The account ${quoted(record.key)}`, 'settings', adapter, settings);
}

/**
 * The settings of the platform's own account.
 *
 * @throws ConfigurationError `invalid_input`.
 */
export function platformSettings(adapter: AnyAdapter): object {
  return asConfiguration(
    `The adapter ${quoted(adapter.key)}`,
    `adapters.${adapter.key}`,
    adapter,
    adapter.platform,
  );
}

function asConfiguration(subject: string, at: string, adapter: AnyAdapter, settings: unknown): object {
  try {
    return checkInput<object>(adapter.settings, settings, 'settings', at);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new ConfigurationError('invalid_input', `${subject} cannot be opened. ${error.message}`, {
      path: error.path,
      issues: error.issues,
    });
  }
}

function toJson(adapter: AnyAdapter, settings: object): Readonly<Record<string, Json>> {
  const json = plainCopy(settings);
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, Json>;
  throw new ConfigurationError(
    'invalid_input',
    `The schema of the adapter ${quoted(adapter.key)} answers settings that cannot be stored as JSON.`,
  );
}

function plainCopy(value: object): unknown {
  try {
    return JSON.parse(JSON.stringify(value));
  } catch {
    return undefined;
  }
}
