import { setImmediate } from 'node:timers/promises';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';

/** Whole lines, none of them empty, the last of them the end of a reply (RFC 5321 section 4.2.1). */
const ENDS_A_REPLY = /^(?:[^\r\n]+\r?\n)*(?!\d{3}-)[^\r\n]+\r?\n$/;

/**
 * Replies have no numbers: what a server says once too often would be taken for its answer to the next message. So a
 * connection on which anything arrives while nothing is asked, or in the tail of an answer, is ended. Only what is still
 * on its way when the next message begins cannot be told apart.
 */
export class ReplyWatch {
  readonly #connection: SMTPConnection;
  #isAsking = false;
  #last = '';
  #isFresh = false;

  /** The connection is encrypted and logged in: its socket stays the same. */
  constructor(connection: SMTPConnection) {
    this.#connection = connection;
    // Before nodemailer's own listener, which answers whoever asked.
    if (connection._socket) connection._socket.prependListener('data', (chunk: Buffer) => this.#hear(chunk));
  }

  /** Runs one conversation, to whose end everything that comes belongs. */
  async during<T>(converse: () => Promise<T>): Promise<T> {
    this.#isAsking = true;
    this.#last = '';
    const answer = await converse();
    this.#isAsking = false;
    if (this.#last !== '' && !ENDS_A_REPLY.test(this.#last)) this.#connection.close();
    // nodemailer reads on: a second reply that came with the first makes it end the connection.
    await setImmediate();
    return answer;
  }

  /** The message is over: what has been said so far cannot be the answer to it. */
  messageEnds(): void {
    this.#isFresh = false;
  }

  /** Whether anything was said since then. */
  get isFresh(): boolean {
    return this.#isFresh;
  }

  #hear(chunk: Buffer): void {
    this.#isFresh = true;
    if (this.#isAsking) this.#last = chunk.toString('latin1');
    else this.#connection.close();
  }
}
