import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A server on loopback that takes everything and keeps nothing. */
export interface Sink extends AsyncDisposable {
  readonly port: number;
  /** Throws unless so many messages have arrived: nothing was sent twice, or counted without having been sent. */
  hasTaken(expected: number): Promise<void>;
}

/** A mail server, in a process of its own. With a `roundTripMs` every reply leaves that much later. */
export function openSink({ roundTripMs = 0 } = {}): Promise<Sink> {
  return open('sink.ts', String(roundTripMs));
}

/** What SendGrid and Twilio are to their clients, in a process of its own. */
export function openProviderSink(protocol: 'tls' | 'plain'): Promise<Sink> {
  return open('provider-sink.ts', protocol);
}

async function open(script: string, argument: string): Promise<Sink> {
  const child = fork(join(import.meta.dirname, script), [argument], { execArgv: [] });
  const { port } = await next<{ port: number }>(child);
  return {
    port,
    async hasTaken(expected) {
      child.send('count');
      const { count } = await next<{ count: number }>(child);
      if (count !== expected) throw new Error(`Of ${expected} messages the server has taken ${count}.`);
    },
    async [Symbol.asyncDispose]() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

async function next<T>(child: ChildProcess): Promise<T> {
  const [message] = await once(child, 'message');
  return message as T;
}
