import type { Context, Opened, Scope } from '../context.ts';
import type { Channel, MessageCost } from '../ports/index.ts';
import { type ParsedAddress, type ResolvedRecipient, readPhones } from '../recipients/index.ts';
import { addressKeyOf } from '../suppressions/index.ts';
import type { ChosenChannels } from './check-send.ts';
import { type Had, recipientCap } from './recipient-cap.ts';
import type { Sender, Senders } from './resolve-sender.ts';
import { mostTelling, type SkipReason, skipReason } from './skip-reason.ts';

/** One recipient by one channel: a message, sent or skipped. */
export interface Candidate {
  readonly recipient: ResolvedRecipient;
  readonly channel: Channel;
  /** Null where the recipient is reached. */
  readonly skip: SkipReason | null;
  /** As it is written to, or as it stands at the recipient where it is none. */
  readonly address: string | null;
  readonly addressKey: string | null;
  /** Whether an answer reaches the sender. */
  readonly canReply: boolean;
}

/** By which channels recipients may be written to, and by what. */
export interface Ways {
  /** Only channels that have a sender. */
  readonly choice: ChosenChannels;
  readonly senders: Senders;
  readonly withContent: ReadonlySet<Channel>;
  /** When the messages are to leave. */
  readonly leavesAt: number;
  readonly had?: Had | undefined;
}

/**
 * By which channels each recipient is written to: all of the choice, or the first that reaches. Whom none reaches is
 * skipped once, on the channel that says most about why.
 */
export async function chooseChannels(
  context: Pick<Context, 'adapters'>,
  opened: Opened,
  scope: Scope,
  recipients: readonly ResolvedRecipient[],
  ways: Ways,
): Promise<readonly (readonly Candidate[])[]> {
  const { all, channels } = ways.choice;
  const tried = recipients.map((): Candidate[] => []);
  for (const channel of channels) {
    const open = [...recipients.keys()].filter((place) => all || tried[place]?.at(-1)?.skip !== null);
    const asked = open.flatMap((place) => recipients[place] ?? []);
    const candidates = await tryChannel(context, opened, scope, channel, asked, ways);
    for (const [index, place] of open.entries()) {
      const candidate = candidates[index];
      if (candidate !== undefined) tried[place]?.push(candidate);
    }
  }
  return all
    ? tried
    : tried.map((candidates) => [mostTelling(candidates)].filter((one) => one !== undefined));
}

/** The most addresses that are looked up at once. */
const PAGE = 500;

async function tryChannel(
  context: Pick<Context, 'adapters'>,
  opened: Opened,
  scope: Scope,
  channel: Channel,
  recipients: readonly ResolvedRecipient[],
  { senders, withContent, leavesAt, had }: Ways,
): Promise<Candidate[]> {
  const sender = senders.get(channel);
  if (sender === undefined) return [];
  const { tenant } = scope;
  const hasContent = withContent.has(channel);
  const cap = recipientCap(opened, tenant, sender.account, leavesAt, had);
  const candidates: Candidate[] = [];
  for (let from = 0; from < recipients.length; from += PAGE) {
    const page = recipients.slice(from, from + PAGE);
    const addresses = await addressesOf(context, scope, channel, page);
    const addressKeys = await Promise.all(
      addresses.map((parsed) =>
        parsed?.ok === true ? addressKeyOf(opened, tenant, channel, parsed.address) : null,
      ),
    );
    const keys = [...new Set(addressKeys.filter((key) => key !== null))];
    const marks = await opened.store.suppressions.find(tenant, channel, keys);
    await cap.look(keys);
    for (const [index, recipient] of page.entries()) {
      const parsed = addresses[index] ?? null;
      const addressKey = addressKeys[index] ?? null;
      const terms = termsOf(sender, parsed);
      const skip = skipReason({
        hasContent,
        address: kindOf(parsed),
        suppressed: addressKey === null ? undefined : marks.get(addressKey)?.reason,
        refusal: terms?.refusal,
        hadEnough: addressKey !== null && cap.hadEnough(addressKey),
      });
      if (skip === null && addressKey !== null) cap.note(addressKey);
      const canReply = terms?.canReply ?? true;
      candidates.push({ recipient, channel, skip, address: shown(parsed), addressKey, canReply });
    }
  }
  return candidates;
}

async function addressesOf(
  context: Pick<Context, 'adapters'>,
  scope: Scope,
  channel: Channel,
  recipients: readonly ResolvedRecipient[],
): Promise<readonly (ParsedAddress | null)[]> {
  switch (channel) {
    case 'email':
      return recipients.map(({ email }) => email);
    case 'sms':
      return readPhones(context, scope, recipients);
    case 'internal':
      return recipients.map(() => null);
  }
}

/** What the account says of that address, whatever the text. */
function termsOf(
  { identity, estimate }: Sender,
  parsed: ParsedAddress | null,
): Pick<MessageCost, 'refusal' | 'canReply'> | undefined {
  if (estimate === null || parsed?.ok !== true) return undefined;
  return estimate({ from: identity.address, to: parsed.address, text: '' });
}

function kindOf(parsed: ParsedAddress | null): Parameters<typeof skipReason>[0]['address'] {
  if (parsed === null) return 'missing';
  if (parsed.ok) return 'valid';
  return parsed.isLandline ? 'landline' : 'invalid';
}

function shown(parsed: ParsedAddress | null): string | null {
  if (parsed === null) return null;
  return parsed.ok ? parsed.address : parsed.given;
}
