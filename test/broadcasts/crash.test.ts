import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { everybody, reachableOf, WINDOW } from './club.test-kit.ts';
import { type ClubHouse, openClubHouse, until } from './processes.test-kit.ts';
import { createRandom } from './random.test-kit.ts';

const MEMBERS = 2_000;
const reachable = reachableOf(MEMBERS);
const KILLS = 10;
/** Of ten; those that come when the list is complete already hit the sending, too. */
const KILLS_WHILE_LISTING = 4;
const LETTER = {
  email: { subject: 'Dear {{ member.number }}', text: 'The club is closed on Friday, {{ member.number }}.' },
};

type Below = (limit: number) => number;

/** A moment while the list is made. */
async function killWhileListing(house: ClubHouse, isListing: () => Promise<boolean>, below: Below) {
  const pages = below(3);
  const worker = await house.startWorker();
  await until(async () => worker.pages > pages || !(await isListing()));
  await sleep(below(25));
  await worker.kill();
}

/** A moment while it is sent. */
async function killWhileSending(house: ClubHouse, below: Below) {
  const wanted = house.server.taken.length + below(150);
  const worker = await house.startWorker();
  await until(() => house.server.taken.length > wanted);
  await sleep(below(5));
  await worker.kill();
}

it('killed at ten moments of a broadcast, then left alone: everybody once, and little in doubt', async () => {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
  console.log(`The moments are those of SEED=${seed}.`);
  const below = createRandom(seed);
  const house = await openClubHouse(MEMBERS);
  const { posthorn, server } = house;
  const { id } = await posthorn.broadcasts.plan({ channel: 'email', to: everybody, ...LETTER });
  const broadcast = await posthorn.broadcasts.start(id);
  const isListing = async () => (await posthorn.broadcasts.get(id))?.status === 'listing';

  let doubts = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    if (kill < KILLS_WHILE_LISTING && (await isListing())) await killWhileListing(house, isListing, below);
    else await killWhileSending(house, below);
    const inDoubt = house.number("SELECT count(*) AS n FROM posthorn_deliveries WHERE work = 'sending'");
    expect(inDoubt).toBeLessThanOrEqual(WINDOW);
    doubts += inDoubt;
  }
  await house.startWorker();
  for await (const { status } of broadcast.progress()) expect(status).not.toBe('refused');

  const { counts, status } = (await posthorn.broadcasts.get(id)) ?? {};
  expect(status).toBe('finished');
  expect({ unknown: 0, ...counts }).toEqual({
    skipped: MEMBERS - reachable.length,
    accepted: reachable.length - doubts,
    unknown: doubts,
  });
  expect(house.number('SELECT count(*) AS n FROM posthorn_messages')).toBe(MEMBERS);
  expect(house.number('SELECT count(DISTINCT recipient_id) AS n FROM posthorn_messages')).toBe(MEMBERS);
  expect(new Set(house.taken()).size, 'nobody twice').toBe(server.taken.length);

  // A person looks into the server's log, and decides what nobody else can know.
  const { items } = await posthorn.messages.list({ status: 'unknown', limit: 500 });
  const arrived = new Set(house.taken());
  for (const { id: message, to } of items) {
    const decision = arrived.has(to.address ?? '') ? 'accepted' : 'resend';
    await posthorn.messages.resolve([message], decision, { by: 'kim' });
  }
  for await (const _ of broadcast.progress());
  expect(house.taken().toSorted()).toEqual(reachable.toSorted());
  expect((await posthorn.broadcasts.get(id))?.counts).toEqual({
    skipped: MEMBERS - reachable.length,
    accepted: reachable.length,
  });
}, 90_000);
