import { once } from 'node:events';
import { sqlite } from '@posthorn/backend-sqlite';
import { type Clock, createPosthorn, type Posthorn, systemClock } from '@posthorn/core';
import { recordingAdapter } from '@posthorn/testing';

/**
 * A process that subscribes until its input ends: `node subscriber.test-kit.ts <file> <speed> <pauseAt>`. It writes the id
 * of each event that it is given; the one of that number it has in hand until it reads something. For it, time passes at
 * this speed.
 */

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A salon on the file, as one process sees it. */
export function openSalon(file: string, clock: Clock = systemClock): Posthorn {
  return createPosthorn({
    backend: sqlite(file),
    adapters: [recordingAdapter({ channel: 'email', key: 'server' })],
    secrets: { current: 'k1', keys: { k1: 'a key for tests that is long enough, 0123456789' } },
    clock,
    log: silent,
  });
}

if (process.argv[1] === import.meta.filename) {
  const [, , file = '', speed = '1', pauseAt = ''] = process.argv;
  const told = once(process.stdin, 'data');
  let given = 0;
  const posthorn = openSalon(file, {
    now: () => Math.round(systemClock.now() * Number(speed)),
    sleep: (delayMs, signal) => systemClock.sleep(delayMs / Number(speed), signal),
  });
  posthorn.subscribe('orders', ['message.skipped'], async (event) => {
    process.stdout.write(`${event.id}\n`);
    given += 1;
    if (given === Number(pauseAt)) await told;
  });
  await posthorn.subscriptions.list();
  process.stdin.once('end', () => void posthorn.close()).resume();
  process.stdout.write('subscribed\n');
}
