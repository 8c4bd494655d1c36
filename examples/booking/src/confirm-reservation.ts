import type { SentMessage } from '@posthorn/core';
import type { BookingSystem, NewReservation } from './booking-system.ts';
import type { Messaging } from './messaging.ts';

/**
 * The one line of everyday: the note in the booking system and the message are committed together or not at all. The key
 * makes it safe to do again, whatever happened the first time.
 */
export function confirmReservation(
  salon: BookingSystem,
  posthorn: Messaging,
  { id, customerId, startsAt, service }: NewReservation,
): Promise<SentMessage> {
  return salon.transaction(async () => {
    const message = await posthorn.send({
      template: 'booking-confirmation',
      channel: 'email',
      to: { source: 'customers', id: String(customerId) },
      data: { reservation: { startsAt, service } },
      key: `booking-${id}`,
      tx: salon.database,
    });
    salon.noteConfirmed(id, message.id);
    return message;
  });
}
