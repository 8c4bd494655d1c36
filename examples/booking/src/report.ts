import type { Message, MessageSummary } from '@posthorn/core';
import type { BookingSystem } from './booking-system.ts';
import type { MailServer } from './mail-server.ts';
import type { Messaging } from './messaging.ts';
import type { Doubts } from './settle-doubts.ts';

/** What a line says for a reason; `messages.timeline` has whole sentences. */
const REASONS: Readonly<Record<string, string>> = {
  no_address: 'has no email address',
  invalid_address: 'has no valid email address',
  resolved: 'Kim has decided',
  lease_lost: 'the demo was killed while it was handed over',
};

/** One line about what became of a message just now. */
export function outcomeLine({ status, to, reason, failure, dueAt }: MessageSummary): string {
  const why = failure?.reply?.text ?? (reason === null ? null : (REASONS[reason] ?? reason));
  const again = status === 'deferred' && dueAt !== null ? `next try at ${clockTime(dueAt)}` : null;
  const who = [to.name, to.address === null ? null : `<${to.address}>`].filter((word) => word !== null);
  const what = [why, again].filter((word) => word !== null).join('; ');
  return `  ${status.padEnd(9)} ${who.join(' ')}${what === '' ? '' : `: ${what}`}`;
}

function clockTime(at: Date): string {
  return at.toLocaleTimeString('en-GB');
}

/** Every message there is, of this run and those before. */
export async function allMessages(posthorn: Messaging): Promise<readonly Message[]> {
  const messages: Message[] = [];
  let cursor: string | undefined;
  do {
    const page = await posthorn.messages.list({ limit: 500, cursor });
    messages.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return messages;
}

/** What became of them, by status. */
export function printCounts(messages: readonly Message[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { status } of messages) counts.set(status, (counts.get(status) ?? 0) + 1);
  console.log('\nWhat became of all messages, of this run and those before:');
  for (const [status, count] of [...counts].sort()) console.log(`  ${status.padEnd(9)} ${count}`);
  return counts;
}

export function printSummary(
  messages: readonly Message[],
  doubts: Doubts,
  salon: BookingSystem,
  server: MailServer,
): void {
  const counts = printCounts(messages);
  const waiting = counts.get('deferred') ?? 0;
  if (waiting > 0) {
    console.log(
      `\n${waiting} wait for their next try. A host's worker would go on; here the next run of the demo does.`,
    );
  }

  const inDoubt = doubts.sent.length + doubts.lost.length;
  if (inDoubt > 0) {
    console.log(
      `\nIn doubt (the line was cut, or the demo killed, before the server answered): ${inDoubt}.\n` +
        `Kim looked into the mail server's journal: ${doubts.sent.length} had arrived, ` +
        `${doubts.lost.length} had not and were sent again.`,
    );
  }

  const accepted = server.accepted();
  const twice = accepted.length - new Set(accepted).size;
  const { reservations, messages: noted } = salon.confirmed();
  const confirmations = messages.filter(({ broadcast }) => broadcast === null);
  console.log(
    `\n${reservations} reservations have ${noted} messages of their own; ` +
      `${messages.length - confirmations.length} more are of a broadcast. ` +
      `The mail server took ${accepted.length} messages, ${twice} of them twice.`,
  );
  if (twice > 0 || reservations !== noted || noted !== confirmations.length) process.exitCode = 1;
}

/** The story of one message, as support would read it to a customer: of one that did not arrive, if there is any. */
export async function printTimeline(posthorn: Messaging, messages: readonly Message[]): Promise<void> {
  const message = messages.find(({ status }) => status === 'bounced') ?? messages[0];
  if (message === undefined) return;
  console.log(`\nWhat became of “${message.subject ?? 'the text message'}” to ${message.to.name}:`);
  for (const { at, title, sentence } of await posthorn.messages.timeline(message.id, { locale: 'en' })) {
    console.log(`  ${clockTime(at)}  ${title}. ${sentence}`);
  }
}
