import { z } from 'zod';
import { checkInput } from '../check-input.ts';
import { type Context, PLATFORM_TENANT } from '../context.ts';
import { didYouMean, quoted } from '../did-you-mean.ts';
import { ConfigurationError, InputError } from '../errors.ts';
import type { AccountLimits, AccountRecord, AnyAdapter } from '../ports/index.ts';
import { LIMIT_SPANS } from './limit-spans.ts';

const NAMES: readonly string[] = [...LIMIT_SPANS.map(({ period }) => period), 'perRecipientPerDay'];
const WHOLE = 'must be a whole number from 1 to 1,000,000,000';

const namedSchema = z.record(z.string(), z.unknown());
const limitSchema = z.int(WHOLE).min(1, WHOLE).max(1e9, WHOLE).optional();
const limitsSchema = z.strictObject({
  perSecond: limitSchema,
  perMinute: limitSchema,
  perHour: limitSchema,
  perDay: limitSchema,
  perMonth: limitSchema,
  perRecipientPerDay: limitSchema,
});

/**
 * Limits as they are stored; null where nothing is limited.
 *
 * @throws InputError `invalid_input` with a path under `at`.
 */
export function checkLimits(given: unknown, what: string, at: string): AccountLimits | null {
  if (given === undefined) return null;
  const unknown = Object.keys(checkInput(namedSchema, given, what, at)).find((name) => !NAMES.includes(name));
  if (unknown !== undefined) {
    throw new InputError('invalid_input', `Invalid ${what}: ${at} has no ${quoted(unknown)}.`, {
      path: at,
      advice: didYouMean(unknown, NAMES),
    });
  }
  const limits = Object.entries(checkInput(limitsSchema, given, what, at)).filter(
    ([, limit]) => limit !== undefined,
  );
  return limits.length === 0 ? null : Object.fromEntries(limits);
}

/** Those of an account: the platform's are in the host's code, a company's are stored with it. */
export function limitsOf(
  { limits }: Pick<Context, 'limits'>,
  tenant: string,
  key: string,
  stored: Pick<AccountRecord, 'limits'> | undefined,
): AccountLimits | null {
  return (tenant === PLATFORM_TENANT ? limits.get(key) : stored?.limits) ?? null;
}

/**
 * The limits of the platform's accounts, by the keys of their adapters.
 *
 * @throws ConfigurationError `invalid_input` with the path: `limits.smtp.perHour`.
 */
export function checkPlatformLimits(
  adapters: ReadonlyMap<string, AnyAdapter>,
  given: unknown = {},
): ReadonlyMap<string, AccountLimits> {
  const byKey = new Map<string, AccountLimits>();
  const named = asConfiguration(() => checkInput(namedSchema, given, 'limits', 'limits'));
  for (const [key, value] of Object.entries(named)) {
    if (adapters.get(key)?.platform === undefined) throw noAccount(adapters, key);
    const limits = asConfiguration(() => checkLimits(value, 'limits', `limits.${key}`));
    if (limits !== null) byKey.set(key, limits);
  }
  return byKey;
}

function asConfiguration<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { message, path, advice, issues, cause } = error;
    // The advice is appended to the message of every error, so to this one's as well.
    const problem = advice === undefined ? message : message.slice(0, -advice.length - 1);
    throw new ConfigurationError('invalid_input', problem, { path, advice, issues, cause });
  }
}

function noAccount(adapters: ReadonlyMap<string, AnyAdapter>, key: string): ConfigurationError {
  const isGiven = adapters.has(key);
  const known = [...adapters.values()].filter(({ platform }) => platform !== undefined);
  return new ConfigurationError(
    'invalid_input',
    isGiven
      ? `The adapter ${quoted(key)} brings no account of the platform's that could have limits.`
      : `There is no adapter ${quoted(key)} to limit.`,
    {
      path: `limits.${key}`,
      advice: isGiven
        ? 'Give the adapter settings, or give the limits to the accounts that are saved.'
        : didYouMean(
            key,
            known.map((adapter) => adapter.key),
          ),
    },
  );
}
