import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import {
  SmtpDialogue,
  type SmtpStep,
  type SmtpTestServerOptions,
  type TakenMessage,
} from './smtp-dialogue.ts';

/** An SMTP server on loopback that says what a test tells it to say. */
export interface SmtpTestServer {
  readonly port: number;
  /** Messages that the server answers for. */
  readonly taken: readonly TakenMessage[];
  /** Messages that came whole, whatever became of them. */
  readonly received: readonly TakenMessage[];
  /** Every step of every connection, in order. */
  readonly steps: readonly SmtpStep[];
  /** The most connections that were open at once. */
  readonly peak: number;
  /** Connections open now. */
  readonly open: number;
  /** Writes to every open connection without encryption, unasked; nothing is added. */
  say(text: string): void;
  /** Ends every open connection, as a server does with idle ones. */
  disconnect(): void;
  close(): Promise<void>;
}

/**
 * Starts an SMTP server on a free port of 127.0.0.1. It speaks plain RFC 5321 unless its script says otherwise, so that a
 * test can let any single step go wrong.
 *
 * @example
 * ```ts
 * import { startSmtpTestServer } from '@posthorn/testing';
 *
 * const server = await startSmtpTestServer({
 *   script: (step) => (step.verb === 'RCPT' && step.line.includes('gone@') ? '550 5.1.1 No such user' : undefined),
 * });
 * console.log(server.port, server.taken.length);
 * await server.close();
 * ```
 */
export async function startSmtpTestServer(options: SmtpTestServerOptions = {}): Promise<SmtpTestServer> {
  const sockets = new Set<Socket>();
  const taken: TakenMessage[] = [];
  const received: TakenMessage[] = [];
  const steps: SmtpStep[] = [];
  let connections = 0;
  let peak = 0;

  const onSocket = (socket: Socket) => {
    sockets.add(socket);
    connections += 1;
    peak = Math.max(peak, sockets.size);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
    new SmtpDialogue(socket, { ...options, connection: connections, taken, received, steps }).begin();
  };
  const { tls } = options;
  const server = tls?.implicit
    ? createTlsServer({ key: tls.key, cert: tls.cert, noDelay: true }, onSocket).on(
        'tlsClientError',
        () => undefined,
      )
    : createServer({ noDelay: true }, onSocket);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    taken,
    received,
    steps,
    get peak() {
      return peak;
    },
    get open() {
      return sockets.size;
    },
    say(text) {
      for (const socket of sockets) socket.write(text);
    },
    disconnect() {
      for (const socket of sockets) socket.end();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
  };
}
