import type { Context, Scope } from '../context.ts';
import { phonesOf, type Recipient, recipientKey } from '../recipients/index.ts';

/**
 * Where each entry's recipient stands among all of them, when each is counted once, as first named: 0, 1, 0 for Anna, Bo
 * and Anna again.
 *
 * @throws InputError `invalid_address`; check the recipients first for an error with the path.
 */
export async function recipientPlaces(
  context: Pick<Context, 'adapters'>,
  scope: Pick<Scope, 'country'>,
  recipients: readonly Recipient[],
): Promise<readonly number[]> {
  const places = new Map<string, number>();
  const found: number[] = [];
  for (const recipient of recipients) {
    const key = recipientKey(await asRead(context, scope, recipient));
    const place = places.get(key) ?? places.size;
    places.set(key, place);
    found.push(place);
  }
  return found;
}

async function asRead(
  context: Pick<Context, 'adapters'>,
  scope: Pick<Scope, 'country'>,
  recipient: Recipient,
): Promise<Parameters<typeof recipientKey>[0]> {
  if ('source' in recipient || recipient.phone === undefined) return recipient;
  const parsed = (await phonesOf(context, scope)).read(recipient.phone);
  return { email: recipient.email, phone: parsed.ok ? parsed.address : parsed.given };
}
