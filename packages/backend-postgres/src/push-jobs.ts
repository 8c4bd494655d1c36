import type { JobRecord } from '@posthorn/core';
import { accountName } from '@posthorn/store-sql';
import type { Db } from 'pg-boss';
import { bossJob, lineName, priorityRange, QUEUE, rankOf } from './boss-job.ts';
import type { StartedBoss } from './start-boss.ts';

/** What is known of a line when more is put into it. */
interface Line {
  readonly name: string;
  /** pg-boss's priority of the job that waits last in it. */
  readonly last: number | null;
  /** That of the job of its account and priority which was taken last. */
  readonly served: number | null;
}

/**
 * Puts jobs into the queue, on the connection of `database`: nobody sees them before its transaction is committed.
 *
 * Tenants take turns because each job has a rank: one more than the last of its line, and where the line is empty, that of
 * the job which the account works now. So who comes late begins where the others are, and neither waits behind a long line
 * nor passes it.
 */
export async function pushJobs(
  { boss, table }: StartedBoss,
  database: Db,
  jobs: readonly JobRecord[],
): Promise<void> {
  // The oldest first: what is inserted first is fetched first.
  const inOrder = [...jobs].sort((a, b) => (a.id < b.id ? -1 : 1));
  const ranks = await nextRanks(database, table, inOrder);
  const ranked = inOrder.map((job) => {
    const line = lineName(job);
    const rank = ranks.get(line) ?? 0;
    ranks.set(line, rank + 1);
    return bossJob(job, rank);
  });
  await boss.insert(QUEUE, ranked, { db: database });
}

async function nextRanks(
  database: Db,
  table: string,
  jobs: readonly JobRecord[],
): Promise<Map<string, number>> {
  const lines = new Map(
    jobs.map((job) => [
      lineName(job),
      { name: lineName(job), account: accountName(job), ...priorityRange(job) },
    ]),
  );
  const { rows } = await database.executeSql(
    `select line.name,
       (select job.priority from ${table} job
        where job.name = '${QUEUE}' and job.singleton_key = line.name and job.state < 'active'
        order by job.created_on desc limit 1) as last,
       (select min(job.priority) from ${table} job
        where job.name = '${QUEUE}' and job.state = 'active' and job.group_id = line.account
          and job.priority between line.low and line.high) as served
     from json_to_recordset($1::text::json) as line(name text, account text, low int, high int)`,
    [JSON.stringify([...lines.values()])],
  );
  return new Map((rows as Line[]).map((line) => [line.name, nextRank(line)]));
}

function nextRank({ last, served }: Line): number {
  return Math.max(last === null ? 0 : rankOf(last) + 1, served === null ? 0 : rankOf(served));
}
