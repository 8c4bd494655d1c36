import type { Opened } from './context.ts';
import { ConfigurationError } from './errors.ts';
import type { Backend, BackendRuntime } from './ports/index.ts';
import { openKeyring, type Vault } from './secrets/index.ts';
import type { SharedClock } from './shared-clock.ts';

/** The backend of one instance: opened by whoever needs it first, closed once. */
interface Lifecycle {
  /** @throws ConfigurationError `closed`. */
  open(): Promise<Opened>;
  /**
   * The same for what ends in order: while it is being closed it still answers.
   *
   * @throws ConfigurationError `closed` where it was never opened.
   */
  stillOpen(): Promise<Opened>;
  readonly closed: boolean;
  /** Runs `before` while the backend still answers, then closes it. */
  close(before: () => Promise<void>): Promise<void>;
}

export function createLifecycle(
  backend: Backend,
  runtime: BackendRuntime,
  vault: Vault,
  time: Pick<SharedClock, 'follow'>,
  onOpened: (opened: Opened) => void,
): Lifecycle {
  let opening: Promise<Opened> | undefined;
  let closing: Promise<void> | undefined;

  const openBackend = async (): Promise<Opened> => {
    const opened = await backend.open(runtime);
    try {
      if (opened.now !== undefined) await time.follow(opened.now);
      const whole = { ...opened, keyring: await openKeyring(vault, opened.store.keyring) };
      onOpened(whole);
      return whole;
    } catch (error) {
      await opened.close();
      throw error;
    }
  };

  const closeBackend = async (before: () => Promise<void>): Promise<void> => {
    // A backend that never opened has nothing to close.
    const opened = await opening?.catch(() => undefined);
    try {
      await before();
    } finally {
      await opened?.close();
    }
  };

  const open = (): Promise<Opened> => {
    if (closing !== undefined) return Promise.reject(closedError());
    if (opening === undefined) {
      opening = openBackend();
      // A database that could not be opened may be there the next time.
      opening.catch(() => {
        opening = undefined;
      });
    }
    return opening;
  };

  return {
    get closed() {
      return closing !== undefined;
    },
    open,
    stillOpen: () => opening ?? open(),
    close(before) {
      closing ??= closeBackend(before);
      return closing;
    },
  };
}

function closedError(): ConfigurationError {
  return new ConfigurationError('closed', 'This Posthorn was closed.', {
    advice: 'Call close() last, or make a new one with createPosthorn.',
  });
}
