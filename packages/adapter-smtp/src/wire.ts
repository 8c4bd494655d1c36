import type { Socket } from 'node:net';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { ReplyReader, type ServerReply } from './reply-reader.ts';

/** Why a connection ended, where it was not simply closed: what nodemailer puts on an error. */
export interface BrokenLine {
  readonly code?: string | undefined;
  /** The code before nodemailer put its own: `ECONNRESET`. */
  readonly originalCode?: string | undefined;
}

/** Who has asked the server something. */
export interface Asker {
  /** A reply came; `hasRest`: and more behind it, in the same breath. */
  heard(reply: ServerReply, hasRest: boolean): void;
  /** The connection ended, and no further reply comes. */
  ended(cause: BrokenLine | undefined): void;
}

/**
 * The connection after nodemailer has connected, encrypted and logged in: from then on we read and write its socket.
 * nodemailer keeps watching for its end and for silence, and says both as its events `error` and `end`.
 *
 * Replies have no numbers: what a server says once too often would be taken for its answer to the next message. So a
 * connection on which anything comes while nobody asks, or behind the last answer, is ended.
 */
export class Wire {
  readonly #connection: SMTPConnection;
  readonly #socket: Socket;
  readonly #reader = new ReplyReader();
  readonly #patience: NodeJS.Timeout;
  #isPatient = true;
  /** In the order in which they asked, which is that of the answers. */
  readonly #askers: Asker[] = [];
  /** Somebody left while others waited, and nobody waits for the answers that come last. */
  #isLeft = false;
  #cause: BrokenLine | undefined;

  /** `patienceMs`: how long a server may take for an answer, even if it goes on saying that it has not ended yet. */
  constructor(connection: SMTPConnection, socket: Socket, patienceMs: number) {
    this.#connection = connection;
    this.#socket = socket;
    // One timer for all messages: begun again for each, and of no account in between.
    this.#patience = setTimeout(() => this.#runOut(), patienceMs).unref();
    connection.on('error', ({ code, originalCode }: BrokenLine) => {
      this.#cause ??= { code, originalCode };
    });
    connection.once('end', () => this.#end());
    socket.removeAllListeners('data');
    socket.on('data', (chunk: Buffer) => this.#hear(chunk));
  }

  /** Neither side has ended it, or is about to. */
  get isAlive(): boolean {
    return !this.#isLeft && !this.#connection.destroyed && this.#socket.writable;
  }

  /** Once those who asked before are done, replies go to this asker. False where there is nobody left to ask. */
  ask(asker: Asker): boolean {
    if (!this.isAlive) return false;
    this.#askers.push(asker);
    this.expectAnswer();
    return true;
  }

  /** The asker has what it wanted. Where nobody else has asked, every word from now on is one too many. */
  done(asker: Asker): void {
    const place = this.#askers.indexOf(asker);
    if (place >= 0) this.#askers.splice(place, 1);
    if (this.#isLeft && this.#askers.length === 0) this.close();
  }

  /** The asker wants no answer any more: the connection ends, once those who asked before have theirs. */
  leave(asker: Asker): void {
    this.#isLeft ||= this.#askers.indexOf(asker) > 0;
    this.done(asker);
    if (!this.#isLeft) this.close();
  }

  /** The time for an answer begins now. */
  expectAnswer(): void {
    this.#isPatient = false;
    this.#patience.refresh();
  }

  /** No answer is expected yet: a message is being sent. */
  expectNothing(): void {
    this.#isPatient = true;
  }

  say(commands: string): void {
    this.#socket.write(commands, 'utf8');
  }

  /** `taken` is called once the network has the part. */
  sendPart(part: Buffer, taken: () => void): void {
    this.#socket.write(part, taken);
  }

  /** Both in one write, and with them what somebody else says in this turn of the event loop, if `passOn` finds one. */
  sendLast(part: Buffer, end: Buffer, passOn: () => boolean): void {
    const socket = this.#socket;
    socket.cork();
    socket.write(part);
    socket.write(end);
    if (passOn()) setImmediate(() => socket.uncork());
    else socket.uncork();
  }

  /** An idle connection keeps no process alive. */
  rest(isIdle: boolean): void {
    if (isIdle) this.#socket.unref();
    else this.#socket.ref();
  }

  onEnd(listener: () => void): void {
    this.#connection.once('end', listener);
  }

  close(cause?: BrokenLine): void {
    this.#cause ??= cause;
    this.#connection.close();
  }

  #hear(chunk: Buffer): void {
    const reader = this.#reader;
    reader.push(chunk);
    for (let [asker] = this.#askers; asker !== undefined; [asker] = this.#askers) {
      const reply = reader.next();
      if (reply === undefined) break;
      this.#patience.refresh();
      asker.heard(reply, reader.hasRest);
    }
    if (this.#askers.length === 0 ? reader.hasRest : reader.isFlooded) this.close({ code: 'EPROTOCOL' });
  }

  #runOut(): void {
    if (this.#askers.length > 0 && !this.#isPatient) this.close({ code: 'ETIMEDOUT' });
  }

  #end(): void {
    clearTimeout(this.#patience);
    for (const asker of this.#askers.splice(0)) asker.ended(this.#cause);
  }
}
