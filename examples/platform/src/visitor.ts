import { setTimeout as pause } from 'node:timers/promises';
import type { Resolution } from '@posthorn/core';
import type { BookingRequest } from './bookings.ts';
import type { CompanySettings } from './companies.ts';

export interface Progress {
  readonly status: string;
  readonly done: number;
  readonly open: number;
  readonly inDoubt: number;
}

export interface ListedMessage {
  readonly id: string;
  readonly to: string | null;
  readonly status: string;
  readonly broadcast: string | null;
}

export interface Plan {
  readonly id: string;
  readonly total: number;
  readonly willReceive: number;
}

const ON_ITS_WAY: ReadonlySet<string> = new Set(['queued', 'sending', 'deferred']);
/** That are no mistake: the card was declined; it is done already. */
const ANSWERS = { 402: true, 409: true };
const AGAIN_AFTER_MS = 100;
const PATIENCE_MS = 60_000;

/**
 * Somebody at a browser. When the web process is away, they ask again until it is back; everything they ask for is safe to
 * be asked for twice.
 */
export class Visitor {
  readonly #url: string;

  constructor(platformUrl: string, company: string) {
    this.#url = `${platformUrl}/companies/${company}`;
  }

  async saveSettings(settings: CompanySettings): Promise<void> {
    await this.#ask('PUT', 'settings', settings);
  }

  /** False where the card was declined. */
  async book({ id, ...booking }: Omit<BookingRequest, 'company'>): Promise<boolean> {
    const { status } = await this.#ask('PUT', `bookings/${id}`, booking);
    return status === 200;
  }

  async plan(): Promise<Plan> {
    return (await this.#ask('POST', 'plans')).json() as Promise<Plan>;
  }

  async startBroadcast(id: string): Promise<void> {
    await this.#ask('PUT', `broadcasts/${id}`);
  }

  /** Calls with everything new until it is over. A line that is cut is taken up again. */
  async watch(id: string, onProgress: (progress: Progress) => void): Promise<Progress> {
    for (;;) {
      let last: Progress | undefined;
      try {
        const { body } = await this.#ask('GET', `broadcasts/${id}`);
        for await (const line of linesOf(body)) {
          last = JSON.parse(line) as Progress;
          onProgress(last);
        }
      } catch (error) {
        // What `fetch` makes of a line that was cut.
        if (!(error instanceof TypeError)) throw error;
      }
      if (last?.status === 'finished' && last.open === 0) return last;
      await pause(AGAIN_AFTER_MS);
    }
  }

  /** What became of the company's messages, once none is on its way any more. */
  async settledMessages(): Promise<readonly ListedMessage[]> {
    for (;;) {
      const messages = await this.#messages();
      if (!messages.some(({ status }) => ON_ITS_WAY.has(status))) return messages;
      await pause(AGAIN_AFTER_MS);
    }
  }

  /** A word about a message in doubt; the first one counts. */
  async decide(message: string, decision: Resolution): Promise<void> {
    await this.#ask('PUT', `doubts/${message}`, { decision });
  }

  async #messages(): Promise<readonly ListedMessage[]> {
    return (await this.#ask('GET', 'messages')).json() as Promise<readonly ListedMessage[]>;
  }

  async #ask(method: string, path: string, body?: object): Promise<Response> {
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      const response = await fetch(`${this.#url}/${path}`, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }).catch(() => undefined);
      if (response !== undefined && (response.ok || response.status in ANSWERS)) return response;
      if (response !== undefined && response.status < 500)
        throw new Error(`${response.status} ${await response.text()}`);
      if (Date.now() > until)
        throw new Error(`Nobody answers: ${(await response?.text()) ?? 'there is no web process'}`);
      await pause(AGAIN_AFTER_MS);
    }
  }
}

async function* linesOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<string> {
  if (body === null) return;
  let rest = '';
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
