import { z } from 'zod';
import { checkInput, inputErrorOf, keySchema } from '../check-input.ts';
import type { Context } from '../context.ts';
import { didYouMean, quoted } from '../did-you-mean.ts';
import { ConflictError, NotFoundError } from '../errors.ts';
import type { AccountRecord, AnyAdapter, JsonObject } from '../ports/index.ts';
import type { AccountInput } from './account.ts';
import { checkSettings, readableSecrets, sealSecrets } from './account-settings.ts';
import { checkLimits } from './limits.ts';
import { resumeIfMended } from './mend-account.ts';

const inputSchema = z.strictObject({
  key: keySchema,
  adapter: z.string(),
  label: z.string().max(200).optional(),
  settings: z.record(z.string(), z.unknown()),
  limits: z.unknown().optional(),
});

/** Saves an account, and has it go on where new settings mend what it was paused for. */
export async function saveAccount(
  context: Context,
  tenant: string,
  input: AccountInput,
): Promise<AccountRecord> {
  const checked = checkInput(inputSchema, input, 'account');
  const { key, label, settings: given } = checked;
  const limits = checkLimits(checked.limits, 'account', 'limits');
  const adapter = adapterBy(context, checked.adapter);
  if (context.adapters.has(key)) throw reservedKey(key);

  const { store } = await context.open();
  const before = await store.accounts.get(tenant, key);
  if (before !== undefined && before.channel !== adapter.channel) throw otherChannel(before, adapter);

  const kept = before?.adapter === adapter.key ? readableSecrets(context, before) : {};
  const { settings, secrets } = checkSettings(adapter, merge(adapter, kept, given));
  if (before !== undefined) checkDestination(adapter, before.settings, settings, keptNames(kept, given));

  const now = context.clock.now();
  const record: AccountRecord = {
    tenant,
    key,
    adapter: adapter.key,
    channel: adapter.channel,
    label: label ?? null,
    settings,
    sealedSecrets: sealSecrets(context, { tenant, key }, secrets),
    pause: before?.pause ?? null,
    limits,
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
  };
  await store.accounts.save(record);
  // It may have been paused or resumed since we looked.
  const saved = (await store.accounts.get(tenant, key)) ?? record;
  return saved.pause?.reason === 'credentials' ? resumeIfMended(context, adapter, saved) : saved;
}

/** What is given over what is kept; `undefined` is not given, `null` takes a secret away. */
function merge(adapter: AnyAdapter, kept: JsonObject, given: Readonly<Record<string, unknown>>): object {
  const secret = new Set<string>(adapter.secrets);
  const all = Object.entries({ ...kept, ...withoutUndefined(given) });
  return Object.fromEntries(all.filter(([name, value]) => !(value === null && secret.has(name))));
}

function keptNames(kept: JsonObject, given: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(kept).filter((name) => given[name] === undefined);
}

function withoutUndefined(given: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function checkDestination(
  adapter: AnyAdapter,
  before: JsonObject,
  after: JsonObject,
  kept: readonly string[],
): void {
  const names: readonly string[] = adapter.secretsGoTo ?? [];
  const changed = names.find((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  if (changed === undefined || kept.length === 0) return;
  throw inputErrorOf(
    'account',
    kept.map((name) => ({
      path: `settings.${name}`,
      message: `must be given again, as \`${changed}\` changes`,
    })),
  );
}

function adapterBy(context: Pick<Context, 'adapters'>, key: string): AnyAdapter {
  const adapter = context.adapters.get(key);
  if (adapter !== undefined) return adapter;
  throw new NotFoundError('unknown_adapter', `There is no adapter ${quoted(key)}.`, {
    path: 'adapter',
    advice: didYouMean(key, context.adapters.keys()),
  });
}

/** The platform's own account goes by its adapter's key. */
export function reservedKey(key: string): ConflictError {
  return new ConflictError('account_key_reserved', `${quoted(key)} names the platform's own account.`, {
    path: 'key',
    advice: 'Choose another key.',
  });
}

function otherChannel(before: AccountRecord, adapter: AnyAdapter): ConflictError {
  return new ConflictError(
    'account_in_use',
    `The account ${quoted(before.key)} is for ${before.channel}, and ${quoted(adapter.key)} for ${adapter.channel}.`,
    { path: 'adapter', advice: 'Save it under another key.' },
  );
}
