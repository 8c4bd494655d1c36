import type { MessageStore, Transition } from '../ports/index.ts';
import type { Attempted, Settlement } from './settle-outcome.ts';

/**
 * What becomes of a message that is in doubt for a lost lease, now that its outcome says it was not sent. The doubt has
 * covered a `cancel` that came while it was being handed over, so the events are asked.
 */
export async function chooseLate(
  messages: Pick<MessageStore, 'events'>,
  { message, attempt }: Pick<Attempted, 'message' | 'attempt'>,
  late: NonNullable<Settlement['late']>,
): Promise<Transition> {
  const events = await messages.events(message.tenant, message.id);
  const canceled = events.some((event) => event.type === 'canceled' && event.attempt === attempt - 1);
  return canceled ? late.cancel : late.retry;
}
