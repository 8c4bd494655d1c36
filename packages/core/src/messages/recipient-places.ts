import { type Recipient, recipientKey } from '../recipients/index.ts';

/**
 * Where each entry's recipient stands among all of them, when each is counted once, as first named: 0, 1, 0 for Anna, Bo
 * and Anna again.
 *
 * @throws InputError `invalid_address`; check the recipients first for an error with the path.
 */
export function recipientPlaces(recipients: readonly Recipient[]): readonly number[] {
  const places = new Map<string, number>();
  return recipients.map((recipient) => {
    const key = recipientKey(recipient);
    const place = places.get(key) ?? places.size;
    places.set(key, place);
    return place;
  });
}
