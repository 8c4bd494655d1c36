import { PosthornError } from '../errors.ts';
import type { BackendSupports, Clock, Log, OpenedBackend } from '../ports/index.ts';
import { type EventNews, newsText, parseNews } from './event-news.ts';
import type { LiveEvents } from './live-events.ts';
import { readNews } from './read-news.ts';

interface CarrierSetUp {
  readonly clock: Clock;
  readonly log: Log;
  readonly live: LiveEvents;
  open(): Promise<unknown>;
}

/** What carries an instance's live events to other processes, and theirs here. */
export interface EventCarrier {
  /** The backend has been opened. */
  opened(backend: OpenedBackend): void;
  /** Nothing more is told here; what happens here is still told elsewhere. */
  stop(): void;
}

/** The most that wait to be read: live events that come faster than they can be read are not live. */
const MAX_WAITING = 10_000;
const FIRST_DELAY_MS = 1_000;
const LAST_DELAY_MS = 60_000;

/**
 * Events go out as they happen here. What others tell is read from the store where somebody here listens to it, and costs
 * no more than a look at its name where nobody does.
 */
export function carryEvents(
  { clock, log, live, open }: CarrierSetUp,
  { notify }: BackendSupports,
): EventCarrier {
  const stopping = new AbortController();
  let backend: OpenedBackend | undefined;
  let waiting: EventNews[] = [];
  let isReading = false;

  const hear = (texts: readonly string[]): void => {
    if (stopping.signal.aborted) return;
    for (const text of texts) {
      const news = parseNews(text);
      if (news === undefined) continue;
      live.stir(news);
      if (news.name === 'broadcast' || !live.hears(news.name, news.tenant)) continue;
      if (waiting.length < MAX_WAITING) waiting.push(news);
      else
        log.warn('Live events of other processes come faster than they can be read; some are not told.', {});
    }
    if (!isReading && waiting.length > 0) void read();
  };

  const read = async (): Promise<void> => {
    isReading = true;
    while (waiting.length > 0 && backend !== undefined) {
      const news = waiting;
      waiting = [];
      try {
        const told = await readNews(backend.store.messages, news);
        if (stopping.signal.aborted) break;
        for (const { name, event } of told) live.deliver(name, event);
      } catch (error) {
        if (stopping.signal.aborted) break;
        log.warn('Live events of other processes could not be read; they are not told here.', {
          error: error instanceof Error ? error.message : String(error),
        });
      }
    }
    isReading = false;
  };

  /** Whoever only listens would otherwise never be connected. */
  const openToHear = async (): Promise<void> => {
    for (let delayMs = FIRST_DELAY_MS; backend === undefined && !stopping.signal.aborted; delayMs *= 2) {
      try {
        await open();
      } catch (error) {
        if (stopping.signal.aborted || isClosed(error)) return;
        log.warn('The database could not be opened to hear of live events; it is tried again.', {
          error: error instanceof Error ? error.message : String(error),
        });
        await clock.sleep(Math.min(delayMs, LAST_DELAY_MS), stopping.signal).catch(() => undefined);
      }
    }
  };

  live.carryBy({
    onListener() {
      if (notify) void openToHear();
    },
    carry(stir, event) {
      const bulletin = backend?.bulletin;
      if (bulletin !== undefined) bulletin.tell(newsText(stir, event));
    },
  });

  return {
    opened(opened) {
      backend = opened;
      opened.bulletin?.hear(hear);
    },
    stop() {
      stopping.abort();
    },
  };
}

function isClosed(error: unknown): boolean {
  return error instanceof PosthornError && error.code === 'closed';
}
