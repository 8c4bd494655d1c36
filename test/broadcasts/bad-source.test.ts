import type { RecipientSource } from '@posthorn/core';
import { describe, expect, it } from 'vitest';
import { turns } from '../hosts.test-kit.ts';
import { everybody, type Hall, LETTER, memberOf, openHall } from './hall.test-kit.ts';

type Page = Awaited<ReturnType<NonNullable<RecipientSource['find']>>>;

const HOUR = 3_600_000;

/** A broadcast that is started and not worked yet. */
async function started({ posthorn }: Hall): Promise<string> {
  const { id } = await posthorn.broadcasts.plan({ to: everybody, ...LETTER });
  await posthorn.broadcasts.start(id);
  return id;
}

/** Time passes, a second at a time, and the queue is worked. */
/** Lets time pass, a second at a time, until it has come to this. */
async function passUntil(hall: Hall, isSo: () => Promise<boolean>): Promise<void> {
  for (let second = 0; second < 300 && !(await isSo()); second += 1) await pass(hall, 1);
  expect(await isSo()).toBe(true);
}

async function pass({ posthorn, clock }: Hall, seconds: number): Promise<void> {
  await posthorn.start();
  for (let second = 0; second < seconds; second += 1) {
    await turns(30);
    clock.advance(1_000);
  }
  await turns(30);
}

const broken = () => Promise.reject(new Error('the database is being moved'));

describe('a source that fails while the list is made', () => {
  it('is asked again until it answers; meanwhile the reason is shown, and nothing is lost or doubled', async () => {
    const hall = await openHall({ members: 600 });
    const { members, email, look } = hall;
    const id = await started(hall);
    hall.tamper(async (page) => page);
    for (let failure = 0; failure < 3; failure += 1) hall.tamper(broken);
    await pass(hall, 1);
    expect(await look(id)).toMatchObject({
      status: 'listing',
      failure: { message: 'the database is being moved' },
      counts: { queued: 250 },
    });
    await pass(hall, 60);
    await hall.settled();
    expect(await look(id)).toMatchObject({ status: 'finished', failure: null, counts: { accepted: 600 } });
    expect(email.sent.map(({ to }) => to).sort()).toEqual(members.map((it) => it.email));
  });

  it('is not a failure any more once it answers, though the list is not complete', async () => {
    const hall = await openHall({ members: 600 });
    const id = await started(hall);
    hall.tamper(broken);
    // One call, which fails; the next one waits.
    hall.desk.let(1);
    await passUntil(hall, async () => (await hall.look(id)).failure !== null && hall.desk.waiting > 0);
    hall.desk.let(1);
    await passUntil(hall, async () => (await hall.look(id)).counts.queued === 250);
    expect(await hall.look(id)).toMatchObject({ status: 'listing', failure: null });
    hall.desk.let(Number.POSITIVE_INFINITY);
    await hall.settled();
    expect((await hall.look(id)).counts).toEqual({ accepted: 600 });
  });

  it('and never recovers: after an hour it is given up, and nobody was written to', async () => {
    const hall = await openHall({ members: 600 });
    const id = await started(hall);
    hall.tamper(async (page) => page);
    for (let failure = 0; failure < 500; failure += 1) hall.tamper(broken);
    await pass(hall, 3_500);
    expect((await hall.look(id)).status).toBe('listing');
    await pass(hall, 1_000);
    expect(await hall.look(id)).toMatchObject({
      status: 'refused',
      failure: { message: 'the database is being moved' },
      counts: { canceled: 250 },
    });
    await hall.advance(HOUR);
    expect(hall.email.handedOver).toEqual([]);
  });

  it('can be canceled while it is waited for', async () => {
    const hall = await openHall({ members: 300 });
    const id = await started(hall);
    hall.tamper(async (page) => page);
    for (let failure = 0; failure < 500; failure += 1) hall.tamper(broken);
    await pass(hall, 10);
    await hall.posthorn.broadcasts.cancel(id);
    await pass(hall, 120);
    expect(await hall.look(id)).toMatchObject({ status: 'canceled', counts: { canceled: 250 } });
    expect(await hall.posthorn.drain({ maxMs: 0 })).toEqual({ finished: true });
  });
});

describe('a source that hangs', () => {
  it('counts as one that fails after a minute, and is asked again', async () => {
    const hall = await openHall({ members: 3 });
    const id = await started(hall);
    for (let time = 0; time < 2; time += 1) hall.tamper(() => new Promise<never>(() => undefined));
    await pass(hall, 59);
    expect(await hall.look(id)).toMatchObject({ status: 'listing', failure: null });
    await pass(hall, 3);
    expect(await hall.look(id)).toMatchObject({
      status: 'listing',
      failure: { code: 'source_failed', message: expect.stringContaining('60 seconds') },
    });
    await pass(hall, 90);
    expect(await hall.look(id)).toMatchObject({ status: 'finished', counts: { accepted: 3 } });
  });

  it('does not keep a plan waiting for ever', async () => {
    const hall = await openHall({ members: 3 });
    hall.tamper(() => new Promise<never>(() => undefined));
    const planning = hall.posthorn.broadcasts.plan({ to: everybody, ...LETTER });
    const answer = expect(planning).rejects.toMatchObject({ code: 'source_failed' });
    await turns(50);
    hall.clock.advance(60_000);
    await answer;
    expect((await hall.posthorn.broadcasts.list()).items).toEqual([]);
  });

  it('does not keep a worker from stopping', async () => {
    const hall = await openHall({ members: 3 });
    await started(hall);
    hall.tamper(() => new Promise<never>(() => undefined));
    await pass(hall, 1);
    let isClosed = false;
    const closing = hall.posthorn.close().then(() => {
      isClosed = true;
    });
    await turns(100);
    expect(isClosed).toBe(true);
    await closing;
  });
});

describe('a source that does not keep its word', () => {
  it.each<[string, (page: Page) => unknown, RegExp]>([
    [
      'answers somebody twice on one page',
      (page) => ({ ...page, recipients: [...page.recipients.slice(1), page.recipients[1]] }),
      /Several recipients/,
    ],
    ['answers no page', () => undefined, /no list/],
    [
      'answers more than it was asked for',
      (page) => ({ ...page, recipients: Array(251).fill(page.recipients[0]) }),
      /251/,
    ],
    ['answers the same cursor again', (page) => ({ ...page, next: 'm-0000' }), /never end/],
  ])('because it %s, ends the broadcast before anybody was written to', async (_, change, message) => {
    const hall = await openHall({ members: 600 });
    const id = await started(hall);
    hall.tamper(async (page) => ({ ...page, next: page.recipients[0]?.id ?? null }));
    hall.tamper(async (page) => change(page) as Page);
    await hall.settled();
    expect(await hall.look(id)).toMatchObject({
      status: 'refused',
      failure: { code: 'invalid_input', message: expect.stringMatching(message) },
    });
    expect(hall.email.handedOver).toEqual([]);
  });

  it('but answers the same people on two pages, writes to each of them once', async () => {
    const hall = await openHall({ members: 600 });
    const id = await started(hall);
    let first: Page | undefined;
    hall.tamper(async (page) => {
      first = page;
      return page;
    });
    hall.tamper(async (page) => ({
      ...page,
      recipients: [...page.recipients.slice(0, 200), ...(first?.recipients.slice(0, 50) ?? [])],
    }));
    await hall.settled();
    expect((await hall.look(id)).counts).toEqual({ accepted: 600 - 50 });
    const addresses = hall.email.handedOver.map(({ to }) => to);
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  it('and answers empty pages without end, is stopped', async () => {
    const hall = await openHall({ members: 600 });
    const { posthorn } = hall;
    let page = 0;
    const next = async () => {
      page += 1;
      return { recipients: [], next: `page ${page}` };
    };
    for (let times = 0; times < 9_000; times += 1) hall.tamper(next);
    await expect(posthorn.broadcasts.plan({ to: everybody, ...LETTER })).rejects.toMatchObject({
      name: 'ConfigurationError',
      code: 'invalid_input',
      path: 'to',
      message: expect.stringContaining('2,000,000'),
    });
    expect(page).toBeLessThanOrEqual(8_000);
  });
});

describe('a source that changes while it is read', () => {
  it('writes to everybody once who was there all the time', async () => {
    const hall = await openHall({ members: 1_000 });
    const id = await started(hall);
    const { members } = hall;
    const stayed = members.slice(400, 700).map((it) => it.email);
    for (let number = 0; number < 4; number += 1) {
      hall.tamper(async (page) => {
        members.splice(number * 10, 20);
        members.push(
          memberOf(5_000 + number),
          memberOf(100 + number, { email: `late-${number}@members.example` }),
        );
        members.sort(() => (number % 2 === 0 ? 1 : -1));
        return page;
      });
    }
    await hall.settled();
    const addresses = hall.email.sent.map(({ to }) => to);
    expect(new Set(addresses).size).toBe(addresses.length);
    for (const address of stayed) expect(addresses.filter((it) => it === address)).toHaveLength(1);
    expect((await hall.look(id)).status).toBe('finished');
  });
});
