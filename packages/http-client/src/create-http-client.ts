import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { setImmediate } from 'node:timers/promises';
import { ConfigurationError } from '@posthorn/core';
import { Exchange } from './exchange.ts';
import { outcomeOf, STOPPED } from './failure.ts';
import type { HttpReply, HttpRequest } from './http-request.ts';
import { createKeepAliveAgent } from './keep-alive-agent.ts';

/** Which server, and how long it is waited for. */
export interface HttpClientOptions {
  /** Scheme, host and port: `https://api.sendgrid.com`. `http:` only for this machine. */
  readonly baseUrl: string;
  /** More requests than these wait for a connection. 5. */
  readonly maxConnections?: number;
  /** To find, connect and encrypt. 10 s. */
  readonly connectTimeoutMs?: number;
  /** From the first byte of the request to the last of the answer. 60 s. */
  readonly replyTimeoutMs?: number;
  /** Longer answers are cut here. 1 MiB. */
  readonly maxReplyBytes?: number;
  /** A certificate to trust beside the system's, in PEM form. */
  readonly ca?: string | undefined;
}

/** The connections of one account. */
export interface HttpClient {
  /**
   * Asks once, and never rejects: what goes wrong is an answer too. Redirects are not followed. Only a connection that
   * had been idle, and ends before the request has left, is replaced, unseen and once.
   */
  request(request: HttpRequest): Promise<HttpReply>;
  /** Resolves when the requests that run have ended; what is asked from now on is refused. May be called twice. */
  close(): Promise<void>;
}

/**
 * Opens no connection yet.
 *
 * @throws ConfigurationError `invalid_input` where `baseUrl` is more or less than a scheme and a host, or not encrypted.
 *
 * @example
 * ```ts
 * import { createHttpClient } from '@posthorn/http-client';
 *
 * const client = createHttpClient({ baseUrl: 'https://api.example.com', maxConnections: 10 });
 * const reply = await client.request({
 *   method: 'POST',
 *   path: '/v1/messages',
 *   headers: { 'content-type': 'application/json' },
 *   body: '{"text":"Hej"}',
 * });
 * if (reply.status === 'answered') console.log(reply.code, reply.body);
 * else console.log(reply.outcome.status); // 'refused': certainly not sent. 'unknown': nobody can say.
 * await client.close();
 * ```
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { maxConnections = 5, connectTimeoutMs = 10_000, replyTimeoutMs = 60_000 } = options;
  const { maxReplyBytes = 1024 * 1024, ca } = options;
  const { protocol, hostname, port } = readBaseUrl(options.baseUrl);
  const secure = protocol === 'https:';
  const { agent, isSuspect, retire } = createKeepAliveAgent({ secure, maxConnections, ca });
  const server = { agent, hostname: hostname.replace(/^\[|\]$/g, ''), ...(port === '' ? {} : { port }) };
  const limits = { connectTimeoutMs, replyTimeoutMs, maxReplyBytes };
  const send = secure ? requestHttps : requestHttp;

  const ended = Promise.withResolvers<void>();
  let running = 0;
  let closed = false;

  async function ask(request: HttpRequest): Promise<HttpReply> {
    // Once round the event loop: it reads what has come for idle connections.
    if (isSuspect()) {
      await setImmediate();
      await setImmediate();
    }
    return new Exchange((options) => send({ ...server, ...options }), request, limits).run();
  }
  return {
    async request(request) {
      if (closed) return { status: 'failed', outcome: outcomeOf(STOPPED, 'connect') };
      running += 1;
      try {
        return await ask(request);
      } finally {
        running -= 1;
        if (closed && running === 0) ended.resolve();
      }
    },
    close() {
      closed = true;
      retire();
      if (running === 0) ended.resolve();
      return ended.promise;
    },
  };
}

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;

function readBaseUrl(given: string): URL {
  const url = URL.parse(given);
  const isServer = url !== null && url.href === `${url.origin}/` && url.hostname !== '';
  if (isServer && (url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname))))
    return url;
  throw new ConfigurationError('invalid_input', 'The base URL of an HTTP client is not one it can use.', {
    path: 'baseUrl',
    advice: 'Give scheme and host alone, such as "https://api.example.com"; http: is for this machine only.',
  });
}
