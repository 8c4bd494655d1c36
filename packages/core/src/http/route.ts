import type { Context } from '../context.ts';

/** What the routes need of the context. */
export type HttpContext = Pick<Context, 'clock' | 'live' | 'log' | 'open'>;

/** What a request asks of a route, beside itself: the last segment of its path. */
export interface Call {
  readonly request: Request;
  readonly parameter: string;
}

/** A page at `/<name>/<parameter>`, wherever the host has mounted the handler. */
export interface Route {
  readonly name: string;
  /** Who answers what. HEAD is answered as GET is. */
  readonly methods: Readonly<Partial<Record<'GET' | 'POST', Answer>>>;
}

type Answer = (context: HttpContext, call: Call) => Promise<Response>;
