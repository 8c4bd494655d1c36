import {
  type AccountReceiver,
  type AccountRef,
  readWebhookAccount,
  receiverOf,
  WEBHOOK_PATH,
  webhookUrlOf,
} from '../accounts/index.ts';
import type { Context } from '../context.ts';
import type { WebhookReceipt } from '../ports/index.ts';
import { ingestReports } from '../reports/index.ts';
import { arrivalOf } from './arrivals.ts';
import { readBytes } from './read-bytes.ts';
import type { Call, Route } from './route.ts';
import { createSeldom, type Seldom } from './seldom.ts';

/** Providers post a thousand at once at most. */
const MAX_REPORTS = 10_000;

const NO_PUBLIC_URL = 'createPosthorn was given no `publicUrl`, so what providers sign cannot be checked.';
const READ_BEFORE =
  'Its body was read before Posthorn got it, so its signature cannot be checked. Express: mount Posthorn before ' +
  '`express.json()` and other body parsers. Fastify: register `toFastifyPlugin(posthorn)`. Elsewhere: pass the request unread.';

/**
 * Where providers report what became of messages, for each account by itself. What is not proven to come from the
 * account's provider is refused, and the world is not told why; a status of 5xx makes the provider come again.
 */
export function webhookRoute(context: Context): Route {
  const seldom = createSeldom(context.clock);
  return {
    name: WEBHOOK_PATH,
    hasParameter: true,
    methods: {
      async POST(_context, call) {
        try {
          return await receive(context, seldom, call);
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          seldom('failed', () => context.log.error('A webhook was not taken in.', { error: reason }));
          return bare(503);
        }
      },
    },
  };
}

async function receive(context: Context, seldom: Seldom, { request, parameter }: Call): Promise<Response> {
  const account = readWebhookAccount(parameter);
  const receiver = account === null ? null : await receiverOf(context, account);
  if (account === null || receiver === null) return bare(404);
  const say = sayOf(context, seldom, account);
  if (!receiver.mediaTypes.includes(mediaTypeOf(request))) return bare(415);
  const { hasItsBytes, query } = arrivalOf(request);
  if (request.bodyUsed || !hasItsBytes) {
    say('error', READ_BEFORE);
    return bare(500);
  }
  const url = webhookUrlOf(context, account);
  if (url === undefined) {
    say('error', NO_PUBLIC_URL);
    return bare(503);
  }
  const body = await readWhole(request, receiver);
  if (typeof body === 'number') return bare(body);
  const receivedAt = context.clock.now();
  const receipt = await receiver.receive({ url: url + query, headers: request.headers, body, receivedAt });
  if (receipt.status !== 'received') return refuse(receipt, say);
  const { length } = receipt.reports;
  if (length > MAX_REPORTS)
    return refuse({ status: 'malformed', reason: `It tells of ${length} things.` }, say);
  await ingestReports(context, account, receipt.reports, receivedAt);
  if (receipt.answer === undefined) return bare(204);
  return new Response(receipt.answer.body, {
    headers: { ...HEADERS, 'content-type': receipt.answer.mediaType },
  });
}

type Say = (level: 'warn' | 'error', reason: string) => void;

const STATUS_OF = { forged: 403, malformed: 400, not_configured: 503 } as const;

function refuse({ status, reason }: Exclude<WebhookReceipt, { status: 'received' }>, say: Say): Response {
  say(status === 'not_configured' ? 'error' : 'warn', reason);
  return bare(STATUS_OF[status]);
}

function sayOf({ log }: Context, seldom: Seldom, { tenant, key }: AccountRef): Say {
  return (level, reason) => {
    const subject = JSON.stringify([tenant, key, level]);
    seldom(subject, () => log[level]('A webhook was refused.', { account: key, tenant, reason }));
  };
}

/** The type alone, without parameters. */
function mediaTypeOf(request: Request): string {
  const [type = ''] = (request.headers.get('content-type') ?? '').split(';', 1);
  return type.trim().toLowerCase();
}

/** Or the status that says why there is none. Whoever leaves in the middle of it hears nothing anyway. */
async function readWhole(
  request: Request,
  { maxBodyBytes }: AccountReceiver,
): Promise<Uint8Array | 400 | 413> {
  try {
    return (await readBytes(request, maxBodyBytes)) ?? 413;
  } catch {
    return 400;
  }
}

const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;

function bare(status: number): Response {
  return new Response(null, { status, headers: HEADERS });
}
