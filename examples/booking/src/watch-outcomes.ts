import type { MessageSummary } from '@posthorn/core';
import type { Messaging } from './messaging.ts';

/** Longer than this the demo does not wait for a next attempt; the worker of a real host would. */
const PATIENCE_MS = 30_000;

const OUTCOMES = [
  'accepted',
  'deferred',
  'bounced',
  'rejected',
  'failed',
  'expired',
  'unknown',
  'canceled',
] as const;

/** Follows messages until each has ended, or has to wait longer than anybody wants to look at a demo. */
export class OutcomeWatch {
  readonly #open = new Set<string>();
  readonly #over = new Set<string>();
  #wake: () => void = () => undefined;

  constructor(posthorn: Messaging, onOutcome: (message: MessageSummary) => void) {
    for (const outcome of OUTCOMES) {
      posthorn.on(`message.${outcome}`, ({ message }) => {
        if (isOver(message)) this.#end(message.id);
        onOutcome(message);
      });
    }
    // Somebody decided that it is sent again.
    posthorn.on('message.requeued', ({ message }) => {
      this.#over.delete(message.id);
      this.#open.add(message.id);
    });
  }

  /** A message that is on its way, as far as the caller knows. */
  follow(message: MessageSummary): void {
    if (!isOver(message) && !this.#over.has(message.id)) this.#open.add(message.id);
  }

  get open(): number {
    return this.#open.size;
  }

  /** How many have been over. */
  get over(): number {
    return this.#over.size;
  }

  /** Resolves when nothing is open any more. */
  async settled(): Promise<void> {
    while (this.#open.size > 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #end(id: string): void {
    this.#over.add(id);
    this.#open.delete(id);
    this.#wake();
  }
}

function isOver({ work, dueAt }: MessageSummary): boolean {
  if (work === 'done') return true;
  return dueAt !== null && dueAt.getTime() > Date.now() + PATIENCE_MS;
}
