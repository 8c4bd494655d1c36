import type { EventRecord, NewMessage } from '@posthorn/core';
import { countIn } from '../broadcasts/count-in.ts';
import { deliveryValues, insertDeliveries } from '../deliveries/delivery-row.ts';
import { insert, type Param, type Program } from '../program.ts';
import { useFiles } from '../retention/file-uses.ts';
import { feedEvents } from '../subscriptions/feed.ts';
import { eventValues, insertEvents } from './event-row.ts';
import { insertMessages, messageValues } from './message-row.ts';

/** The one door by which messages come in. `versionIds`: under which id content is stored that was there already. */
export function* writeMessages(
  added: readonly NewMessage[],
  now: number,
  versionIds: ReadonlyMap<string, string> = new Map(),
): Program<void> {
  const messages: (readonly Param[])[] = [];
  const deliveries: (readonly Param[])[] = [];
  const events: EventRecord[] = [];
  for (const one of added) {
    const { message, event } = one;
    // What ends here is never sent, so its secret values are not kept at all.
    const sealedSlots = one.work === 'done' ? null : message.sealedSlots;
    const versionId = versionIds.get(message.versionId) ?? message.versionId;
    messages.push(messageValues(message, versionId, sealedSlots));
    deliveries.push(deliveryValues(one, sealedSlots !== null, now));
    if (event !== null) events.push(event);
  }
  yield* insert(insertMessages, messages);
  yield* insert(insertDeliveries, deliveries);
  yield* insert(insertEvents, events.map(eventValues));
  yield* feedEvents(events);
  yield* useFiles(
    added.flatMap(({ message: { tenant, id, broadcast, attachments } }) =>
      attachments.map(({ hash }) => ({ tenant, hash, usedBy: broadcast ?? id })),
    ),
  );
  yield* countIn(added);
}
