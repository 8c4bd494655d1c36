import { type Context, PLATFORM_TENANT } from '../context.ts';
import type { Route } from './route.ts';
import { createSeldom } from './seldom.ts';

/** For load balancers and the like: whether the store answers. Anybody may ask, so it costs one row that is looked for. */
export function healthRoute({ clock, log }: Context): Route {
  const seldom = createSeldom(clock);
  return {
    name: 'health',
    hasParameter: false,
    methods: {
      async GET({ open }) {
        try {
          const { store } = await open();
          await store.accounts.get(PLATFORM_TENANT, 'health');
          return answer(200);
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          seldom('store', () => log.error('The store does not answer.', { error: reason }));
          return answer(503);
        }
      },
    },
  };
}

function answer(status: 200 | 503): Response {
  return Response.json({ ok: status === 200 }, { status, headers: { 'cache-control': 'no-store' } });
}
