import { z } from 'zod';
import { checkInput } from '../check-input.ts';
import { PosthornError } from '../errors.ts';
import { plainPage } from './plain-pages.ts';
import type { HttpContext, Route } from './route.ts';
import { unsubscribeRoute } from './unsubscribe-route.ts';

/** Answers the requests of the world: those of links in emails. */
export type Handler = (request: Request) => Promise<Response>;

const ROUTES: readonly Route[] = [unsubscribeRoute];

/** Any realm's Request will do: frameworks bring their own. */
const requestSchema = z.custom<Request>(isRequest, 'must be a Request');

/** Answers every request, whatever goes wrong: what does is written to the log, and the world is told nothing of it. */
export function createHandler(context: HttpContext): Handler {
  return async (given) => {
    const request = checkInput(requestSchema, given, 'request', 'request');
    try {
      const response = await answer(context, request);
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
async function answer(context: HttpContext, request: Request): Promise<Response> {
  const segments = new URL(request.url).pathname.split('/').filter((segment) => segment !== '');
  const [name, parameter = ''] = segments.slice(-2);
  const route = ROUTES.find((candidate) => candidate.name === name);
  if (route === undefined || segments.length < 2) return plainPage(request, 404);
  const methods = new Map(Object.entries(route.methods));
  const respond = methods.get(request.method === 'HEAD' ? 'GET' : request.method);
  if (respond !== undefined) return respond(context, { request, parameter });
  const allow = [...methods.keys()].flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  return plainPage(request, 405, { allow: allow.join(', ') });
}

function isRequest(given: unknown): given is Request {
  if (typeof given !== 'object' || given === null) return false;
  const { url, method, headers } = given as Partial<Request>;
  return typeof url === 'string' && typeof method === 'string' && typeof headers?.get === 'function';
}
