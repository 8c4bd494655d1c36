import { type Copy, openCopy, type Row, type Values } from './open-copy.ts';

/** Messages in one transaction. */
const PAGE = 250;

/** What is written of one message on its way. */
interface Way {
  readonly message: Values;
  /** `queued`, or `done` where it is skipped. */
  readonly delivery: Values;
  readonly event: Values;
  readonly isSkipped: boolean;
  readonly id: string;
  /** Its outcome, as the delivery keeps it. */
  readonly settled: Values;
}

/**
 * Writes what a broadcast has left in the log into an empty database, by prepared statements and nothing else: every
 * message with its delivery, then the delivery's way from `queued` over `sending` to `done`, with its event. Transactions
 * are as durable as Posthorn's: the list's may get lost in a power cut (`normal`), as nothing leaves before its end;
 * those of sending not (`full`). Answers how many seconds it took.
 */
export function writeAgain(from: string, to: string): number {
  using copy = openCopy(from, to);
  const ways = waysOf(copy);
  const inPages = pagesOf(ways);
  const toSend = pagesOf(ways.filter(({ isSkipped }) => !isSkipped));
  const insertMessage = copy.inserterOf('posthorn_messages');
  const insertDelivery = copy.inserterOf('posthorn_deliveries');
  const insertEvent = copy.inserterOf('posthorn_events');
  const { target } = copy;
  const begin = target.prepare(
    "UPDATE posthorn_deliveries SET work = 'sending', attempt = attempt + 1 WHERE message_id = ?",
  );
  const settle = target.prepare(`
    UPDATE posthorn_deliveries
    SET work = 'done', chunk = NULL, lease_token = NULL, outcome = ?, outcome_attempt = ?, outcome_at = ?
    WHERE message_id = ?`);
  const transact = (run: () => void): void => {
    target.exec('BEGIN IMMEDIATE');
    run();
    target.exec('COMMIT');
  };

  const startedAt = performance.now();
  target.exec('PRAGMA synchronous = NORMAL');
  for (const page of inPages) {
    transact(() => {
      for (const { message } of page) insertMessage(message);
      for (const { delivery } of page) insertDelivery(delivery);
      for (const { event, isSkipped } of page) if (isSkipped) insertEvent(event);
    });
  }
  target.exec('PRAGMA synchronous = FULL');
  // As Posthorn does it: one transaction settles a page and begins the next one.
  for (const [index, page] of [...toSend, []].entries()) {
    transact(() => {
      for (const { settled, event } of toSend[index - 1] ?? []) {
        settle.run(...settled);
        insertEvent(event);
      }
      for (const { id } of page) begin.run(id);
    });
  }
  return (performance.now() - startedAt) / 1000;
}

function waysOf(copy: Copy): readonly Way[] {
  const byMessage = (table: string): ReadonlyMap<string, Row> =>
    new Map(copy.rowsOf(table).map((row) => [String(row.message_id), row]));
  const deliveries = byMessage('posthorn_deliveries');
  const events = byMessage('posthorn_events');
  return copy.rowsOf('posthorn_messages').map((message, index) => {
    const id = String(message.id);
    const delivery = deliveries.get(id);
    const event = events.get(id);
    if (delivery === undefined || event === undefined) throw new Error(`Message ${id} is not done.`);
    const isSkipped = delivery.outcome !== 'accepted';
    const chunk = `chunk-${Math.floor(index / PAGE)}`;
    return {
      id,
      isSkipped,
      message: Object.values(message),
      delivery: Object.values(isSkipped ? delivery : queuedAgain(delivery, chunk)),
      event: Object.values(event),
      settled: [delivery.outcome ?? null, delivery.outcome_attempt ?? null, delivery.outcome_at ?? null, id],
    };
  });
}

/** As it was before it was sent. */
function queuedAgain(done: Row, chunk: string): Row {
  return {
    ...done,
    work: 'queued',
    attempt: 0,
    chunk,
    lease_token: chunk,
    outcome: null,
    outcome_attempt: null,
    outcome_at: null,
  };
}

function pagesOf(ways: readonly Way[]): readonly (readonly Way[])[] {
  return Array.from({ length: Math.ceil(ways.length / PAGE) }, (_, index) =>
    ways.slice(index * PAGE, (index + 1) * PAGE),
  );
}
