import { classifyReply } from '@posthorn/core';
import type { ComposedMessage } from './compose-message.ts';
import { type Delivery, deliverMessage, type Line } from './deliver-message.ts';
import { abortedFailure, replyOf, type SmtpFailure, smtpFailure } from './failure.ts';
import { isWritable, NOT_WRITABLE } from './offer.ts';
import type { Asker } from './wire.ts';

const QUIT_MS = 1000;

/** What all messages of a session have in common. */
type SessionLine = Omit<Line, 'needsReset' | 'passOn'>;

/** A connection that is greeted, encrypted and logged in; one message after the other. */
export class Session {
  readonly #line: SessionLine;
  #needsReset = false;
  #uses = 0;

  constructor(line: SessionLine) {
    this.#line = line;
  }

  /** False once the server, the network or we ended it. */
  get alive(): boolean {
    return this.#line.wire.isAlive;
  }

  /** Messages it was used for. */
  get uses(): number {
    return this.#uses;
  }

  /** `passOn`: whether another message takes the session before this one has its last answer. */
  async deliver(message: ComposedMessage, signal: AbortSignal, passOn: () => boolean): Promise<Delivery> {
    this.#uses += 1;
    const line = { ...this.#line, needsReset: this.#needsReset, passOn };
    const delivery = await deliverMessage(line, message, signal);
    this.#needsReset = delivery.session === 'needs_reset';
    return delivery;
  }

  /** Whether the server takes mail from this address; nothing is sent. */
  checkSender(address: string, signal: AbortSignal): Promise<SmtpFailure | undefined> {
    if (!isWritable(address)) return Promise.resolve({ phase: 'mail', outcome: classifyReply(NOT_WRITABLE) });
    return new Promise((resolve) => {
      const settle = (failure?: SmtpFailure) => {
        signal.removeEventListener('abort', onAbort);
        this.#line.wire.done(asker);
        resolve(failure);
      };
      const asker: Asker = {
        heard: (reply) => {
          if (reply.code >= 200 && reply.code < 300) return settle();
          const outcome = classifyReply({ ...replyOf(reply, this.#line.secrets), phase: 'mail' });
          settle({ phase: 'mail', outcome });
        },
        ended: (cause) => settle(smtpFailure(cause, 'mail', this.#line.settings)),
      };
      const onAbort = () => settle(abortedFailure('mail'));
      if (signal.aborted) return onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      if (this.#line.wire.ask(asker)) this.#line.wire.say(`MAIL FROM:<${address}>\r\n`);
      else settle(smtpFailure(undefined, 'mail', this.#line.settings));
    });
  }

  /** An idle session keeps no process alive. */
  rest(isIdle: boolean): void {
    this.#line.wire.rest(isIdle);
  }

  onEnd(listener: () => void): void {
    this.#line.wire.onEnd(listener);
  }

  /** Between messages: says QUIT. Whatever the server answers ends the connection, and silence does after a second. */
  async close(): Promise<void> {
    if (!this.#line.wire.isAlive) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => this.#line.wire.close(), QUIT_MS);
      this.#line.wire.onEnd(() => {
        clearTimeout(timer);
        resolve();
      });
      this.#line.wire.say('QUIT\r\n');
    });
  }
}
