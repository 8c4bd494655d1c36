import type { Context } from '../context.ts';
import { publishTransition } from '../events/index.ts';
import type { TurnResult } from '../ports/index.ts';
import type { Flight } from './conclude.ts';
import type { Draft } from './draft.ts';

/**
 * What a turn made of its drafts: those that are `sending` now are answered as flights. Of the others, those for which the
 * account's limits had no room are released: due now, and the due-scan passes the account by until it opens. What ended,
 * was canceled or is somebody else's leaves its claim.
 */
export function takeOff(
  context: Context,
  drafts: readonly Draft[],
  openedAt: number,
  { begun, ended, limited }: TurnResult,
): readonly Flight[] {
  const attempts = new Map(begun.map(({ messageId, attempt }) => [messageId, attempt]));
  const endings = new Map(ended.map((result) => [result.messageId, result]));
  const waiting = new Set(limited);
  return drafts.flatMap((draft) => {
    const { claim, message } = draft;
    const attempt = attempts.get(message.id);
    if (attempt !== undefined) return [{ ...draft, attempt, openedAt }];
    const ending = endings.get(message.id);
    if (ending !== undefined) publishTransition(context, { message }, ending);
    if (waiting.has(message.id)) claim.release(context.clock.now());
    else claim.leave();
    return [];
  });
}
