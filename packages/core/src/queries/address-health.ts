import type { Context, Opened, Scope } from '../context.ts';
import { type ResolvedRecipient, readPhones } from '../recipients/index.ts';
import { addressKeyOf } from '../suppressions/index.ts';

export const HEALTH_STATUSES = [
  'ok',
  'missing',
  'malformed',
  'invalid',
  'complained',
  'unsubscribed',
  'blocked',
] as const;

/** What is known of an address; of several marks in force the earliest counts. */
export type HealthStatus = (typeof HEALTH_STATUSES)[number];

/** An address whose health can be asked. */
export type AddressKind = 'email' | 'phone';

/** The fields that Posthorn answers itself, of every source. */
export const HEALTH_FIELDS: ReadonlyMap<string, AddressKind> = new Map([
  ['email.status', 'email'],
  ['phone.status', 'phone'],
]);

/** The health of each one's address of that kind, in their order: one look-up for all of them. */
export async function healthOf(
  context: Pick<Context, 'adapters'>,
  opened: Opened,
  scope: Pick<Scope, 'country' | 'tenant'>,
  kind: AddressKind,
  recipients: readonly ResolvedRecipient[],
): Promise<readonly HealthStatus[]> {
  const channel = kind === 'email' ? 'email' : 'sms';
  const { tenant } = scope;
  const addresses =
    kind === 'email' ? recipients.map(({ email }) => email) : await readPhones(context, scope, recipients);
  const keys = await Promise.all(
    addresses.map(async (parsed) =>
      parsed?.ok === true ? await addressKeyOf(opened, tenant, channel, parsed.address) : null,
    ),
  );
  const asked = [...new Set(keys.filter((key) => key !== null))];
  const marks = asked.length === 0 ? undefined : await opened.store.suppressions.find(tenant, channel, asked);
  return addresses.map((parsed, index) => {
    if (parsed === null) return 'missing';
    return parsed.ok ? (marks?.get(keys[index] ?? '')?.reason ?? 'ok') : 'malformed';
  });
}
