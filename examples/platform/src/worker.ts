import { createMessaging } from './messaging.ts';
import { createPool, endGracefully, ready, setting } from './process-life.ts';

/** A worker: it sends what anybody has written down. Start as many as you like, on as many machines. */
const lookups = createPool(setting('DATABASE_URL'));
const messaging = createMessaging(lookups, setting('PUBLIC_URL'));

/** Begins nothing more, waits up to ten seconds for what is being handed over, and hands back the rest. */
endGracefully(async () => {
  await messaging.close();
  await lookups.end();
});

await messaging.start();
ready();
