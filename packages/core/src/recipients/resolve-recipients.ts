import { checkInput, inputErrorOf } from '../check-input.ts';
import type { Context, Scope } from '../context.ts';
import { didYouMean, quoted } from '../did-you-mean.ts';
import { ConfigurationError, NotFoundError } from '../errors.ts';
import type { RecipientSource } from '../ports/index.ts';
import { checkDisplayName } from './display-name.ts';
import { checkEmailAddress } from './email-address.ts';
import { loadRecipients, type PendingRecipient } from './load-recipients.ts';
import { parseLocale, parseTimeZone } from './locale.ts';
import { noPhone, phonesOf } from './phones.ts';
import { bareSchema, isGroup, type Recipient, type ResolvedRecipient, refSchema } from './recipient.ts';

/**
 * Finds out who they are: one for each of the input, in its order. A malformed address in the host's own data is no
 * error but a reason to skip; a malformed one in the call is.
 *
 * @throws InputError `invalid_address`, `header_injection`, `invalid_input` with the path.
 * @throws NotFoundError `unknown_source`, `unknown_recipient`.
 * @throws ConfigurationError `tenant_wall` for a source that cannot tell tenants apart, under `.tenant()`.
 */
export async function resolveRecipients(
  context: Pick<Context, 'adapters' | 'sources'>,
  scope: Scope,
  to: Recipient | readonly Recipient[],
): Promise<readonly ResolvedRecipient[]> {
  const named: NamedRecipient[] = [];
  for (const { value, path } of entriesOf(to)) named.push(await readRecipient(context, scope, value, path));
  return askForNamed(scope, named);
}

/** A recipient of a call, its form checked; one of a source is still to be asked for. */
export type NamedRecipient = PendingRecipient | ResolvedRecipient;

/**
 * Checks the form of one recipient.
 *
 * @throws as `resolveRecipients`, but for `unknown_recipient`.
 */
export async function readRecipient(
  context: Pick<Context, 'adapters' | 'sources'>,
  scope: Scope,
  value: unknown,
  path: string,
): Promise<NamedRecipient> {
  if (isGroup(value)) {
    throw inputErrorOf('recipient', [{ path, message: 'names a group, and one recipient is needed here' }]);
  }
  const named = typeof value === 'object' && value !== null && 'source' in value;
  if (!named) return readBare(context, scope, value, path);
  const ref = checkInput(refSchema, value, 'recipient', path);
  return { ref, source: sourceOf(context, scope, ref.source, `${path}.source`), path };
}

/**
 * Asks the sources for those that are theirs; in the same order.
 *
 * @throws NotFoundError `unknown_recipient`.
 */
export async function askForNamed(
  scope: Scope,
  named: readonly NamedRecipient[],
): Promise<readonly ResolvedRecipient[]> {
  const found = await loadRecipients(
    scope,
    named.filter((entry) => 'ref' in entry),
  );
  return named.map((entry) => {
    if (!('ref' in entry)) return entry;
    const resolved = found.get(entry);
    if (resolved !== undefined) return resolved;
    throw new NotFoundError(
      'unknown_recipient',
      `The source ${quoted(entry.ref.source)} has no recipient ${quoted(entry.ref.id)}.`,
      { path: entry.path, advice: 'Ids are those of the source; a tenant finds its own recipients only.' },
    );
  });
}

/** Each entry of a `to`, with its path; one that is no list is one entry. */
export function entriesOf(to: unknown): readonly { readonly value: unknown; readonly path: string }[] {
  if (!Array.isArray(to)) return [{ value: to, path: 'to' }];
  if (to.length === 0) throw inputErrorOf('recipient', [{ path: 'to', message: 'names nobody' }]);
  return to.map((value, index) => ({ value, path: `to[${index}]` }));
}

/**
 * The source of that key, open to the scope; `path` is where the key stands.
 *
 * @throws NotFoundError `unknown_source`.
 * @throws ConfigurationError `tenant_wall` for one that cannot tell tenants apart, under `.tenant()`.
 */
export function sourceOf(
  context: Pick<Context, 'sources'>,
  scope: Scope,
  key: string,
  path: string,
): RecipientSource {
  const source = context.sources.get(key);
  if (source === undefined) {
    throw new NotFoundError('unknown_source', `There is no recipient source ${quoted(key)}.`, {
      path,
      advice: didYouMean(key, context.sources.keys()),
    });
  }
  if (scope.scoped && !source.tenantAware) {
    throw new ConfigurationError(
      'tenant_wall',
      `The recipient source ${quoted(key)} cannot tell tenants apart, so it is closed under \`.tenant()\`.`,
      { path, advice: 'Name the column that holds the tenant as `tenant` of the source.' },
    );
  }
  return source;
}

async function readBare(
  context: Pick<Context, 'adapters'>,
  scope: Scope,
  value: unknown,
  path: string,
): Promise<ResolvedRecipient> {
  const { email, phone, name, locale, timeZone } = checkInput(bareSchema, value, 'recipient', path);
  if (email === undefined && phone === undefined) {
    throw inputErrorOf('recipient', [{ path, message: 'needs `email`, `phone`, or `source` and `id`' }]);
  }
  return {
    recipient: null,
    path,
    name: checkDisplayName(name, `${path}.name`),
    email: email === undefined ? null : { ok: true, address: checkEmailAddress(email, `${path}.email`) },
    phone: phone === undefined ? null : await readBarePhone(context, scope, phone, `${path}.phone`),
    locale: locale === undefined ? scope.locale : known(parseLocale(locale), locale, 'locale', path),
    timeZone:
      timeZone === undefined ? scope.timeZone : known(parseTimeZone(timeZone), timeZone, 'timeZone', path),
    data: {},
  };
}

/** That a number takes no text messages is no mistake in the call: the message is skipped, or goes by email. */
async function readBarePhone(
  context: Pick<Context, 'adapters'>,
  scope: Scope,
  phone: unknown,
  path: string,
): Promise<string> {
  const parsed = (await phonesOf(context, scope)).read(phone);
  if (parsed.ok) return parsed.address;
  if (parsed.isLandline) return parsed.given;
  throw noPhone(parsed, path);
}

function known(
  parsed: string | undefined,
  given: string,
  field: 'locale' | 'timeZone',
  path: string,
): string {
  if (parsed !== undefined) return parsed;
  const expected =
    field === 'locale' ? 'a locale such as "da-DK"' : 'a time zone such as "Europe/Copenhagen"';
  throw inputErrorOf('recipient', [
    { path: `${path}.${field}`, message: `${quoted(given)} is not ${expected}` },
  ]);
}
