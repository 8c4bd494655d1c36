import { keySchema } from '../check-input.ts';
import { type Context, PLATFORM_TENANT } from '../context.ts';

/** The segment of the path that stands before the account. */
export const WEBHOOK_PATH = 'webhooks';

/** Whose account it is: a tenant's, or `$platform`. */
export interface AccountRef {
  readonly tenant: string;
  readonly key: string;
}

/**
 * Where an account's provider can report: `…/webhooks/sendgrid` for the platform's, `…/webhooks/own-sendgrid~salon-sol` for
 * a tenant's. Undefined where the host gave no `publicUrl`.
 */
export function webhookUrlOf(
  { publicUrl }: Pick<Context, 'publicUrl'>,
  { tenant, key }: AccountRef,
): string | undefined {
  if (publicUrl === null) return undefined;
  const account = tenant === PLATFORM_TENANT ? key : `${key}~${encodeURIComponent(tenant)}`;
  return `${publicUrl}/${WEBHOOK_PATH}/${account}`;
}

/** The account that the last segment of such a path names, as it stands there; null where it names none. */
export function readWebhookAccount(segment: string): AccountRef | null {
  const [key = '', ...rest] = segment.split('~');
  if (!keySchema.safeParse(key).success) return null;
  if (rest.length === 0) return { tenant: PLATFORM_TENANT, key };
  const tenant = decode(rest.join('~'));
  // Its own path alone names the platform.
  return tenant === null || tenant === '' || tenant.startsWith('$') ? null : { tenant, key };
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
