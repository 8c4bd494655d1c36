/** What a server of node:http knows of a request, and `Request` does not say. */
export interface Arrival {
  /** False where a body parser had read the body before: what there is now is not what came in. */
  readonly hasItsBytes: boolean;
  /** As it stands in the request line, `?` included: `Request` writes some characters in another way. */
  readonly query: string;
}

const arrivals = new WeakMap<Request, Arrival>();

export function noteArrival(request: Request, arrival: Arrival): void {
  arrivals.set(request, arrival);
}

/** Of a request that no server of node:http has brought: what it says of itself. */
export function arrivalOf(request: Request): Arrival {
  return arrivals.get(request) ?? { hasItsBytes: true, query: queryOf(request.url) };
}

export function queryOf(url: string): string {
  return /\?[^#]*/.exec(url)?.[0] ?? '';
}
