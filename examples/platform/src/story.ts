import { randomUUID } from 'node:crypto';
import { SALON, settingsOf } from './companies.ts';
import { countMail, isRight, type MailCount } from './count-mail.ts';
import type { Platform, Tenant } from './platform.ts';
import { createPool } from './process-life.ts';
import { type Plan, type Progress, Visitor } from './visitor.ts';

const BOOKINGS = 20;

interface Actor extends Tenant {
  readonly visitor: Visitor;
  /** Ids of its customers. */
  readonly customers: readonly string[];
}

type Say = (line: string) => void;

/** A day on the platform, with a death and a deployment in the middle. Answers whether everybody was written to once. */
export async function tellStory(platform: Platform, say: Say): Promise<boolean> {
  const actors = await cast(platform);
  say('\n1. Three companies save who they are, their words, and their own mail server.');
  await Promise.all(
    actors.map(({ visitor, company, port }) => visitor.saveSettings(settingsOf(company, port))),
  );

  say('\n2. Their customers book. A booking and its confirmation are one transaction.');
  await Promise.all(actors.map((actor) => takeBookings(actor, 0, say)));

  say(`\n3. ${SALON.name} writes to all of its customers; the others go on as ever.`);
  await sendNews(platform, actors, say);

  say('\n4. What became of it: what Posthorn knows, beside what the mail servers have taken.');
  const isRightSoFar = await count(actors, say);

  say('\n5. Somebody of each company looks into the log of its mail server, and decides what was in doubt.');
  await Promise.all(actors.map((actor) => decide(actor, say)));
  const isAllRight = (await count(actors, say)) && isRightSoFar;
  say(isAllRight ? '\nEverybody was written to once.' : '\nThat is not right.');
  return isAllRight;
}

async function count(actors: readonly Actor[], say: Say): Promise<boolean> {
  let isAllRight = true;
  for (const actor of actors) {
    const counted = countMail(actor, await actor.visitor.settledMessages());
    say(sentenceOf(actor.company.name, counted));
    isAllRight &&= isRight(counted);
  }
  return isAllRight;
}

/** What was handed over by the worker that was killed, before it heard the answer. Nothing sends it again by itself. */
async function decide({ visitor, server, company }: Actor, say: Say): Promise<void> {
  const messages = await visitor.settledMessages();
  const doubts = messages.filter(({ status }) => status === 'unknown').map(({ id }) => id);
  if (doubts.length === 0) return;
  const log = new Set(server.taken.map(({ message }) => message));
  const arrived = doubts.filter((id) => log.has(id));
  const lost = doubts.filter((id) => !log.has(id));
  say(`  ${company.name}: ${arrived.length} had arrived; ${lost.length} had not, and are sent again.`);
  for (const id of arrived) await visitor.decide(id, 'accepted');
  for (const id of lost) await visitor.decide(id, 'resend');
}

async function cast({ url, databaseUrl, tenants }: Platform): Promise<readonly Actor[]> {
  const pool = createPool(databaseUrl);
  try {
    return await Promise.all(
      tenants.map(async (tenant) => {
        const { id } = tenant.company;
        const { rows } = await pool.query<{ readonly id: string }>(
          'select id from customers where company = $1 order by id',
          [id],
        );
        return { ...tenant, visitor: new Visitor(url, id), customers: rows.map((row) => row.id) };
      }),
    );
  } finally {
    await pool.end();
  }
}

/** By the next customers of the company, each at an hour of their own; the card of the last is declined. */
async function takeBookings(
  { visitor, company, customers }: Actor,
  already: number,
  say: Say,
): Promise<void> {
  let taken = 0;
  for (const [index, customer] of customers.slice(already, already + BOOKINGS).entries()) {
    const startsAt = `2026-11-27T${String(index).padStart(2, '0')}:30`;
    const card = index === BOOKINGS - 1 ? 'declined' : 'good';
    const { service } = company;
    if (await visitor.book({ id: randomUUID(), customer, startsAt, service, card })) taken += 1;
  }
  say(
    `  ${company.name}: ${taken} bookings. ${BOOKINGS - taken} was rolled back with its confirmation, as the card was declined.`,
  );
}

/** A worker dies in the middle of it, and the other one is deployed anew. */
async function sendNews(platform: Platform, actors: readonly Actor[], say: Say): Promise<void> {
  const [salon, ...others] = actors;
  if (salon === undefined) return;
  const plan = await salon.visitor.plan();
  say(`  The plan: ${plan.willReceive} of ${plan.total} will receive it.`);
  await salon.visitor.startBroadcast(plan.id);
  await Promise.all([
    watch(salon, plan, say),
    disturb(platform, salon, plan, say),
    ...others.map((actor) => takeBookings(actor, BOOKINGS, say)),
  ]);
}

/** In the web process, while others send. */
async function watch({ visitor }: Actor, { id, willReceive }: Plan, say: Say): Promise<Progress> {
  let told = -1;
  return visitor.watch(id, ({ status, done, open, inDoubt }) => {
    const tenth = Math.floor((done / willReceive) * 10);
    if (tenth === told && open > 0) return;
    told = tenth;
    const doubts = inDoubt === 0 ? '' : `, ${inDoubt} in doubt`;
    say(`  ${status}: ${done} of ${done + open}${doubts}`);
  });
}

async function disturb({ workers }: Platform, { server }: Actor, plan: Plan, say: Say): Promise<void> {
  const before = server.taken.length;
  const [first, second] = workers;
  await server.hasTaken(before + plan.willReceive / 4);
  say(`  ${first.name} is killed (kill -9 ${first.pid}). What it had in hand is in doubt; the rest goes on.`);
  await first.kill();
  await server.hasTaken(before + plan.willReceive / 2);
  say(
    `  ${second.name} is asked to end (kill ${second.pid}), as in a deployment: it hands back what it has.`,
  );
  await second.replace();
}

function sentenceOf(name: string, counted: MailCount): string {
  const { messages, confirmations, news, inDoubt, twice, missing, strangers } = counted;
  return (
    `  ${name}: ${messages} messages (${confirmations} confirmations, ${news} news); ` +
    `${inDoubt} in doubt, ${twice} twice, ${missing} missing, ${strangers} by a stranger's account.`
  );
}
