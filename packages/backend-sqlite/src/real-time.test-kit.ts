import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { BackendRuntime, MessageRecord, NewMessage } from '@posthorn/core';

// For tests of several processes, in which no clock can be held still.

export const runtime: BackendRuntime = {
  clock: {
    now: () => Date.now(),
    sleep: (delayMs, signal) => delay(delayMs, undefined, { ref: false, ...(signal && { signal }) }),
  },
  log: {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: () => undefined,
  },
};

/** An empty folder, gone with the test. */
export function temporaryFolder(): { readonly file: string } & Disposable {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-'));
  return {
    file: join(folder, 'messages.db'),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`It never came to this: ${what}.`);
    await delay(5);
  }
}

/** A message in a chunk, as core would write it. */
export function messageIn(chunk: string | null, id: string): NewMessage {
  const message: MessageRecord = {
    id,
    tenant: 'default',
    channel: 'email',
    template: 'confirmation',
    versionId: 'version-1',
    skeletonId: 'skeleton-1',
    slots: ['Anna', 'tomorrow at ten'],
    sealedSlots: null,
    identity: 'salon',
    from: { name: 'Salon Sol', address: 'hej@salonsol.dk' },
    replyTo: null,
    account: 'smtp',
    accountTenant: '$platform',
    recipient: { source: 'customers', id: '17' },
    toName: 'Anna Sørensen',
    address: 'anna@example.dk',
    addressKey: `key of ${id}`,
    locale: 'da',
    timeZone: 'Europe/Copenhagen',
    headers: {},
    attachments: [],
    key: null,
    resendOf: null,
    broadcast: null,
    createdAt: Date.now(),
    sendAt: null,
    expiresAt: null,
  };
  return { message, work: 'queued', dueAt: Date.now(), chunk, priority: 0, event: null };
}
