import type { BroadcastProgress } from '@posthorn/core';
import type { Messaging } from './messaging.ts';
import type { ProgressLine } from './progress-line.ts';

const FIRST_DAY = '2026-11-27';
const DAY_MS = 86_400_000;

/**
 * A storm is coming, and the salon closes early: everybody with a reservation on that day is told. The plan is shown
 * first. What an earlier run had begun goes on; once a day is told, the next run tells the day after.
 */
export async function tellEveryone(
  posthorn: Messaging,
  line: ProgressLine,
  channel: 'email' | 'sms' = 'email',
): Promise<void> {
  const id = (await unfinished(posthorn)) ?? (await planNextDay(posthorn, line, channel));
  const broadcast = await posthorn.broadcasts.start(id);
  for await (const progress of broadcast.progress()) {
    line.update(progress.done, progress.done + progress.open);
    if (isAsFarAsItGets(progress)) break;
  }
}

/** One that was killed before its end, or before its start. */
async function unfinished(posthorn: Messaging): Promise<string | null> {
  const { items } = await posthorn.broadcasts.list();
  return items.find(({ status }) => status !== 'finished' && status !== 'canceled')?.id ?? null;
}

async function planNextDay(
  posthorn: Messaging,
  line: ProgressLine,
  channel: 'email' | 'sms',
): Promise<string> {
  const { items } = await posthorn.broadcasts.list({ limit: 1 });
  const day = dayAfter(items[0]?.label ?? null);
  const where = { combinator: 'and', rules: [{ field: 'reservation.date', operator: '=', value: day }] };
  const to = { source: 'customers', where };
  line.say(`\nA storm is coming: everybody with a reservation on ${day} is told.`);
  line.say(`  Whom: ${await posthorn.recipients.describe(to, { locale: 'en' })}`);

  const { items: first } = await posthorn.recipients.list({ ...to, limit: 3 });
  for (const { name, email, phone } of first) {
    line.say(`    ${name} <${(channel === 'sms' ? phone : email) ?? 'no address'}>`);
  }

  const plan = await posthorn.broadcasts.plan({ label: day, template: 'storm', channel, to });
  line.say(`  The plan: ${plan.willReceive} of ${plan.total} will receive it.`);
  if (plan.cost !== null) {
    line.say(`  It costs ${plan.cost.amount} ${plan.cost.currency} for ${plan.segments} segments.`);
  }
  for (const { message } of plan.warnings) line.say(`  Mind: ${message}`);
  for (const { reason, count, samples } of plan.skipped) {
    const who = samples.map(({ name, address }) => (address === null ? name : `${name} <${address}>`));
    line.say(`    ${count} will not (${reason}): ${who.slice(0, 3).join(', ')}${count > 3 ? ', …' : ''}`);
  }
  return plan.id;
}

function dayAfter(day: string | null): string {
  if (day === null) return FIRST_DAY;
  return new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10);
}

/** What is left waits for a next try, in minutes or hours: longer than anybody wants to look at a demo. */
function isAsFarAsItGets({ open, counts }: BroadcastProgress): boolean {
  return open > 0 && open === (counts.deferred ?? 0);
}
