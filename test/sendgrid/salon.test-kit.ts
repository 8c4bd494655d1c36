import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { sendgrid } from '@posthorn/adapter-sendgrid';
import { sqlite } from '@posthorn/backend-sqlite';
import {
  type AnyAdapter,
  arrayRecipients,
  createPosthorn,
  type NodeHandler,
  toNodeHandler,
} from '@posthorn/core';
import { type SendGridTestServerOptions, startSendGridTestServer } from '@posthorn/testing';
import { onTestFinished } from 'vitest';
import { openFolder } from '../database.test-kit.ts';
import { silent } from '../strict-server.test-kit.ts';

export interface Customer {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

export const everybody = { source: 'customers', where: { combinator: 'and', rules: [] } } as const;

/** A salon that sends by SendGrid, on whose web server Posthorn is mounted at `/messages`. */
export async function openSalon(
  customers: readonly Customer[],
  options: SendGridTestServerOptions = {},
  others: readonly AnyAdapter[] = [],
) {
  const names = new Map(customers.map(({ id, name }) => [id, name]));
  const provider = await startSendGridTestServer(options);
  let handler: NodeHandler | undefined;
  const webServer = createServer((request, response) => void handler?.(request, response));
  webServer.listen(0, '127.0.0.1');
  await once(webServer, 'listening');
  const { port } = webServer.address() as AddressInfo;
  const posthorn = createPosthorn({
    backend: sqlite(join(openFolder(), 'messages.db')),
    adapters: [
      sendgrid({
        apiKey: provider.apiKey,
        baseUrl: provider.url,
        webhookPublicKey: provider.webhookPublicKey,
      }),
      ...others,
    ],
    secrets: { current: 'k1', keys: { k1: 'a key for tests that is long enough, 0123456789' } },
    publicUrl: `http://127.0.0.1:${port}/messages`,
    recipients: {
      customers: arrayRecipients({
        label: 'Customers',
        rows: [...customers],
        id: 'id',
        name: 'name',
        email: 'email',
        data: (ids) => Object.fromEntries(ids.map((id) => [id, { customer: { name: names.get(id) } }])),
      }),
    },
    log: silent,
  });
  handler = toNodeHandler(posthorn);
  onTestFinished(async () => {
    await provider.close();
    await posthorn.close();
    webServer.closeAllConnections();
    webServer.close();
  });
  await posthorn.identities.save({
    key: 'salon',
    channel: 'email',
    name: 'Salon Sol',
    address: 'hello@salon.example',
  });
  return {
    posthorn,
    provider,
    webhookUrl: await posthorn.accounts.webhookUrl('sendgrid'),
    /** Works the queue until all has left and was answered for. */
    async allSent() {
      await posthorn.drain({ maxMs: 15_000 });
      return provider.messages;
    },
    /** Every message of the salon, by the address it went to. */
    async byAddress() {
      const found = new Map<string, Awaited<ReturnType<typeof posthorn.messages.list>>['items'][number]>();
      let cursor: string | undefined;
      do {
        const page = await posthorn.messages.list({
          limit: 100,
          ...(cursor === undefined ? {} : { cursor }),
        });
        for (const message of page.items) found.set(message.to.address ?? '', message);
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);
      return found;
    },
  };
}
