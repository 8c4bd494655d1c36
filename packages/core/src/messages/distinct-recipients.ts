import { normaliseAddress, type Recipient, type To } from '../recipients/index.ts';

/** Who is meant by a `to`, each once, in the order in which they are first named. */
interface DistinctRecipients {
  /** For each of them, the entry of `to` that names them first. */
  readonly firsts: readonly number[];
  /** For each entry of `to`, its recipient's place in `firsts`. */
  readonly positions: readonly number[];
}

/**
 * Finds who is named twice: by source and id, or by bare address as addresses are compared. Two customers who share an
 * address stay two, and each gets a message.
 *
 * @throws InputError `invalid_address`; check the recipients first for an error with the path.
 */
export function distinctRecipients(to: To): DistinctRecipients {
  const entries: readonly Recipient[] = 'length' in to ? to : [to];
  const places = new Map<string, number>();
  const firsts: number[] = [];
  const positions = entries.map((entry, index) => {
    const key = keyOf(entry);
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, firsts.length);
    return firsts.push(index) - 1;
  });
  return { firsts, positions };
}

function keyOf(recipient: Recipient): string {
  if ('source' in recipient) return JSON.stringify([recipient.source, recipient.id]);
  const { email, phone } = recipient;
  return JSON.stringify([
    email === undefined ? null : normaliseAddress('email', email),
    phone === undefined ? null : normaliseAddress('sms', phone),
    null,
  ]);
}
