import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { smtp } from '@posthorn/adapter-smtp';
import { sqlite } from '@posthorn/backend-sqlite';
import { createPosthorn, type NodeHandler, type PosthornOptions, toNodeHandler } from '@posthorn/core';
import { startSmtpTestServer } from '@posthorn/testing';
import { simpleParser } from 'mailparser';
import { onTestFinished } from 'vitest';
import { openFolder } from '../database.test-kit.ts';
import { silent } from '../strict-server.test-kit.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const dkim = {
  dkim: { domainName: 'salonsol.example', keySelector: 's1' },
  dkimPrivateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
};

const STORM = {
  email: {
    subject: 'Storm på fredag',
    html: '<p>Vi lukker kl. 14. <a href="{{ unsubscribe.url }}">Afmeld</a></p>',
  },
} as const;

export const K1 = 'a key for tests that is long enough, 0123456789';
export const K2 = 'another key that is long enough as well, 9876543210';

/** A host with a mail server, a web server of its own on which Posthorn is mounted at `/messages`, and two companies. */
export async function openBulkSalon({ mounted = true } = {}) {
  const mailServer = await startSmtpTestServer();
  let handler: NodeHandler | undefined;
  const webServer = createServer((request, response) => {
    if (request.url?.startsWith('/messages/')) void handler?.(request, response);
    else response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(webServer, 'listening');
  const { port } = webServer.address() as AddressInfo;
  const file = join(openFolder(), 'messages.db');
  const open = async (secrets: PosthornOptions['secrets'] = { current: 'k1', keys: { k1: K1 } }) => {
    const posthorn = createPosthorn({
      backend: sqlite(file),
      adapters: [
        smtp({ host: '127.0.0.1', port: mailServer.port, security: 'none', authentication: 'none', ...dkim }),
      ],
      secrets,
      ...(mounted ? { publicUrl: `http://127.0.0.1:${port}/messages` } : {}),
      log: silent,
    });
    onTestFinished(() => posthorn.close());
    handler = toNodeHandler(posthorn);
    return posthorn;
  };
  const posthorn = await open();
  for (const tenant of ['default', 'salon-maane']) {
    await posthorn.tenant(tenant).identities.save({
      key: 'salon',
      channel: 'email',
      name: 'Salon Sol',
      address: 'hej@salonsol.example',
    });
  }
  onTestFinished(async () => {
    webServer.closeAllConnections();
    webServer.close();
    await mailServer.close();
  });

  const arrived = async () => {
    await posthorn.drain({ maxMs: 10_000 });
    const taken = mailServer.taken.at(-1);
    if (taken === undefined) throw new Error('Nothing came.');
    const { headerLines, html } = await simpleParser(taken.content);
    const header = (name: string) =>
      headerLines
        .filter(({ key }) => key === name.toLowerCase())
        .map(({ line }) =>
          line
            .slice(name.length + 1)
            .replace(/\r\n(?=[ \t])/g, '')
            .trim(),
        );
    const [link = ''] = /(?<=<)http[^>]+/.exec(header('List-Unsubscribe')[0] ?? '') ?? [];
    const [{ id = '' } = {}] = (await posthorn.messages.list({ limit: 1 })).items;
    const links = [...(html || '').matchAll(/href="([^"]*)"/g)].map(([, href]) => href);
    return { id, header, link, links };
  };

  return {
    posthorn,
    file,
    /** Another process of the host, on the same database; the web server asks this one from now on. */
    reopen: open,
    /** Writes to everybody, who is one person, and answers what came. */
    async mail(email: string, headers: Readonly<Record<string, string>> = {}) {
      const plan = await posthorn.broadcasts.plan({ to: { email }, ...STORM, headers });
      await posthorn.broadcasts.start(plan.id);
      return { broadcast: plan.id, ...(await arrived()) };
    },
    /** Writes to one person. */
    async mailOne(email: string, headers: Readonly<Record<string, string>> = {}) {
      await posthorn.send({ to: { email }, ...STORM, headers });
      return arrived();
    },
  };
}

/** As mail programs do it, RFC 8058. */
export function click(link: string): Promise<Response> {
  return fetch(link, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) });
}
