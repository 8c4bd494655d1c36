import type { Context } from '../context.ts';

/** What a request asks of a route, beside itself: the last segment of its path, as it stands there. */
export interface Call {
  readonly request: Request;
  readonly parameter: string;
}

/** What stands at `/<name>/<parameter>`, or at `/<name>`, wherever the host has mounted the handler. */
export interface Route {
  readonly name: string;
  readonly hasParameter: boolean;
  /** Who answers what. HEAD is answered as GET is. */
  readonly methods: Readonly<Partial<Record<'GET' | 'POST', Answer>>>;
}

type Answer = (context: Context, call: Call) => Promise<Response>;
