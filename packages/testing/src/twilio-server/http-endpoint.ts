import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TwilioAnswer } from './twilio-answers.ts';

/** A server on a free port of 127.0.0.1. */
export interface HttpEndpoint {
  readonly port: number;
  /** Connections that were opened, all told. */
  readonly connections: number;
  close(): Promise<void>;
}

export async function listenOnLoopback(
  listener: RequestListener,
  tls: { readonly key: string; readonly cert: string } | undefined,
): Promise<HttpEndpoint> {
  const options = { keepAlive: true, noDelay: true };
  const server =
    tls === undefined ? createServer(options, listener) : createTlsServer({ ...options, ...tls }, listener);
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    async close() {
      server.closeAllConnections();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
  };
}

/** The whole body; null where the other side ended before it was said. */
export function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  return new Promise((resolve) => {
    request
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => resolve(Buffer.concat(chunks).toString()))
      .on('error', () => resolve(null));
  });
}

/** Null ends the connection without a word. */
export function writeAnswer(response: ServerResponse, answer: TwilioAnswer | null): void {
  if (answer === null) {
    response.destroy();
    return;
  }
  const { status, headers, cutAfter } = answer;
  const body = Buffer.from(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {}));
  response.writeHead(status, {
    'content-type': 'application/json;charset=utf-8',
    'content-length': body.length,
    ...headers,
  });
  if (cutAfter === undefined) response.end(body);
  else response.write(body.subarray(0, cutAfter), () => response.destroy());
}
