import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { ConflictError, InputError, NotFoundError, type Resolution } from '@posthorn/core';
import type { Pool } from 'pg';
import { type BookingRequest, CardDeclined, takeBooking } from './bookings.ts';
import { type CompanySettings, saveSettings } from './companies.ts';
import type { CompanyMessaging, Messaging } from './messaging.ts';

export interface Desk {
  readonly bookings: Pool;
  readonly messaging: Messaging;
}

/** Somebody of a company asks for something. Who it is a real platform knows from their session. */
interface Visit {
  readonly bookings: Pool;
  readonly company: string;
  readonly messaging: CompanyMessaging;
  readonly id: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

const ROUTES: Readonly<Record<string, (visit: Visit) => Promise<void>>> = {
  'PUT settings': save,
  'PUT bookings': book,
  'POST plans': plan,
  'PUT broadcasts': start,
  'GET broadcasts': watch,
  'GET messages': list,
  'PUT doubts': decide,
};

/** `/companies/<company>/<what>/<id>` */
export async function answer(desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, root, company = '', what = '', id = ''] = (request.url ?? '').split('/');
  const route = root === 'companies' ? ROUTES[`${request.method} ${what}`] : undefined;
  if (route === undefined) return reply(response, 404, { error: 'There is nothing here.' });
  try {
    const messaging = desk.messaging.tenant(company);
    await route({ bookings: desk.bookings, company, messaging, id, request, response });
  } catch (error) {
    if (response.headersSent) response.destroy();
    else reply(response, statusOf(error), { error: String(error) });
  }
}

async function save({ messaging, request, response }: Visit): Promise<void> {
  await saveSettings(messaging, (await json(request)) as CompanySettings);
  reply(response, 200, {});
}

async function book({ bookings, messaging, company, id, request, response }: Visit): Promise<void> {
  const wanted = (await json(request)) as Omit<BookingRequest, 'id' | 'company'>;
  reply(response, 200, await takeBooking(bookings, messaging, { ...wanted, id, company }));
}

/** Whom the news would reach. Nothing is sent. */
async function plan({ messaging, response }: Visit): Promise<void> {
  const everybody = { source: 'customers', where: { combinator: 'and', rules: [] } };
  const { id, total, willReceive } = await messaging.broadcasts.plan({
    template: 'news',
    channel: 'email',
    to: everybody,
  });
  reply(response, 200, { id, total, willReceive });
}

/** Starting it twice changes nothing. */
async function start({ messaging, id, response }: Visit): Promise<void> {
  await messaging.broadcasts.start(id);
  reply(response, 200, { id });
}

/** Live: a line of JSON whenever something has changed. The messages are sent by the workers, in other processes. */
async function watch({ messaging, id, response }: Visit): Promise<void> {
  const broadcast = await messaging.broadcasts.get(id);
  if (broadcast === null) return reply(response, 404, { error: 'There is no such broadcast.' });
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  try {
    for await (const { status, done, open, counts } of broadcast.progress({ signal: gone.signal })) {
      response.write(`${JSON.stringify({ status, done, open, inDoubt: counts.unknown ?? 0 })}\n`);
    }
    response.end();
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  }
}

/** What became of a company's messages. */
async function list({ messaging, response }: Visit): Promise<void> {
  const all: object[] = [];
  let cursor: string | undefined;
  do {
    const page = await messaging.messages.list({ limit: 500, cursor });
    all.push(
      ...page.items.map(({ id, to, status, broadcast }) => ({ id, to: to.address, status, broadcast })),
    );
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  reply(response, 200, all);
}

/** A person's word about a message in doubt. */
async function decide({ messaging, id, request, response }: Visit): Promise<void> {
  const { decision } = (await json(request)) as { readonly decision: Resolution };
  await messaging.messages.resolve([id], decision, { by: 'kim' });
  reply(response, 200, { id });
}

function statusOf(error: unknown): number {
  if (error instanceof CardDeclined) return 402;
  if (error instanceof InputError || error instanceof SyntaxError) return 400;
  if (error instanceof NotFoundError) return 404;
  if (error instanceof ConflictError) return 409;
  // The database is away, say: whoever asks again may have more luck.
  return 503;
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
