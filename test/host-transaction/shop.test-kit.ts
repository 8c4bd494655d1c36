import { DatabaseSync } from 'node:sqlite';
import { sqlite } from '@posthorn/backend-sqlite';
import type { LiveEventName, PosthornOptions } from '@posthorn/core';
import { openHostDatabase } from '../database.test-kit.ts';
import { openSalon } from '../messages/salon.test-kit.ts';

export const anna = { email: 'anna@example.dk' };
export const adHoc = { to: anna, email: { subject: 'Vi ses', html: '<p>Hej</p>' } };

/** A shop whose Posthorn lives in the shop's own file. Not started. */
export async function openShop(options: Partial<PosthornOptions> = {}) {
  const { database, file } = openHostDatabase();
  const salon = await openSalon({ backend: sqlite({ database }), ...options });
  const book = () => database.exec("insert into bookings (customer) values ('17')");
  const bookings = () => countOf(file, 'bookings');
  return { ...salon, database, file, book, bookings };
}

/** Rows that everybody sees: committed. */
export function countOf(file: string, table: string): unknown {
  const reader = new DatabaseSync(file, { readOnly: true });
  try {
    return reader.prepare(`select count(*) as count from ${table}`).get()?.count;
  } finally {
    reader.close();
  }
}

type Listening = Pick<Awaited<ReturnType<typeof openShop>>['posthorn'], 'on' | 'once'>;

/** The ids that an event has told of. It grows. */
export function heardBy(posthorn: Listening, ...names: readonly LiveEventName[]): readonly string[] {
  const heard: string[] = [];
  for (const name of names) posthorn.on(name, (event) => heard.push('message' in event ? idOf(event) : name));
  return heard;
}

function idOf({ message }: { readonly message: unknown }): string {
  return typeof message === 'object' && message !== null && 'id' in message ? String(message.id) : '';
}

/** The next event of that name. */
export function next(posthorn: Listening, name: LiveEventName): Promise<unknown> {
  return new Promise((resolve) => posthorn.once(name, resolve));
}
