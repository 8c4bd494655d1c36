import { setImmediate } from 'node:timers/promises';
import type { Context, Opened, Scope } from '../context.ts';
import { InputError } from '../errors.ts';
import type { Channel } from '../ports/index.ts';
import type { ResolvedRecipient } from '../recipients/index.ts';
import type { ChosenChannels } from './check-send.ts';
import { type Candidate, chooseChannels } from './choose-channels.ts';
import { type Composition, composeMessage, type Filled, fillContent } from './compose-message.ts';
import type { Draft } from './draft.ts';
import type { Had } from './recipient-cap.ts';
import type { Senders } from './resolve-sender.ts';

/** Messages rendered before the host's event loop gets its turn. */
const RENDERED_AT_ONCE = 20;

/** What is said, from whom and by which channels: all that the messages of one call have in common. */
export interface Prepared {
  readonly composition: Composition;
  /** Only channels that have a sender. */
  readonly choice: ChosenChannels;
  readonly senders: Senders;
}

interface ComposeOptions {
  readonly signal: AbortSignal | null;
  /**
   * What becomes of a recipient whose own data does not fit the template: in a send it is an error, of many one is
   * skipped.
   */
  readonly unfit: 'throw' | 'skip';
  readonly had?: Had | undefined;
}

/** The messages of these recipients, in their order, filled in with what each of them is told. Nothing is written yet. */
export async function composeDrafts(
  context: Context,
  opened: Opened,
  scope: Scope,
  { composition, choice, senders }: Prepared,
  recipients: readonly ResolvedRecipient[],
  { signal, unfit, had }: ComposeOptions,
): Promise<readonly Draft[]> {
  const withContent = new Set<Channel>(composition.compiled.map(({ skeleton }) => skeleton.channel));
  const leavesAt = composition.times.sendAt ?? composition.now;
  const ways = { choice, senders, withContent, leavesAt, had };
  const chosen = await chooseChannels(context, opened, scope, recipients, ways);
  const sealing = { ...context, keyring: opened.keyring };
  const drafts: Draft[] = [];
  for (const candidate of chosen.flat()) {
    const sender = senders.get(candidate.channel);
    // Candidates are made for channels with a sender only.
    if (sender === undefined) continue;
    const { filled, skip, problem } = await fill(context, scope, composition, candidate, unfit);
    const message = composeMessage(sealing, scope, composition, { ...candidate, skip }, sender, filled);
    drafts.push({ message, filled, skip, problem, account: sender.account });
    if (drafts.length % RENDERED_AT_ONCE === 0) await setImmediate();
    signal?.throwIfAborted();
  }
  return drafts;
}

async function fill(
  context: Context,
  scope: Scope,
  composition: Composition,
  candidate: Candidate,
  unfit: ComposeOptions['unfit'],
): Promise<Pick<Draft, 'skip' | 'problem'> & { readonly filled: Filled }> {
  const { skip } = candidate;
  try {
    return { filled: await fillContent(context, scope, composition, candidate), skip, problem: null };
  } catch (error) {
    if (unfit === 'throw' || !(error instanceof InputError)) throw error;
    const filled = { skeleton: null, slots: [] };
    return skip === null ? { filled, skip: 'invalid_data', problem: error } : { filled, skip, problem: null };
  }
}
