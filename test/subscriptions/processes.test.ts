import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
import { aFile, aMailing } from './shop.test-kit.ts';
import { openSalon } from './subscriber.test-kit.ts';

const SUBSCRIBER = join(import.meta.dirname, 'subscriber.test-kit.ts');
const EVENTS = 300;

it('two processes subscribe to one name: each event is handled once, by either of them', async () => {
  const { file, posthorn, happen } = await openHost();
  const [one, other] = await Promise.all([subscribe(file), subscribe(file)]);
  const stored = await happen();
  await expect.poll(() => one.given.length + other.given.length, { timeout: 40_000 }).toBe(EVENTS);
  expect(await Promise.all([one, other].map(dismiss))).toEqual([0, 0]);
  expect([...one.given, ...other.given].sort()).toEqual([...stored].sort());
  expect(await posthorn.subscriptions.list()).toMatchObject([
    { name: 'all' },
    { name: 'orders', waiting: 0 },
  ]);
}, 60_000);

it('one is killed in the middle: the other goes on where it was, and misses nothing', async () => {
  const { file, happen } = await openHost();
  const pauseAt = 150;
  const subscribers = await Promise.all([subscribe(file, 10, pauseAt), subscribe(file, 10, pauseAt)]);
  const stored = await happen();
  const holder = () => subscribers.find(({ given }) => given.length === pauseAt);
  await expect.poll(holder, { timeout: 20_000 }).toBeDefined();
  const doomed = holder();
  doomed?.child.kill('SIGKILL');
  const [other] = subscribers.filter((subscriber) => subscriber !== doomed);
  other?.child.stdin?.write('go on\n');
  const given = () => new Set(subscribers.flatMap((subscriber) => subscriber.given));
  await expect.poll(() => given().size, { timeout: 40_000 }).toBe(EVENTS);
  // In order to the last, and not from the beginning: what was passed does not come again.
  expect(other?.given).toEqual(stored.slice(-(other?.given.length ?? 0)));
  expect(other?.given.length).toBeLessThan(EVENTS);
}, 60_000);

interface Subscriber {
  readonly child: ChildProcess;
  /** Ids of the events, in the order in which they came. */
  readonly given: readonly string[];
}

async function openHost() {
  const file = aFile();
  const posthorn = openSalon(file);
  onTestFinished(() => posthorn.close());
  await posthorn.identities.save({ key: 'salon', channel: 'email', address: 'hej@salon.dk' });
  const { addresses } = aMailing(EVENTS);
  for (const email of addresses) await posthorn.suppressions.add({ email });
  // Named before anybody is there, so that the host is given each event, too.
  const stored: string[] = [];
  const { stop } = posthorn.subscribe('all', ['message.skipped'], ({ id }) => {
    stored.push(id);
  });
  return {
    file,
    posthorn,
    /** So many messages that go nowhere; answers the ids of their events, in order. */
    async happen(): Promise<readonly string[]> {
      await posthorn.send(aMailing(EVENTS).message);
      await expect.poll(() => stored.length, { timeout: 20_000 }).toBe(EVENTS);
      await stop();
      return stored;
    },
  };
}

async function subscribe(file: string, speed = 1, pauseAt?: number): Promise<Subscriber> {
  const args = ['--conditions=@posthorn/source', SUBSCRIBER, file, String(speed), String(pauseAt)];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  const given: string[] = [];
  const begun = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line === 'subscribed') resolve();
      else given.push(line);
    });
  });
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('It ended by itself.')));
  await Promise.race([begun, ended]);
  ended.catch(() => undefined);
  return { child, given };
}

/** Lets it end by itself, and answers its exit code. */
async function dismiss({ child }: Subscriber): Promise<number | null> {
  child.stdin?.end();
  if (child.exitCode === null) await once(child, 'exit');
  return child.exitCode;
}
