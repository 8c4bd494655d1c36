import type { IncomingMessage, ServerResponse } from 'node:http';
import { isUint8Array } from 'node:util/types';
import { ConfigurationError } from '../errors.ts';
import { noteArrival, queryOf } from './arrivals.ts';
import type { Handler } from './create-handler.ts';

/** For `node:http`, Express and connect. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** `fetch` has no requests with these methods, and no route of ours wants them. */
const UNKNOWN_METHODS = ['CONNECT', 'TRACE', 'TRACK'];
const FORM = /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i;

/**
 * Makes a listener for `node:http`, Express or connect of `posthorn.handler`. Mount it where `publicUrl` leads, before
 * `express.json()` and other body parsers: the signatures of webhooks are over bytes (`express.raw()` keeps them). It never
 * rejects, and tells nobody what went wrong inside.
 *
 * @throws ConfigurationError `invalid_input` for what has no handler, such as a tenant's face.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { type Posthorn, toNodeHandler } from '@posthorn/core';
 *
 * export function listen(posthorn: Posthorn) {
 *   createServer(toNodeHandler(posthorn)).listen(3000); // Express: app.use('/messages', toNodeHandler(posthorn))
 * }
 * ```
 */
export function toNodeHandler(posthorn: { readonly handler: Handler }): NodeHandler {
  if (typeof posthorn?.handler !== 'function') {
    throw new ConfigurationError('invalid_input', 'toNodeHandler needs a Posthorn, which has a `handler`.', {
      path: 'posthorn',
      advice: 'Give what createPosthorn answered: its handler is that of all tenants.',
    });
  }
  return async (request, response) => {
    try {
      const asked = requestOf(request);
      await write(response, request, typeof asked === 'number' ? asked : await posthorn.handler(asked));
    } catch {
      // Cut short, so that it is not taken for an answer.
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { connection: 'close' }).end();
    }
  };
}

/** The request as `fetch` has it, or the status of one that it cannot have. */
function requestOf(request: IncomingMessage): Request | number {
  const { url = '/', method = 'GET' } = request;
  if (UNKNOWN_METHODS.includes(method)) return 501;
  try {
    const headers = headersOf(request);
    const isBodiless = method === 'GET' || method === 'HEAD';
    const body = isBodiless ? null : bodyOf(request, headers);
    // Which host was asked decides nothing here, and anybody can write anything there.
    const asked = new Request(new URL(`http://localhost${url.startsWith('/') ? url : '/'}`), {
      method,
      headers,
      body,
      duplex: 'half',
    });
    const hasItsBytes = isBodiless || body instanceof ReadableStream || isUint8Array(body);
    noteArrival(asked, { hasItsBytes, query: queryOf(url) });
    return asked;
  } catch {
    return 400;
  }
}

function headersOf({ headers: given }: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined && !name.startsWith(':')) headers.set(name, String(value));
  }
  return headers;
}

/**
 * The bytes as they come, or as `express.raw()` has kept them; where another body parser was here before us, the form that
 * it has made of them.
 */
function bodyOf(
  request: IncomingMessage & { readonly body?: unknown },
  headers: Headers,
): ReadableStream | Uint8Array<ArrayBuffer> | URLSearchParams | null {
  if (!request.readableDidRead) return ReadableStream.from(request.iterator({ destroyOnReturn: false }));
  const { body } = request;
  if (isUint8Array(body)) return body as Uint8Array<ArrayBuffer>;
  if (typeof body !== 'object' || body === null || !FORM.test(headers.get('content-type') ?? '')) return null;
  headers.delete('content-type');
  const fields = Object.entries(body).filter(([, value]) => typeof value === 'string');
  return new URLSearchParams(fields);
}

async function write(
  response: ServerResponse,
  request: IncomingMessage,
  answer: Response | number,
): Promise<void> {
  if (typeof answer === 'number') {
    response.writeHead(answer, { connection: 'close' }).end();
    return;
  }
  const body = Buffer.from(await answer.arrayBuffer());
  response.statusCode = answer.status;
  response.setHeaders(answer.headers);
  // Whoever says too much is not listened to any longer.
  if (answer.status === 413) response.setHeader('connection', 'close');
  response.end(body);
  // What nobody read would stop the next request of the connection.
  request.resume();
}
