import { quoted } from '../did-you-mean.ts';
import { InputError } from '../errors.ts';

/** The fields that only Posthorn writes in bulk mail, in lower case. */
export const UNSUBSCRIBE_FIELDS: ReadonlySet<string> = new Set(['list-unsubscribe', 'list-unsubscribe-post']);

/**
 * Refuses header fields that would say a second time where to unsubscribe. In single messages they are the host's own.
 *
 * @throws InputError `invalid_input`.
 */
export function checkBulkHeaders(headers: Readonly<Record<string, string>>): void {
  const name = Object.keys(headers).find((given) => UNSUBSCRIBE_FIELDS.has(given.toLowerCase()));
  if (name === undefined) return;
  throw new InputError('invalid_input', `Posthorn writes the header field ${quoted(name)} of bulk mail.`, {
    path: `headers[${quoted(name)}]`,
    advice: 'Leave it out. With `publicUrl` it has a link that unsubscribes by one click.',
  });
}
