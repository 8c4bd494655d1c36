import type { Opened, Scope } from '../context.ts';
import type { Channel } from '../ports/index.ts';
import type { ParsedAddress, ResolvedRecipient } from '../recipients/index.ts';
import { addressKeyOf } from '../suppressions/index.ts';
import type { ChosenChannels } from './check-send.ts';
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
}

/**
 * By which channels each recipient is written to: all of the choice, or the first that reaches. Whom none reaches is
 * skipped once, on the channel that says most about why.
 */
export async function chooseChannels(
  opened: Opened,
  scope: Scope,
  recipients: readonly ResolvedRecipient[],
  { all, channels }: ChosenChannels,
  withContent: ReadonlySet<Channel>,
): Promise<readonly (readonly Candidate[])[]> {
  const tried = recipients.map((): Candidate[] => []);
  for (const channel of channels) {
    const open = [...recipients.keys()].filter((place) => all || tried[place]?.at(-1)?.skip !== null);
    const asked = open.flatMap((place) => recipients[place] ?? []);
    const candidates = await tryChannel(opened, scope, channel, asked, withContent.has(channel));
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
  opened: Opened,
  { tenant }: Scope,
  channel: Channel,
  recipients: readonly ResolvedRecipient[],
  hasContent: boolean,
): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  for (let from = 0; from < recipients.length; from += PAGE) {
    const page = await Promise.all(
      recipients.slice(from, from + PAGE).map(async (recipient) => {
        const parsed = addressOf(recipient, channel);
        const key = parsed?.ok === true ? await addressKeyOf(opened, tenant, channel, parsed.address) : null;
        return { recipient, parsed, key };
      }),
    );
    const keys = [...new Set(page.flatMap(({ key }) => key ?? []))];
    const marks = await opened.store.suppressions.find(tenant, channel, keys);
    for (const { recipient, parsed, key } of page) {
      const skip = skipReason({
        hasContent,
        hasAddress: parsed !== null,
        isValid: parsed?.ok === true,
        suppressed: key === null ? undefined : marks.get(key)?.reason,
      });
      candidates.push({ recipient, channel, skip, address: shown(parsed), addressKey: key });
    }
  }
  return candidates;
}

function addressOf(recipient: ResolvedRecipient, channel: Channel): ParsedAddress | null {
  switch (channel) {
    case 'email':
      return recipient.email;
    case 'sms':
      return recipient.phone;
    case 'internal':
      return null;
  }
}

function shown(parsed: ParsedAddress | null): string | null {
  if (parsed === null) return null;
  return parsed.ok ? parsed.address : parsed.given;
}
