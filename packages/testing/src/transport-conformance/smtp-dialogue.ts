import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** One thing a client did. `BODY`: the first bytes of the message came; `MESSAGE`: its final dot. */
export interface SmtpStep {
  /** `CONNECT`, `EHLO`, `STARTTLS`, `AUTH`, `MAIL`, `RCPT`, `DATA`, `BODY`, `MESSAGE`, `RSET`, `QUIT` or what came. */
  readonly verb: string;
  /** The command as it came; empty for `CONNECT`, `BODY` and `MESSAGE`. */
  readonly line: string;
  /** 1 for the first connection to the server. */
  readonly connection: number;
  readonly secure: boolean;
  /** The recipients so far. */
  readonly recipients: readonly string[];
}

/** What a script says to a step: a whole reply, `null` to cut the connection, nothing for what a mail server says. */
export type SmtpAnswer = string | null | undefined;

/** How the server behaves; everything is optional. */
export interface SmtpTestServerOptions {
  /** Asked at every step, before the server answers by itself; may take its time. */
  readonly script?: (step: SmtpStep) => SmtpAnswer | Promise<SmtpAnswer>;
  /** What EHLO offers beside STARTTLS and AUTH. */
  readonly extensions?: readonly string[];
  /** Passwords by user; logging in is then required, over TLS only where there is a certificate. */
  readonly users?: Readonly<Record<string, string>>;
  readonly tls?: { readonly key: string; readonly cert: string; readonly implicit?: boolean };
}

/** A message that the server took and answers for. */
export interface TakenMessage {
  readonly from: string;
  readonly to: readonly string[];
  /** As it was written: dots unstuffed, lines ended by CRLF. */
  readonly content: Buffer;
}

interface DialogueOptions extends SmtpTestServerOptions {
  readonly connection: number;
  readonly taken: TakenMessage[];
  readonly received: TakenMessage[];
  readonly steps: SmtpStep[];
}

const END_OF_DATA = Buffer.from('\r\n.\r\n');

/** One connection: takes bytes apart into steps, in order, and answers each. */
export class SmtpDialogue {
  #socket: Socket;
  readonly #options: DialogueOptions;
  #input = Buffer.alloc(0);
  #working = false;
  #receiving = false;
  #bodyBegun = false;
  #user: string | undefined;
  #from: string | undefined;
  #recipients: string[] = [];

  constructor(socket: Socket, options: DialogueOptions) {
    this.#socket = socket;
    this.#options = options;
  }

  begin(): void {
    this.#listen();
    void this.#work(() => this.#step('CONNECT', '', '220 test ESMTP'));
  }

  #listen(): void {
    this.#socket.on('data', (chunk: Buffer) => {
      this.#input = Buffer.concat([this.#input, chunk]);
      void this.#work();
    });
  }

  /** One step at a time: what comes meanwhile waits, as with a server that pipelines. */
  async #work(first?: () => Promise<void>): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    await first?.();
    while (
      this.#socket.writable &&
      (this.#receiving ? await this.#takeMessage() : await this.#takeCommand())
    );
    this.#working = false;
  }

  async #takeCommand(): Promise<boolean> {
    const end = this.#input.indexOf('\n');
    if (end === -1) return false;
    const line = this.#input.subarray(0, end).toString().replace(/\r$/, '');
    this.#input = this.#input.subarray(end + 1);
    const verb = (/^[A-Za-z]+/.exec(line)?.[0] ?? '').toUpperCase();
    await this.#command(verb === 'HELO' ? 'EHLO' : verb, line);
    return true;
  }

  async #takeMessage(): Promise<boolean> {
    if (this.#input.length > 0 && !this.#bodyBegun) {
      this.#bodyBegun = true;
      if ((await this.#ask('BODY', '')) !== undefined) return true;
    }
    // The line before the dot may be empty: then the message begins with the dot's line.
    const input = Buffer.concat([Buffer.from('\r\n'), this.#input]);
    const end = input.indexOf(END_OF_DATA);
    if (end === -1) return false;
    const content = Buffer.from(
      input
        .subarray(2, end + 2)
        .toString('latin1')
        .replace(/(^|\r\n)\./g, '$1'),
      'latin1',
    );
    this.#input = this.#input.subarray(end - 2 + END_OF_DATA.length);
    this.#receiving = false;
    const message = { from: this.#from ?? '', to: this.#recipients, content };
    this.#options.received.push(message);
    const answer = await this.#ask('MESSAGE', '');
    if (answer === undefined || answer?.startsWith('2')) this.#options.taken.push(message);
    if (answer === undefined) this.#reply('250 2.0.0 Ok: queued');
    this.#forget();
    return true;
  }

  async #command(verb: string, line: string): Promise<void> {
    switch (verb) {
      case 'EHLO':
        return await this.#step(verb, line, this.#offer());
      case 'STARTTLS':
        return await this.#startTls(line);
      case 'AUTH':
        return await this.#logIn(line);
      case 'MAIL':
        if (this.#locked()) return await this.#step(verb, line, '530 5.7.0 Authentication required');
        await this.#step(verb, line, '250 2.1.0 Ok', () => {
          this.#from = /<([^>]*)>/.exec(line)?.[1] ?? '';
        });
        return;
      case 'RCPT':
        if (this.#from === undefined) return await this.#step(verb, line, '503 5.5.1 MAIL first');
        await this.#step(verb, line, '250 2.1.5 Ok', () =>
          this.#recipients.push(/<([^>]*)>/.exec(line)?.[1] ?? ''),
        );
        return;
      case 'DATA':
        if (this.#recipients.length === 0) return await this.#step(verb, line, '503 5.5.1 RCPT first');
        await this.#step(verb, line, '354 Go ahead', () => {
          this.#receiving = true;
          this.#bodyBegun = false;
        });
        return;
      case 'RSET':
        return await this.#step(verb, line, '250 2.0.0 Ok', () => this.#forget());
      case 'QUIT':
        return await this.#step(verb, line, '221 2.0.0 Bye', () => this.#socket.end());
      default:
        return await this.#step(verb, line, '502 5.5.2 What?');
    }
  }

  /** Says what the script says, or else `usual` with its effect. A scripted success has the effect too. */
  async #step(verb: string, line: string, usual: string, effect?: () => unknown): Promise<void> {
    const answer = await this.#ask(verb, line);
    if (answer === null) return;
    if (answer === undefined) this.#reply(usual);
    if (/^[23]/.test(answer ?? usual)) effect?.();
  }

  /** What the script says, already said. */
  async #ask(verb: string, line: string): Promise<SmtpAnswer> {
    const { connection, steps, script } = this.#options;
    const secure = this.#socket instanceof TLSSocket;
    const step: SmtpStep = { verb, line, connection, secure, recipients: [...this.#recipients] };
    steps.push(step);
    const answer = await script?.(step);
    if (answer === null) this.#socket.destroy();
    else if (answer !== undefined) this.#reply(answer);
    return answer;
  }

  #reply(text: string): void {
    if (!this.#socket.writable) return;
    this.#socket.write(text === '' ? '' : `${text}\r\n`);
    if (text.startsWith('421')) this.#socket.end();
  }

  #offer(): string {
    const { extensions = ['PIPELINING', '8BITMIME'], users } = this.#options;
    const lines = ['test', ...extensions];
    if (this.#canEncrypt()) lines.push('STARTTLS');
    if (users !== undefined && !this.#canEncrypt()) lines.push('AUTH PLAIN');
    return lines.map((line, index) => `250${index === lines.length - 1 ? ' ' : '-'}${line}`).join('\r\n');
  }

  async #startTls(line: string): Promise<void> {
    const { tls } = this.#options;
    if (tls === undefined) return await this.#step('STARTTLS', line, '502 5.5.1 No TLS here');
    await this.#step('STARTTLS', line, '220 2.0.0 Go ahead', () => {
      this.#socket.removeAllListeners('data');
      this.#socket = new TLSSocket(this.#socket, { isServer: true, key: tls.key, cert: tls.cert });
      this.#socket.on('error', () => undefined);
      this.#listen();
    });
  }

  async #logIn(line: string): Promise<void> {
    if (this.#canEncrypt()) return await this.#step('AUTH', line, '538 5.7.11 Encryption required');
    const [, user = '', password] = Buffer.from(line.split(' ')[2] ?? '', 'base64')
      .toString()
      .split('\0');
    const right =
      this.#options.users !== undefined &&
      Object.hasOwn(this.#options.users, user) &&
      this.#options.users[user] === password;
    await this.#step(
      'AUTH',
      line,
      right ? '235 2.7.0 Welcome' : '535 5.7.8 Wrong user name or password',
      () => {
        this.#user = user;
      },
    );
  }

  /** Whether the connection is still in the clear and need not be. */
  #canEncrypt(): boolean {
    return this.#options.tls !== undefined && !(this.#socket instanceof TLSSocket);
  }

  #locked(): boolean {
    return this.#options.users !== undefined && this.#user === undefined;
  }

  #forget(): void {
    this.#from = undefined;
    this.#recipients = [];
  }
}
