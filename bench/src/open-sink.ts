import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A mail server on loopback that takes everything and keeps nothing. */
export interface Sink extends AsyncDisposable {
  readonly port: number;
  /** Throws unless so many messages have arrived: nothing was sent twice, or counted without having been sent. */
  hasTaken(expected: number): Promise<void>;
}

/** In a process of its own. With a `roundTripMs` every reply leaves that much later. */
export async function openSink({ roundTripMs = 0 } = {}): Promise<Sink> {
  const child = fork(join(import.meta.dirname, 'sink.ts'), [String(roundTripMs)]);
  const { port } = await next<{ port: number }>(child);
  return {
    port,
    async hasTaken(expected) {
      child.send('count');
      const { count } = await next<{ count: number }>(child);
      if (count !== expected) throw new Error(`Of ${expected} mails the server has taken ${count}.`);
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
