import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createRequire } from 'node:module';
import { type AddressInfo, connect } from 'node:net';
import { type Posthorn, toFastifyPlugin, toNodeHandler } from '@posthorn/core';
import fastify from 'fastify';
import { onTestFinished } from 'vitest';

/** What is used here of Express 5, which brings no types. */
interface Express {
  (): RequestListener & { use(...handlers: unknown[]): unknown };
  json(options: object): unknown;
  raw(options: object): unknown;
  text(options: object): unknown;
  urlencoded(options: object): unknown;
}

export const express: Express = createRequire(import.meta.url)('express');

/** Listens until the test ends, and answers the origin. */
export async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Each mounts the handler as its users do, and answers where `publicUrl` would lead. */
export const SERVERS = {
  'node:http': (posthorn: Posthorn) => listen(createServer(toNodeHandler(posthorn))),

  'Express, before its parsers': async (posthorn: Posthorn) => {
    const app = express();
    app.use('/messages', toNodeHandler(posthorn));
    app.use(express.json({}));
    return `${await listen(createServer(app))}/messages`;
  },

  'Express, behind express.raw()': async (posthorn: Posthorn) => {
    const app = express();
    app.use('/messages', express.raw({ type: '*/*', limit: '20mb' }), toNodeHandler(posthorn));
    return `${await listen(createServer(app))}/messages`;
  },

  Fastify: async (posthorn: Posthorn) => {
    const app = fastify();
    app.register(toFastifyPlugin(posthorn), { prefix: '/messages' });
    app.post('/elsewhere', async ({ body }) => body);
    onTestFinished(() => app.close());
    return `${await app.listen({ port: 0, host: '127.0.0.1' })}/messages`;
  },

  /** What a file `app/messages/[...path]/route.ts` exports is called with a request of its own class. */
  'a route of Next.js': async ({ handler }: Posthorn) => {
    class NextRequest extends Request {
      readonly nextUrl = new URL(this.url);
    }
    const route = { GET: handler, POST: handler };
    const app = createServer(async (incoming, response) => {
      const { url = '/', method, headers } = incoming;
      const request = new NextRequest(`https://preview-4711.vercel.app${url}`, {
        method: `${method}`,
        headers: headers as Record<string, string>,
        body: method === 'POST' ? new Uint8Array(Buffer.concat(await incoming.toArray())) : null,
      });
      const answer = await route[method === 'POST' ? 'POST' : 'GET'](request);
      response.writeHead(answer.status).end(await answer.text());
    });
    return `${await listen(app)}/messages`;
  },
} as const;

/** The first line that is answered to these bytes. */
export async function say(origin: string, text: string): Promise<string> {
  const { port, hostname } = new URL(origin);
  const socket = connect(Number(port), hostname).setEncoding('latin1');
  socket.on('error', () => undefined).write(text);
  let answer = '';
  for await (const chunk of socket) {
    answer += chunk;
    if (answer.includes('\r\n')) break;
  }
  return answer.split('\r\n', 1)[0] ?? '';
}
