import { sqlite } from '@posthorn/backend-sqlite';
import {
  type AnyAdapter,
  type Backend,
  createPosthorn,
  type Log,
  type OpenedBackend,
  type Posthorn,
  type PosthornOptions,
  type TagCatalogue,
} from '@posthorn/core';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { type RecordingAdapter, recordInto, type SentMessage } from './recording-adapter.ts';

/** As for `createPosthorn`; everything that a test need not say is left out. */
export interface TestPosthornOptions<Tags extends TagCatalogue = TagCatalogue>
  extends Partial<
    Pick<PosthornOptions<Tags>, 'limits' | 'locale' | 'timeZone' | 'tags' | 'recipients' | 'log'>
  > {
  /** What the clock shows at the start; 1 January 2026, noon UTC, where nothing is said. */
  readonly startAt?: number | string | Date;
  /** Beside the two that record: adapters of your own. */
  readonly adapters?: readonly AnyAdapter[];
}

/** A Posthorn in memory whose messages reach nobody and whose time a test decides. */
export interface TestPosthorn<Tags extends TagCatalogue = TagCatalogue> {
  /** Its `drain` looks at the clock now and then, so it goes on as the clock is moved. */
  readonly posthorn: Posthorn<Tags>;
  readonly clock: FakeClock;
  /** The email account: `email.answer('anna@example.com', 'bounced')` says what becomes of the next message to her. */
  readonly email: RecordingAdapter;
  /** The SMS account. */
  readonly sms: RecordingAdapter;
  /** What has been accepted, emails and SMS, oldest first: rendered, as the other side gets it. It grows. */
  readonly sent: readonly SentMessage[];
  /** Sends all that is due now; resolves when nothing more happens by itself until the clock is moved. */
  settled(): Promise<void>;
  /** Moves the time on, and sends what becomes due on the way, each at its time. */
  advance(delayMs: number): Promise<void>;
}

const SECRETS = { current: 'test', keys: { test: 'a key for tests, which keeps no secret at all' } };
const QUIET: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
/** More turns of the event loop than any test needs: whoever waits longer waits for something that never comes. */
const MAX_TURNS = 20_000;

/**
 * A Posthorn for a host's own unit tests: SQLite in memory, accounts that record instead of sending, and a clock that
 * stands still. Each is alone; close it with `posthorn.close()`.
 *
 * @example
 * ```ts
 * import { testPosthorn } from '@posthorn/testing';
 *
 * export async function confirms() {
 *   const { posthorn, email, sent, settled, advance } = testPosthorn();
 *   await posthorn.identities.save({ key: 'salon', channel: 'email', address: 'hello@example.com' });
 *   email.answer('anna@example.com', 'deferred');
 *   await posthorn.send({
 *     channel: 'email',
 *     to: { email: 'anna@example.com' },
 *     email: { subject: 'See you', html: '<p>Hello Anna</p>' },
 *   });
 *   await settled(); // tried once; the server asks to come again later
 *   await advance(5 * 60_000);
 *   console.log(sent[0]?.subject); // 'See you'
 *   await posthorn.close();
 * }
 * ```
 */
export function testPosthorn<const Tags extends TagCatalogue = TagCatalogue>(
  options: TestPosthornOptions<Tags> = {},
): TestPosthorn<Tags> {
  const { startAt, adapters = [], log = QUIET, ...rest } = options;
  const clock = createFakeClock(startAt);
  const sent: SentMessage[] = [];
  const email = recordInto(sent, { channel: 'email' });
  const sms = recordInto(sent, { channel: 'sms' });
  const memory = observed(sqlite(':memory:'));
  const posthorn = createPosthorn<Tags>({
    ...rest,
    backend: memory.backend,
    adapters: [email, sms, ...adapters],
    secrets: SECRETS,
    clock,
    log,
  });

  const settled = async (): Promise<number | null> => {
    await posthorn.start();
    const { store, queue } = await memory.opened;
    for (let turn = 0; turn < MAX_TURNS; turn += 1) {
      const { queued, nextDueAt } = await store.deliveries.queueDue(clock.now(), 100, () =>
        crypto.randomUUID(),
      );
      if (queued > 0) queue.wake();
      else if ((await queue.size()) === 0) return nextDueAt;
      await new Promise(setImmediate);
    }
    throw new Error(
      'The messages do not settle: a transport gives no outcome, or asks for retries without end.',
    );
  };

  return {
    posthorn,
    clock,
    email,
    sms,
    sent,
    async settled() {
      await settled();
    },
    async advance(delayMs) {
      const until = clock.now() + delayMs;
      for (;;) {
        const nextDueAt = await settled();
        if (clock.now() >= until) return;
        const target = Math.min(nextDueAt ?? until, until);
        clock.advance(Math.max(target - clock.now(), 1));
      }
    },
  };
}

/** The backend, and what it opened as: `settled` asks it whether anything is left to do. */
function observed(backend: Backend): { readonly backend: Backend; readonly opened: Promise<OpenedBackend> } {
  let tell: (opened: OpenedBackend) => void = () => undefined;
  const opened = new Promise<OpenedBackend>((resolve) => {
    tell = resolve;
  });
  return {
    opened,
    backend: {
      ...backend,
      async open(runtime) {
        const memory = await backend.open(runtime);
        tell(memory);
        return memory;
      },
    },
  };
}
