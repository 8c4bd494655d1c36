import type { Emitter } from 'liquidjs';
import { LIMITS } from './limits.ts';
import { overLimit } from './liquid.ts';

/** Where the slots of one part are written, one after the other; holds back a loop that writes without end. */
export class SlotOutput implements Emitter {
  buffer = '';
  #written = 0;
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  write(text: unknown): void {
    const added = String(text ?? '');
    this.#written += added.length;
    if (this.#written > LIMITS.renderedChars)
      throw overLimit(this.#path, `became longer than ${LIMITS.renderedChars} characters`);
    this.buffer += added;
  }

  /** What was written since the last time. */
  take(): string {
    const text = this.buffer;
    this.buffer = '';
    return text;
  }
}
