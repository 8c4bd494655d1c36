import type { Context } from '../context.ts';
import { publishFlag, publishTransition } from '../events/index.ts';
import type { MessageHead, ReportedFact, SettledFact } from '../ports/index.ts';

/** Tells of what a report changed; of what was known it is silent. */
export function publishSettled(
  context: Pick<Context, 'live'>,
  message: MessageHead,
  { event }: ReportedFact,
  settled: SettledFact,
): void {
  const { before, after, marked, lifted } = settled;
  if (after !== null) {
    publishTransition(context, { message }, { before, after });
    publishFlag(context, { message, delivery: after }, event);
  }
  const [mark] = marked;
  const changed = mark ?? lifted[0];
  // Of two that change places the address notices nothing.
  if (changed?.reason !== 'unsubscribed' || (mark !== undefined && lifted.length > 0)) return;
  const { id: messageId, tenant, channel, broadcast } = message;
  const { address } = changed;
  const news = { tenant, channel, address, messageId, broadcast, at: new Date(event.occurredAt) };
  context.live.emit(mark === undefined ? 'address.resubscribed' : 'address.unsubscribed', news);
}
