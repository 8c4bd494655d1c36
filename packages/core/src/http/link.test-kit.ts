import type { Opened } from '../context.ts';
import { newId } from '../ids.ts';
import { memoryContext } from '../memory-store.test-kit.ts';
import type { Log, MessageRecord } from '../ports/index.ts';
import { addressKeyOf } from '../suppressions/index.ts';
import { makeUnsubscribeToken, unsubscribeUrl } from '../unsubscribe/index.ts';
import { createHandler } from './create-handler.ts';

/** A salon that has sent bulk mail, its database in memory, and its handler. */
export function openLinks() {
  const memory = memoryContext();
  const messages = new Map<string, MessageRecord>();
  const logged: string[] = [];
  const write = (message: string, detail?: object) => logged.push(`${message} ${JSON.stringify(detail)}`);
  const log: Log = { debug: write, info: write, warn: write, error: write };
  const get = async (tenant: string, [id = '']: readonly string[]) => {
    const message = messages.get(id);
    return message?.tenant === tenant ? [{ message }] : [];
  };
  const opened = async (): Promise<Opened> => {
    const { store, ...rest } = await memory.open();
    return { ...rest, store: { ...store, messages: { get } } } as unknown as Opened;
  };
  const context = { ...memory, log, open: opened, publicUrl: 'https://app.example.dk/messages' };
  return {
    context,
    handler: createHandler(context),
    /** What was written to the log. */
    logged,
    /** Every mark that was ever made, in force or lifted. */
    marks: memory.rows.suppressions,
    /** A message of a broadcast to that address, and where its link leads. */
    async mail(address: string, tenant = 'default') {
      const { keyring } = await memory.open();
      const id = newId(memory.clock);
      const addressKey = await addressKeyOf({ keyring }, tenant, 'email', address);
      const from = { name: 'Salon <Sol> & "Måne"', address: 'hej@salonsol.dk' };
      const message = { id, tenant, channel: 'email', from, address, addressKey, broadcast: 'storm' };
      messages.set(id, message as MessageRecord);
      const subscription = { tenant, channel: 'email', addressKey, messageId: id } as const;
      const url = unsubscribeUrl(context, await makeUnsubscribeToken(keyring, subscription)) ?? '';
      return { id, addressKey, url, forget: () => messages.delete(id) };
    },
  };
}

/** As mail programs post, RFC 8058. */
export function oneClick(url: string, init: RequestInit = {}): Request {
  const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });
  return new Request(url, { method: 'POST', body, ...init });
}

/** As the buttons of the page post. */
export function press(url: string, action: string): Request {
  return new Request(url, { method: 'POST', body: new URLSearchParams({ action }) });
}
