import type { Backend, BackendSupports, Log, OpenedBackend } from '@posthorn/core';
import { createFakeClock, type FakeClock } from '../fake-clock.ts';

/** A backend under test, and how to come by an empty one. */
export interface BackendSubject {
  readonly name: string;
  /** A new, empty place, and the backend on it. Called once for each law. */
  open(): Promise<BackendPlace>;
}

/** One empty place where state can live. */
export interface BackendPlace {
  readonly backend: Backend;
  /** Required where the backend supports `hostTransaction`. */
  readonly host?: HostTransactions;
  /**
   * For a backend that waits for something outside of this process, such as a database server: sets whatever clock is
   * there to this time, and resolves once nothing is under way any more.
   */
  rest?(now: number): Promise<void>;
  /** Removes the place; whatever was opened on it is closed. */
  remove(): Promise<void>;
}

/** The host's side of its own database. One transaction at a time. */
export interface HostTransactions {
  /** Begins one and answers what is given as `tx`. */
  begin(): Promise<unknown>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/** What a law works with. */
export interface BackendBench {
  readonly clock: FakeClock;
  readonly backend: Backend;
  readonly host: HostTransactions | undefined;
  /** Opens the place, or opens it once more: another process would. With a clock of its own its time stands apart. */
  open(clock?: FakeClock): Promise<OpenedBackend>;
  /** Lets time pass until the condition holds; throws `what` when it never does. */
  until(what: string, condition: () => boolean | Promise<boolean>): Promise<void>;
  /** Something that handlers wait for; at the end of the law at the latest it is opened. */
  gate(): Gate;
  /** Lets this much time pass in small steps, and everything happen that is to happen in it. */
  pass(ms: number): Promise<void>;
}

/** Opened once, for everybody who waits. */
export interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

/** One thing that every backend must do: `check` throws where one does not. */
export interface BackendLaw {
  readonly name: string;
  /** Only for backends that support it. */
  readonly needs?: keyof BackendSupports;
  check(bench: BackendBench): Promise<void>;
}

const STEP_MS = 20;
const PATIENCE_STEPS = 1_000;

const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Checks one law on an empty place, and clears everything away. */
export async function checkLaw(law: BackendLaw, place: BackendPlace): Promise<void> {
  const clock = createFakeClock();
  const opened: OpenedBackend[] = [];
  const gates: Gate[] = [];

  async function step(): Promise<void> {
    clock.advance(STEP_MS);
    // What woke needs some turns of the event loop to come to rest.
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    await place.rest?.(clock.now());
  }

  try {
    await law.check({
      clock,
      backend: place.backend,
      host: place.host,
      async open(ownClock = clock) {
        const one = await place.backend.open({ clock: ownClock, log: silent });
        opened.push(one);
        return one;
      },
      async until(what, condition) {
        for (let steps = 0; steps < PATIENCE_STEPS; steps += 1) {
          if (await condition()) return;
          await step();
        }
        throw new Error(`It never came to this: ${what}.`);
      },
      gate() {
        const gate = aGate();
        gates.push(gate);
        return gate;
      },
      async pass(ms) {
        for (let passed = 0; passed < ms; passed += STEP_MS) await step();
      },
    });
  } finally {
    for (const gate of gates) gate.open();
    for (const one of opened) {
      const closing = watch(one.close());
      // What a worker waits for must come, or the place stays open.
      for (let steps = 0; !closing.isSettled() && steps < PATIENCE_STEPS; steps += 1) await step();
      await closing.promise;
    }
    await place.remove();
  }
}

/** A promise whose end can be asked for; a rejection waits until the promise is awaited. */
export function watch<T>(promise: Promise<T>): { readonly promise: Promise<T>; isSettled(): boolean } {
  let settled = false;
  const settle = (): void => {
    settled = true;
  };
  promise.then(settle, settle);
  return { promise, isSettled: () => settled };
}

function aGate(): Gate {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}
