import { stillOpen } from '../deliveries/delivery-index.ts';
import { first, type Program, run, statement } from '../program.ts';

type Held = { id: string; token: string };

const openRow = statement((db, p: Held) =>
  db
    .selectFrom('posthorn_deliveries as d')
    .innerJoin('posthorn_jobs as j', 'j.chunk', 'd.chunk')
    .select('d.message_id')
    .where('j.id', '=', p.id)
    .where('j.lease_token', '=', p.token)
    .where(stillOpen)
    .limit(1),
);

const openRowOf = statement((db, p: { chunk: string }) =>
  db
    .selectFrom('posthorn_deliveries')
    .select('message_id')
    .where('chunk', '=', p.chunk)
    .where(stillOpen)
    .limit(1),
);

const remove = statement((db, p: Held) =>
  db.deleteFrom('posthorn_jobs').where('id', '=', p.id).where('lease_token', '=', p.token),
);

const giveBack = statement((db, p: Held & { availableAt: number; failures: number }) =>
  db
    .updateTable('posthorn_jobs')
    .set({
      lease_token: null,
      lease_owner: null,
      lease_until: null,
      available_at: p.availableAt,
      failures: p.failures,
    })
    .where('id', '=', p.id)
    .where('lease_token', '=', p.token),
);

const count = statement((db) =>
  db.selectFrom('posthorn_jobs').select((it) => it.fn.countAll<number>().as('jobs')),
);

/**
 * Takes a job that is done out of the queue; false, and nothing done, while rows of its chunk are still open: then
 * nobody else would ever look at them.
 */
export function* finishJob(id: string, token: string): Program<boolean> {
  if (yield* first(openRow, { id, token })) return false;
  yield* run(remove, { id, token });
  return true;
}

/** Whether rows of a chunk are still open: its job is not done then. For queues that keep their jobs elsewhere. */
export function* hasOpenRows(chunk: string): Program<boolean> {
  return (yield* first(openRowOf, { chunk })) !== undefined;
}

/** Makes a job free again, from `availableAt` on. Nothing happens to one whose lease was lost. */
export function* giveJobBack(
  id: string,
  token: string,
  availableAt: number,
  failures: number,
): Program<void> {
  yield* run(giveBack, { id, token, availableAt, failures });
}

/** Jobs that wait or are being worked. */
export function* countJobs(): Program<number> {
  return (yield* first(count, {}))?.jobs ?? 0;
}
