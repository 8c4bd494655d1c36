import type { FakeClock } from '@posthorn/testing';

/** Has the time pass, from one sleeper's alarm to the next, until the promise is settled. */
export async function passUntilSettled(clock: FakeClock, promise: Promise<unknown>): Promise<void> {
  let isSettled = false;
  const settle = () => {
    isSettled = true;
  };
  promise.then(settle, settle);
  for (;;) {
    await new Promise(setImmediate);
    if (isSettled) return;
    const wakeAt = clock.nextWakeAt();
    if (wakeAt !== null) clock.advance(Math.ceil(Math.max(wakeAt - clock.now(), 0)));
  }
}
