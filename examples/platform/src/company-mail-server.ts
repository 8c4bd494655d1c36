import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { Company } from './companies.ts';

/** A mail server takes its time: about what one far away needs. */
const THINKING_MS = 25;

/** One email that a mail server has taken. */
export interface TakenMail {
  readonly from: string;
  readonly to: string;
  /** Posthorn's id of the message. */
  readonly message: string;
}

/** The mail server of one company: real SMTP on loopback, which only this company can log in to. It notes what it takes. */
export class CompanyMailServer {
  readonly taken: TakenMail[] = [];
  /** Logins with another name or password than the company's. */
  wrongLogins = 0;
  readonly #server: SMTPServer;
  readonly #waiting = new Set<() => void>();

  constructor(company: Company) {
    this.#server = new SMTPServer({
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      disableReverseLookup: true,
      onAuth: ({ username, password }, _session, done) => {
        if (username === company.address && password === company.password)
          return done(null, { user: username });
        this.wrongLogins += 1;
        done(new Error('5.7.8 Wrong user name or password'));
      },
      onData: (stream, session, done) => this.#take(stream, session, done),
    });
    // The line of a process that was killed.
    this.#server.on('error', () => undefined);
  }

  /** Resolves with the port. */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      const listener = this.#server.listen(0, '127.0.0.1', () => {
        const address = listener.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  }

  /** Resolves when it has taken so many. */
  async hasTaken(count: number): Promise<void> {
    while (this.taken.length < count) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #take(
    stream: SMTPServerDataStream,
    { envelope }: SMTPServerSession,
    done: (error?: Error | null) => void,
  ): void {
    let text = '';
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
    });
    stream.on('end', () => {
      setTimeout(() => {
        this.#note({ from: fromOf(text), to: envelope.rcptTo[0]?.address ?? '', message: messageOf(text) });
        done();
      }, THINKING_MS);
    });
  }

  #note(mail: TakenMail): void {
    this.taken.push(mail);
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

function fromOf(text: string): string {
  return /^from:.*<([^>]+)>/im.exec(text)?.[1] ?? '';
}

function messageOf(text: string): string {
  return /^message-id:\s*<([^@>]+)/im.exec(text)?.[1] ?? '';
}
