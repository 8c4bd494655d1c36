import type { Scope } from './context.ts';
import { countryOf, parseCountry } from './country.ts';
import { didYouMean } from './did-you-mean.ts';
import { ConfigurationError } from './errors.ts';
import type {
  AccountLimits,
  AnyAdapter,
  Backend,
  Clock,
  Log,
  RecipientSource,
  TagCatalogue,
} from './ports/index.ts';
import { parseLocale, parseTimeZone } from './recipients/index.ts';
import { type RetentionOptions, retentionOptionsSchema } from './retention/index.ts';
import type { SecretKeys } from './secrets/index.ts';

/** Recipient sources by the name under which recipients refer to them. */
export type RecipientSources = Readonly<Record<string, RecipientSource>>;

/** The set-up of a Posthorn. */
export interface PosthornOptions<Tags extends TagCatalogue = TagCatalogue> {
  /** Where state lives and work waits: `sqlite('messages.db')`. */
  readonly backend: Backend;
  /** How messages travel. The first of a channel that brings the platform's account is that channel's default. */
  readonly adapters: readonly AnyAdapter[];
  /**
   * The most messages that leave by the platform's accounts within any such time, by adapter key:
   * `{ smtp: { perHour: 300 } }`. All tenants share them. Accounts that are saved have limits of their own. What is beyond
   * waits, but for `perRecipientPerDay`, which skips: see `accounts.save`.
   */
  readonly limits?: Readonly<Record<string, AccountLimits>> | undefined;
  /** Seal passwords and API keys at rest. */
  readonly secrets: SecretKeys;
  /** BCP 47; for recipients who have none. `en` where nothing is said. */
  readonly locale?: string | undefined;
  /** IANA; for recipients who have none. `UTC` where nothing is said. */
  readonly timeZone?: string | undefined;
  /**
   * ISO 3166-1: `DK`; the country of phone numbers without a country code, where an SMS adapter reads them. Left out, it
   * is the region of `locale` (`da-DK`), or the country where nearly all of its language is spoken (`da`); else (`en`)
   * numbers need their country code.
   */
  readonly country?: string | undefined;
  /**
   * The address under which the world reaches `handler`, where the host has mounted it: links to unsubscribe begin with
   * it. https; http for localhost only. Without one, bulk emails can be unsubscribed from by an answer only.
   */
  readonly publicUrl?: string | undefined;
  /** The tag catalogue: what templates may use, and the type of `data`. Without one, templates may use any tag. */
  readonly tags?: Tags | undefined;
  /** How long messages are kept; for ever where nothing is said. Templates may let go of what they said earlier. */
  readonly retention?: RetentionOptions | undefined;
  /** The host's customers, staff, guests. */
  readonly recipients?: RecipientSources | undefined;
  /** Where Posthorn writes what a developer may want to know. Warnings of the process where nothing is given. */
  readonly log?: Log | undefined;
  /** The system's time where nothing is given. For tests. */
  readonly clock?: Clock | undefined;
}

/** What a tenant may have of its own. */
export interface TenantSettings {
  /** BCP 47; for the tenant's recipients who have none. */
  readonly locale?: string | undefined;
  /** IANA; for the tenant's recipients who have none. */
  readonly timeZone?: string | undefined;
  /** As the option of `createPosthorn`. Left out, it is that of the tenant's own `locale`, else the platform's. */
  readonly country?: string | undefined;
}

const OPTION_NAMES = [
  'backend',
  'adapters',
  'limits',
  'secrets',
  'locale',
  'timeZone',
  'country',
  'publicUrl',
  'tags',
  'recipients',
  'retention',
  'log',
  'clock',
] as const satisfies readonly (keyof PosthornOptions)[];

const TENANT_SETTING_NAMES = [
  'locale',
  'timeZone',
  'country',
] as const satisfies readonly (keyof TenantSettings)[];

/** @throws ConfigurationError `invalid_input` */
export function checkOptions(options: PosthornOptions): void {
  if (typeof options !== 'object' || options === null) throw wrong('', 'needs an object of options');
  checkNames(options, OPTION_NAMES);
  if (typeof options.backend?.open !== 'function') {
    throw wrong('backend', 'is missing', "Give a backend, such as sqlite('messages.db').");
  }
  if (!Array.isArray(options.adapters)) throw wrong('adapters', 'is no list', 'Give a list: [smtp()].');
}

/** After how many days messages go; null: they stay. */
export function checkRetention(options: RetentionOptions | undefined): number | null {
  if (options === undefined) return null;
  const read = retentionOptionsSchema.safeParse(options);
  if (read.success) return read.data.messagesDays;
  throw wrong(
    'retention',
    'is not how long messages are kept',
    'Give days, 1 to 36,500: { messagesDays: 400 }. Left out, they are kept for ever.',
  );
}

/** Recipient sources by name. */
export function sourcesByName(sources: RecipientSources | undefined): ReadonlyMap<string, RecipientSource> {
  const byName = new Map(Object.entries(sources ?? {}));
  for (const [name, source] of byName) {
    if (typeof source?.byIds !== 'function') {
      throw wrong(
        `recipients.${name}`,
        'is no recipient source',
        'Give arrayRecipients({ … }) or sqlRecipients({ … }).',
      );
    }
  }
  return byName;
}

/** What `tenant` was given beside the id: a misspelt name would be as good as none. */
export function checkTenantOptions(settings: TenantSettings): TenantSettings {
  if (typeof settings !== 'object' || settings === null) throw wrong('settings', 'is no object of settings');
  checkNames(settings, TENANT_SETTING_NAMES);
  return settings;
}

/** Where a tenant is at home. */
type Home = Pick<Scope, 'locale' | 'timeZone' | 'country'>;

/** Locale, zone and country, checked; what is left out comes from `fallback`. */
export function checkTenantSettings(settings: TenantSettings, fallback: Home): Home {
  const { locale = fallback.locale, timeZone = fallback.timeZone } = settings;
  const canonical = parseLocale(locale);
  if (canonical === undefined) throw wrong('locale', 'is no locale', 'Give a language tag: "da" or "da-DK".');
  if (parseTimeZone(timeZone) === undefined) {
    throw wrong('timeZone', 'is no time zone', 'Give an IANA name: "Europe/Copenhagen".');
  }
  return { locale: canonical, timeZone, country: checkCountry(settings, canonical) ?? fallback.country };
}

function checkCountry({ country, locale }: TenantSettings, canonical: string): string | null {
  if (country === undefined) return locale === undefined ? null : countryOf(canonical);
  const parsed = typeof country === 'string' ? parseCountry(country) : undefined;
  if (parsed === undefined) throw wrong('country', 'is no country', 'Give two letters of ISO 3166-1: "DK".');
  return parsed;
}

/** A tenant's id as the host gives it. */
export function checkTenantId(id: unknown): string {
  const isId = typeof id === 'string' && /^[^\p{Cc}\p{Cs}$][^\p{Cc}\p{Cs}]{0,127}$/u.test(id);
  if (isId) return id;
  throw wrong('tenant', 'is no id of a tenant', 'Give 1 to 128 characters that do not begin with "$".');
}

function checkNames(given: object, known: readonly string[]): void {
  for (const name of Object.keys(given)) {
    if (!known.includes(name)) throw wrong(name, 'is no option', didYouMean(name, known));
  }
}

function wrong(path: string, problem: string, advice?: string): ConfigurationError {
  const subject = path === '' ? 'createPosthorn' : `\`${path}\``;
  return new ConfigurationError('invalid_input', `${subject} ${problem}.`, {
    path: path || undefined,
    advice,
  });
}
