import type { Context, Opened, Scope } from '../context.ts';
import { quoted } from '../did-you-mean.ts';
import { InputError } from '../errors.ts';
import type { StoredMessage } from '../ports/index.ts';
import { tagsOfSkeleton, valueAt } from '../templates/index.ts';
import type { Candidate } from './choose-channels.ts';
import { type Composition, type Filled, fillContent, pickFor } from './compose-message.ts';
import { openSlots } from './seal-slots.ts';

/**
 * What a message says when it is sent again. The same content by the same channel says what it said, to the letter.
 * Everything else has to be filled in again, and its values are nowhere but in the call and at the recipient's source.
 *
 * @throws InputError `resend_needs_data` naming the tags that nobody gives, where the call brings no data.
 */
export async function refillContent(
  context: Context & Pick<Opened, 'keyring'>,
  scope: Scope,
  original: StoredMessage,
  composition: Composition,
  candidate: Candidate,
): Promise<Filled> {
  if (composition.data === undefined) {
    const asSent = filledAsSent(context, original, composition, candidate);
    if (asSent !== null) return asSent;
    await checkSourceKnows(context, scope, composition, candidate);
  }
  return fillContent(context, scope, composition, candidate);
}

/** Null where the content is another one now, or its sensitive values have been wiped. */
function filledAsSent(
  { keyring }: Pick<Opened, 'keyring'>,
  { message }: StoredMessage,
  { version, compiled }: Composition,
  { channel }: Candidate,
): Filled | null {
  if (version.id !== message.versionId || channel !== message.channel) return null;
  const same = compiled.find(({ skeleton }) => skeleton.id === message.skeletonId);
  const slots = same === undefined ? null : openSlots(keyring, message);
  return same === undefined || slots === null ? null : { skeleton: same.skeleton, slots };
}

async function checkSourceKnows(
  { tags }: Context,
  scope: Scope,
  composition: Composition,
  { recipient, channel }: Candidate,
): Promise<void> {
  const compiled = pickFor(composition, scope, channel, recipient);
  if (compiled === undefined) return;
  const used = await tagsOfSkeleton(compiled, tags);
  const missing = used.filter((tag) => (valueAt(recipient.data, tag) ?? null) === null);
  if (missing.length === 0) return;
  const shown = missing.slice(0, 10).map(quoted).join(', ');
  const more = missing.length > 10 ? ` and ${missing.length - 10} more` : '';
  throw new InputError('resend_needs_data', `The values of ${shown}${more} are not known any more.`, {
    path: 'data',
    advice: 'Give them as `data`, or send the same version by the same channel.',
    issues: missing.map((tag) => ({ path: `data.${tag}`, message: 'is not known any more' })),
  });
}
