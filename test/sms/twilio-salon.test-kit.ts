import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TwilioSettingsInput, twilio } from '@posthorn/adapter-sms';
import { sqlite } from '@posthorn/backend-sqlite';
import { arrayRecipients, createPosthorn, type NodeHandler, toNodeHandler } from '@posthorn/core';
import { startTwilioTestServer, type TwilioTestServerOptions } from '@posthorn/testing';
import { onTestFinished } from 'vitest';

interface SalonOptions {
  readonly customers?: readonly { readonly id: string; readonly phone: string }[];
  readonly settings?: Partial<TwilioSettingsInput>;
  readonly server?: TwilioTestServerOptions;
}

/** A Danish salon that sends by a Twilio on loopback, which reports to the salon's own web server. */
export async function openTwilioSalon({ customers = [], settings, server }: SalonOptions = {}) {
  const provider = await startTwilioTestServer(server);
  let handler: NodeHandler | undefined;
  const web = createServer((request, response) => handler?.(request, response)).listen(0, '127.0.0.1');
  await once(web, 'listening');
  const publicUrl = `http://127.0.0.1:${(web.address() as AddressInfo).port}/m`;
  const posthorn = createPosthorn({
    backend: sqlite(':memory:'),
    adapters: [
      twilio({
        baseUrl: provider.url,
        accountSid: provider.accountSid,
        authToken: provider.authToken,
        from: 'SALON',
        price: { amount: '0.35', currency: 'DKK' },
        ...settings,
      }),
    ],
    secrets: { current: 'k1', keys: { k1: 'a key for tests, which keeps no secret at all' } },
    publicUrl,
    locale: 'da-DK',
    timeZone: 'Europe/Copenhagen',
    tags: { code: { label: 'Kode', sensitive: true } },
    recipients: {
      customers: arrayRecipients({ label: 'Kunder', rows: [...customers], id: 'id', phone: 'phone' }),
    },
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  handler = toNodeHandler(posthorn);
  onTestFinished(async () => {
    await posthorn.close();
    web.closeAllConnections();
    web.close();
    await provider.close();
  });
  return {
    posthorn,
    provider,
    /** The URL that Twilio's console is given for replies. */
    webhook: `${publicUrl}/webhooks/twilio`,
    /** Sends what waits, and hears all that is reported of it. */
    async work() {
      await posthorn.drain({ maxMs: 10_000 });
      await provider.reported();
    },
  };
}
