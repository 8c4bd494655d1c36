import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { smtp } from '@posthorn/adapter-smtp';
import { sqlite } from '@posthorn/backend-sqlite';
import {
  createPosthorn,
  type LiveEventMap,
  type LiveEventName,
  type Log,
  type MessageEventName,
} from '@posthorn/core';
import {
  createFakeClock,
  loopbackCertificate,
  type SmtpTestServer,
  type SmtpTestServerOptions,
  startSmtpTestServer,
} from '@posthorn/testing';
import { onTestFinished } from 'vitest';

export const USERNAME = 'hej@salonsol.example';
export const PASSWORD = 'solskin og salt';

export const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

const MESSAGE_EVENTS = [
  'message.queued',
  'message.requeued',
  'message.accepted',
  'message.deferred',
  'message.bounced',
  'message.unknown',
  'message.failed',
] as const satisfies readonly MessageEventName[];

/** A mail server that lets nobody in without a password, and takes that only over TLS. */
export async function startStrictServer(script?: SmtpTestServerOptions['script']): Promise<SmtpTestServer> {
  const server = await startSmtpTestServer({
    users: { [USERNAME]: PASSWORD },
    tls: loopbackCertificate,
    ...(script === undefined ? {} : { script }),
  });
  onTestFinished(() => server.close());
  return server;
}

/** A salon on a SQLite file that sends by its own account on the server, and whose clock a test moves. */
export async function openSalonOn(server: SmtpTestServer, settings: Readonly<Record<string, unknown>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-strict-'));
  const clock = createFakeClock();
  const posthorn = createPosthorn({
    backend: sqlite(join(folder, 'messages.db')),
    adapters: [smtp()],
    secrets: { current: 'k1', keys: { k1: 'a key for tests that is long enough, 0123456789' } },
    locale: 'da',
    timeZone: 'Europe/Copenhagen',
    clock,
    log: silent,
  });
  onTestFinished(async () => {
    await posthorn.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const trusting = { tls: { ca: loopbackCertificate.authority } };
  const events: string[] = [];
  for (const name of MESSAGE_EVENTS) posthorn.on(name, () => events.push(name));
  const saveAccount = (changes: Readonly<Record<string, unknown>> = {}) =>
    posthorn.accounts.save({
      key: 'own-server',
      adapter: 'smtp',
      settings: {
        host: 'localhost',
        port: server.port,
        username: USERNAME,
        password: PASSWORD,
        maxConnections: 1,
        ...trusting,
        ...settings,
        ...changes,
      },
    });
  await saveAccount();
  await posthorn.identities.save({
    key: 'salon',
    channel: 'email',
    name: 'Salon Sol',
    address: USERNAME,
    account: 'own-server',
  });
  await posthorn.start();

  return {
    posthorn,
    clock,
    /** The live events of messages, as they came. */
    events,
    /** Saves the account again, with these settings changed. */
    saveAccount,
    /** The settings that take the server's certificate for a right one. */
    trusting,
    confirm: (name: string) =>
      posthorn.send({
        to: { email: `${name}@kunder.example`, name },
        email: { subject: 'Vi ses på lørdag', text: `Kære ${name}` },
      }),
    next: <Name extends LiveEventName>(name: Name): Promise<LiveEventMap[Name]> =>
      new Promise((resolve) => posthorn.once(name, resolve)),
    /** The timeline in both languages: type, and what people read. */
    told: async (id: string) => {
      const [danish, english] = await Promise.all(
        ['da', 'en'].map((locale) => posthorn.messages.timeline(id, { locale })),
      );
      return (danish ?? []).map(({ type, sentence }, index) => [type, sentence, english?.[index]?.sentence]);
    },
  };
}

/** Whom the server answers for, in the order in which it took them. */
export function takenFor(server: SmtpTestServer): readonly string[] {
  return server.taken.flatMap(({ to }) => to);
}

/** Whom the server has had the whole message of, whatever it said to that. */
export function receivedFor(server: SmtpTestServer): readonly string[] {
  return server.received.flatMap(({ to }) => to);
}
