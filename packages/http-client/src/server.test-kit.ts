import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createNetServer, type Server, type Socket } from 'node:net';
import { loopbackCertificate } from '@posthorn/testing';
import { onTestFinished } from 'vitest';
import { createHttpClient, type HttpClient, type HttpClientOptions } from './create-http-client.ts';

/** Listens until the test ends, and says how many connections there were. */
async function listen(server: Server): Promise<{ port: number; sockets: Socket[] }> {
  const sockets: Socket[] = [];
  server.on('connection', (socket: Socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return { port: (server.address() as AddressInfo).port, sockets };
}

/** A client that is closed when the test ends. */
export function open(baseUrl: string, options: Partial<HttpClientOptions> = {}): HttpClient {
  const client = createHttpClient({ baseUrl, ...options });
  onTestFinished(() => client.close());
  return client;
}

/** A server of node:http and a client of it. */
export async function serve(listener: RequestListener, options: Partial<HttpClientOptions> = {}) {
  const server = await listen(createHttpServer(listener));
  return { ...server, client: open(`http://127.0.0.1:${server.port}`, options) };
}

/** The same over TLS. */
export async function serveTls(listener: RequestListener, options: Partial<HttpClientOptions> = {}) {
  const server = await listen(createHttpsServer(loopbackCertificate, listener));
  const ca = loopbackCertificate.authority;
  return { ...server, client: open(`https://localhost:${server.port}`, { ca, ...options }) };
}

/** A server that says what it likes, on bare connections. */
export async function serveRaw(
  onConnection: (socket: Socket) => void,
  options: Partial<HttpClientOptions> = {},
) {
  const server = await listen(createNetServer(onConnection));
  return { ...server, client: open(`http://127.0.0.1:${server.port}`, options) };
}

/** Reads a request with this body, then says it. */
export function afterRequest(body: string, then: (socket: Socket) => void) {
  return (socket: Socket) => {
    let heard = '';
    socket.on('data', (chunk) => {
      heard += chunk;
      if (!heard.endsWith(body)) return;
      heard = '';
      then(socket);
    });
  };
}

export const post = (body: string | Uint8Array, signal?: AbortSignal) => ({
  method: 'POST',
  path: '/v1/messages?x=1',
  headers: { 'content-type': 'text/plain' },
  body,
  ...(signal === undefined ? {} : { signal }),
});

/** More than kernels take for a server that does not read. */
export const LARGE = Buffer.alloc(64 * 1024 * 1024, 'x');
