import { once } from 'node:events';
import { createServer } from 'node:http';
import { toNodeHandler } from '@posthorn/core';
import { createMessaging } from './messaging.ts';
import { createPool, endGracefully, ready, setting } from './process-life.ts';
import { answer } from './routes.ts';

/** The web process: it takes bookings and writes messages down, and sends none itself. */
const bookings = createPool(setting('DATABASE_URL'));
const lookups = createPool(setting('DATABASE_URL'));
const messaging = createMessaging(lookups, setting('PUBLIC_URL'));
const links = toNodeHandler(messaging);

const server = createServer((request, response) => {
  // Where `publicUrl` leads: links to unsubscribe, `/health`.
  if (request.url?.startsWith('/messages')) void links(request, response);
  else void answer({ bookings, messaging }, request, response);
});

endGracefully(async () => {
  server.close();
  // Whoever watches a progress is cut off and asks again.
  server.closeAllConnections();
  await messaging.close();
  await Promise.all([bookings.end(), lookups.end()]);
});

server.listen(Number(setting('PORT')), '127.0.0.1');
await once(server, 'listening');
ready();
