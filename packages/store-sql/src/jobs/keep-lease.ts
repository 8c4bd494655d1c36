import { all, first, type Program, run, statement } from '../program.ts';

const extend = statement((db, p: { tokens: string; until: number }, dialect) =>
  db
    .updateTable('posthorn_jobs')
    .set({ lease_until: p.until })
    .where('lease_token', 'in', dialect.each(p.tokens))
    .returning('lease_token'),
);

const holder = statement((db, p: { id: string }) =>
  db.selectFrom('posthorn_jobs').select('lease_token').where('id', '=', p.id),
);

/** Answers the tokens that still hold a lease; the others have lost it. */
export function* extendLeases(tokens: readonly string[], until: number): Program<ReadonlySet<string>> {
  const rows = yield* all(extend, { tokens: JSON.stringify(tokens), until });
  return new Set(rows.map((row) => row.lease_token ?? ''));
}

/** Says whether somebody else has taken the job. A job that is not in the queue is nobody's. */
export type IsTaken = (jobId: string, token: string) => Program<boolean>;

/** The embedded queue's own. */
export function* isTaken(jobId: string, token: string): Program<boolean> {
  const job = yield* first(holder, { id: jobId });
  return job !== undefined && job.lease_token !== null && job.lease_token !== token;
}

/** Takes a job out of the queue that nobody else has taken: its chunk waits again, or has nothing left to do. */
export type DropJob = (jobId: string) => Program<void>;

const drop = statement((db, p: { id: string }) => db.deleteFrom('posthorn_jobs').where('id', '=', p.id));

/** The embedded queue's own. */
export function* dropJob(jobId: string): Program<void> {
  yield* run(drop, { id: jobId });
}
