import { join } from 'node:path';
import { BookingSystem } from './booking-system.ts';
import { confirmReservation } from './confirm-reservation.ts';
import { MailServer } from './mail-server.ts';
import { createMessaging, type Messaging, setUpSalon } from './messaging.ts';
import { createProgressLine } from './progress-line.ts';
import { allMessages, outcomeLine, printSummary, printTimeline } from './report.ts';
import { type Doubts, settleDoubts } from './settle-doubts.ts';
import { tellEveryone } from './tell-everyone.ts';
import { OutcomeWatch } from './watch-outcomes.ts';

/**
 * Confirms every new reservation of a salon by email, and then writes to everybody with a reservation on a certain day.
 * Kill it whenever you like and run it again: it goes on where it was, and nobody is written to twice. Once all are
 * confirmed, the next run is the next day, with new reservations.
 */
export async function confirmAndTell(folder: string): Promise<void> {
  const salon = new BookingSystem(join(folder, 'salon.db'));
  const server = new MailServer(join(folder, 'mail-server.log'));
  const posthorn = createMessaging(salon.database);
  await setUpSalon(posthorn, await server.listen());
  try {
    await confirmAll({ salon, server, posthorn });
  } finally {
    await posthorn.close();
    await server.close();
    salon.close();
  }
}

interface Salon {
  readonly salon: BookingSystem;
  readonly server: MailServer;
  readonly posthorn: Messaging;
}

async function confirmAll({ salon, server, posthorn }: Salon): Promise<void> {
  const fresh = salon.unconfirmed();
  console.log(
    `Salon Sol: ${salon.customerCount()} customers, ${fresh.length} new reservations to confirm.\n`,
  );

  const progress = createProgressLine(process.stdout);
  const watch = new OutcomeWatch(posthorn, (message) => {
    progress.say(outcomeLine(message));
    progress.update(watch.over, watch.over + watch.open);
  });
  const before = await posthorn.messages.list({ status: ['queued', 'sending', 'deferred'], limit: 500 });
  for (const message of before.items) watch.follow(message);

  await posthorn.start();
  for (const reservation of fresh) {
    const message = await confirmReservation(salon, posthorn, reservation);
    if (message.status === 'skipped') progress.say(outcomeLine(message));
    watch.follow(message);
  }
  await watch.settled();

  await tellEveryone(posthorn, progress);
  const doubts = await settleAllDoubts({ server, posthorn }, watch);
  progress.end();

  const messages = await allMessages(posthorn);
  printSummary(messages, doubts, salon, server);
  await printTimeline(posthorn, messages);
}

/** What is sent again may be cut again. */
async function settleAllDoubts(
  { server, posthorn }: Omit<Salon, 'salon'>,
  watch: OutcomeWatch,
): Promise<Doubts> {
  const { sent, lost } = await settleDoubts(posthorn, server);
  if (lost.length === 0) return { sent, lost };
  await watch.settled();
  const more = await settleAllDoubts({ server, posthorn }, watch);
  return { sent: [...sent, ...more.sent], lost: [...lost, ...more.lost] };
}
