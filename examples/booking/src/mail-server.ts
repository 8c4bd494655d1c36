import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import {
  SMTPServer,
  type SMTPServerAddress,
  type SMTPServerDataStream,
  type SMTPServerSession,
} from 'smtp-server';

/** What the server does with a recipient, by the word before the dot: `full.17@post.example`. */
type Trouble = 'gone' | 'full' | 'blocked' | 'later' | 'busy' | 'cut';

interface Refusal {
  readonly code: number;
  readonly text: string;
}

const REFUSALS: Readonly<Partial<Record<Trouble, Refusal>>> = {
  gone: { code: 550, text: '5.1.1 No such user here' },
  full: { code: 552, text: '5.2.2 Mailbox is full' },
  blocked: { code: 554, text: '5.7.1 Message refused by local policy' },
  busy: { code: 450, text: '4.2.0 This mailbox is being moved, try again much later' },
};

export const USERNAME = 'hej@salonsol.example';
export const PASSWORD = 'sol-og-sommer';

/** A mail server takes its time: about what one on the same continent needs. */
const THINKING_MS = 15;

/**
 * The mail server of the demo: real SMTP on loopback. It notes every message it takes, before it says so, in a file that
 * survives everything: that is how the demo knows afterwards that nobody was written to twice.
 */
export class MailServer {
  readonly #server: SMTPServer;
  readonly #journal: string;
  readonly #sentAway = new Set<string>();
  readonly #lines = new Map<number, Socket>();

  constructor(journal: string) {
    this.#journal = journal;
    this.#server = new SMTPServer({
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      disableReverseLookup: true,
      onAuth: ({ username, password }, _session, done) =>
        username === USERNAME && password === PASSWORD
          ? done(null, { user: username })
          : done(new Error('5.7.8 Wrong user name or password')),
      onRcptTo: (address, _session, done) => done(this.#judge(address.address)),
      onData: (stream, session, done) => this.#take(stream, session, done),
    });
    // A cut line is part of the play.
    this.#server.on('error', () => undefined);
    this.#server.server.on('connection', (line) => this.#keep(line));
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

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  /** Ids of every message ever taken, in order; a second entry for one would be a mail sent twice. */
  accepted(): readonly string[] {
    if (!existsSync(this.#journal)) return [];
    return readFileSync(this.#journal, 'utf8').split('\n').filter(Boolean);
  }

  #keep(line: Socket): void {
    const port = line.remotePort;
    if (port === undefined) return;
    this.#lines.set(port, line);
    line.once('close', () => this.#lines.delete(port));
  }

  #judge(recipient: string): Error | null {
    const trouble = troubleOf(recipient);
    const refusal = trouble === undefined ? undefined : REFUSALS[trouble];
    if (refusal !== undefined) return smtpError(refusal);
    if (trouble !== 'later' || this.#sentAway.has(recipient)) return null;
    this.#sentAway.add(recipient);
    return smtpError({ code: 451, text: '4.3.0 Busy just now, please come back' });
  }

  #take(
    stream: SMTPServerDataStream,
    session: SMTPServerSession,
    done: (error?: Error | null) => void,
  ): void {
    let head = '';
    stream.on('data', (chunk: Buffer) => {
      if (head.length < 65_536) head += chunk.toString('latin1');
    });
    stream.on('end', () => {
      setTimeout(() => {
        appendFileSync(this.#journal, `${messageIdOf(head)}\n`);
        if (session.envelope.rcptTo.some((to: SMTPServerAddress) => troubleOf(to.address) === 'cut')) {
          this.#lines.get(session.remotePort)?.destroy();
          return;
        }
        done();
      }, THINKING_MS);
    });
  }
}

function troubleOf(recipient: string): Trouble | undefined {
  const word = recipient.slice(0, recipient.indexOf('.'));
  return word in REFUSALS || word === 'later' || word === 'cut' ? (word as Trouble) : undefined;
}

function smtpError({ code, text }: Refusal): Error {
  return Object.assign(new Error(text), { responseCode: code });
}

function messageIdOf(head: string): string {
  return /^message-id:\s*<([^>]+)>/im.exec(head)?.[1]?.split('@')[0] ?? 'without Message-ID';
}
