import { z } from 'zod';
import { checkInput } from '../check-input.ts';
import type { Context } from '../context.ts';
import { PosthornError } from '../errors.ts';
import { healthRoute } from './health-route.ts';
import { plainPage } from './plain-pages.ts';
import type { Route } from './route.ts';
import { shortUnsubscribeRoute, unsubscribeRoute } from './unsubscribe-route.ts';
import { webhookRoute } from './webhook-route.ts';

/** Answers the requests of the world: links in messages, reports of providers, and whether all is well. */
export type Handler = (request: Request) => Promise<Response>;

/** Any realm's Request will do: frameworks bring their own. */
const requestSchema = z.custom<Request>(isRequest, 'must be a Request');

/** Answers every request, whatever goes wrong: what does is written to the log, and the world is told nothing of it. */
export function createHandler(context: Context): Handler {
  const routes = [unsubscribeRoute, shortUnsubscribeRoute, webhookRoute(context), healthRoute(context)];
  return async (given) => {
    const request = checkInput(requestSchema, given, 'request', 'request');
    try {
      const response = await answer(routes, context, request);
      return request.method === 'HEAD' ? new Response(null, response) : response;
    } catch (error) {
      context.log.error('A request was not answered.', {
        error: error instanceof Error ? error.message : String(error),
      });
      // What Posthorn says of itself passes: the database is busy, the instance is closing.
      return plainPage(request, error instanceof PosthornError ? 503 : 500);
    }
  };
}

/** By the end of the path: what stands before it is where the host, or its proxy, has mounted us. */
async function answer(routes: readonly Route[], context: Context, request: Request): Promise<Response> {
  const segments = new URL(request.url).pathname.split('/').filter((segment) => segment !== '');
  const [last = '', before] = segments.reverse();
  const route = routes.find(({ name, hasParameter }) => name === (hasParameter ? before : last));
  if (route === undefined) return plainPage(request, 404);
  const methods = new Map(Object.entries(route.methods));
  const respond = methods.get(request.method === 'HEAD' ? 'GET' : request.method);
  if (respond !== undefined) return respond(context, { request, parameter: last });
  const allow = [...methods.keys()].flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  return plainPage(request, 405, { allow: allow.join(', ') });
}

function isRequest(given: unknown): given is Request {
  if (typeof given !== 'object' || given === null) return false;
  const { url, method, headers } = given as Partial<Request>;
  return typeof url === 'string' && typeof method === 'string' && typeof headers?.get === 'function';
}
