import type { EmailEnvelope, Mailbox } from '@posthorn/core';
import { fitsSubstitutions } from './substitutions.ts';
import { wireAddress } from './wire-address.ts';

/** Documented for personalizations, and for recipients, of one request. */
export const MAX_PERSONALIZATIONS = 1000;

interface Open {
  envelopes: EmailEnvelope[];
  /** As SendGrid gets them, in lower case: it compares them without regard to that. */
  addresses: Set<string>;
}

/**
 * Puts the messages that can share a request together: the same content, sender and files, at most 1,000, no address twice.
 * One whose slots exceed what SendGrid substitutes goes by itself, with its content ready.
 */
export function groupEnvelopes(envelopes: readonly EmailEnvelope[]): EmailEnvelope[][] {
  const groups: EmailEnvelope[][] = [];
  // The content is the same where it is the same object: core keeps one for each version.
  const bySkeleton = new Map<object, Map<string, Open[]>>();
  for (const envelope of envelopes) {
    if (!fitsSubstitutions(envelope)) {
      groups.push([envelope]);
      continue;
    }
    const bySender = getOrMake(bySkeleton, envelope.skeleton, () => new Map<string, Open[]>());
    const open = getOrMake(bySender, sharedKey(envelope), (): Open[] => []);
    const address = wireAddress(envelope.to.address).toLowerCase();
    let group = open.find((one) => !one.addresses.has(address));
    if (group === undefined) {
      group = { envelopes: [], addresses: new Set() };
      open.push(group);
      groups.push(group.envelopes);
    }
    group.addresses.add(address);
    group.envelopes.push(envelope);
    if (group.envelopes.length === MAX_PERSONALIZATIONS) open.splice(open.indexOf(group), 1);
  }
  return groups;
}

/** Everything that stands in a request once. */
function sharedKey({ from, replyTo, attachments }: EmailEnvelope): string {
  const key = `${mailboxKey(from)}\n${replyTo === undefined ? '' : mailboxKey(replyTo)}`;
  if (attachments.length === 0) return key;
  const files = attachments.map(({ hash, filename, mediaType, disposition, contentId }) => [
    hash,
    filename,
    mediaType,
    disposition,
    contentId,
  ]);
  return `${key}\n${JSON.stringify(files)}`;
}

function mailboxKey({ name, address }: Mailbox): string {
  return `${name ?? ''}\n${address}`;
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
