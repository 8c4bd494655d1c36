import type { Pool, PoolClient } from 'pg';
import type { CompanyMessaging } from './messaging.ts';

/** A time that a customer wants. */
export interface BookingRequest {
  /** Made by whoever asks, so that asking twice is one booking. */
  readonly id: string;
  readonly company: string;
  readonly customer: string;
  /** Wall time at the company: `2026-11-27T10:00`. */
  readonly startsAt: string;
  readonly service: string;
  readonly card: string;
}

/** The bank said no. */
export class CardDeclined extends Error {}

/**
 * The booking and its confirmation in one transaction: `tx` is the platform's own client of `pg`. When the card is declined,
 * the message has been written down already, and is rolled back with everything else.
 */
export function takeBooking(
  pool: Pool,
  messaging: CompanyMessaging,
  booking: BookingRequest,
): Promise<{ readonly confirmation: string }> {
  return inTransaction(pool, async (tx) => {
    const earlier = await findConfirmation(tx, booking);
    if (earlier !== undefined) return { confirmation: earlier };
    const { id, customer, startsAt, service, card } = booking;
    const message = await messaging.send({
      template: 'confirmation',
      channel: 'email',
      to: { source: 'customers', id: customer },
      data: { booking: { startsAt, service } },
      key: `booking-${id}`,
      tx,
    });
    await insertBooking(tx, booking, message.id);
    charge(card);
    return { confirmation: message.id };
  });
}

async function findConfirmation(
  tx: PoolClient,
  { company, id }: BookingRequest,
): Promise<string | undefined> {
  const { rows } = await tx.query<{ readonly confirmation: string }>(
    'select confirmation from bookings where company = $1 and id = $2',
    [company, id],
  );
  return rows[0]?.confirmation;
}

async function insertBooking(tx: PoolClient, booking: BookingRequest, confirmation: string): Promise<void> {
  const { id, company, customer, startsAt, service } = booking;
  await tx.query(
    `insert into bookings (id, company, customer, starts_at, service, confirmation)
     values ($1, $2, $3, $4, $5, $6)`,
    [id, company, customer, startsAt, service, confirmation],
  );
}

function charge(card: string): void {
  if (card === 'declined') throw new CardDeclined('The card was declined.');
}

/** All of it or nothing. */
async function inTransaction<T>(pool: Pool, work: (tx: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let failed: Error | undefined;
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    // A client that cannot roll back is of no use to anybody else.
    await client.query('rollback').catch((lost: Error) => {
      failed = lost;
    });
    throw error;
  } finally {
    client.release(failed);
  }
}
