import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Handler } from './create-handler.ts';
import { toNodeHandler } from './to-node-handler.ts';

/** What is used of a Fastify 5 instance. */
export interface FastifyLike {
  removeAllContentTypeParsers(): unknown;
  addContentTypeParser(
    type: '*',
    parse: (request: unknown, payload: unknown, done: (error: null) => void) => void,
  ): unknown;
  all(
    path: '/*',
    answer: (
      request: { readonly raw: IncomingMessage },
      reply: { readonly raw: ServerResponse; hijack(): unknown },
    ) => Promise<void>,
  ): unknown;
}

/**
 * Makes a Fastify plugin of `posthorn.handler`. Give `register` the prefix to which `publicUrl` leads. Under it bodies stay
 * unparsed, as the signatures of webhooks are over their bytes; the host's own parsers go on working everywhere else.
 *
 * @throws ConfigurationError `invalid_input` for what has no handler, such as a tenant's face.
 *
 * @example
 * ```ts
 * import { type FastifyLike, type Posthorn, toFastifyPlugin } from '@posthorn/core';
 *
 * interface App {
 *   register(plugin: (app: FastifyLike) => Promise<void>, options: { prefix: string }): unknown;
 * }
 * export function mount(app: App, posthorn: Posthorn) {
 *   app.register(toFastifyPlugin(posthorn), { prefix: '/messages' });
 * }
 * ```
 */
export function toFastifyPlugin(posthorn: {
  readonly handler: Handler;
}): (app: FastifyLike) => Promise<void> {
  const handle = toNodeHandler(posthorn);
  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request, _payload, done) => done(null));
    app.all('/*', async (request, reply) => {
      reply.hijack();
      await handle(request.raw, reply.raw);
    });
  };
}
