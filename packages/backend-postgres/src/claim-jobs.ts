import { randomUUID } from 'node:crypto';
import type { JobRecord, WorkOptions } from '@posthorn/core';
import { type ClaimedJob, Hand, roomOf } from '@posthorn/store-sql';
import type { Db, FetchOptions, JobWithMetadata } from 'pg-boss';
import { type BossData, LOWEST_SINGLE, QUEUE, tokenOf } from './boss-job.ts';
import type { StartedBoss } from './start-boss.ts';

/** The account that has nothing in hand yet. */
const ANY_OTHER = '';

/**
 * Takes the first jobs that there is room for. pg-boss can leave out accounts but does not count them, so no more is
 * fetched at once than even one account may have.
 */
export async function claimJobs(
  { boss }: StartedBoss,
  db: Db,
  held: readonly JobRecord[],
  options: WorkOptions,
): Promise<readonly ClaimedJob[]> {
  const room = roomOf(held, options);
  const hand = new Hand(room);
  const claimed: ClaimedJob[] = [];

  /** Answers false when there is nothing more to take. */
  async function take(
    ofBroadcasts: boolean,
    range: Pick<FetchOptions, 'minPriority' | 'maxPriority'>,
  ): Promise<boolean> {
    const full: string[] = [];
    let batchSize = Math.min(hand.free, hand.roomOf(ANY_OTHER, ofBroadcasts));
    for (const account of hand.accounts) {
      const own = hand.roomOf(account, ofBroadcasts);
      if (own > 0) batchSize = Math.min(batchSize, own);
      else full.push(account);
    }
    if (batchSize <= 0) return false;
    const jobs = await boss.fetch<BossData>(QUEUE, {
      ...range,
      batchSize,
      ignoreGroups: full,
      includeMetadata: true,
      db,
    });
    for (const fetched of jobs.sort(inTurn)) {
      const { job, failures } = fetched.data;
      hand.take(job);
      claimed.push({ job, token: tokenOf(fetched, randomUUID()), failures });
    }
    return jobs.length === batchSize;
  }

  if (room.bulk === null) {
    while (await take(false, {}));
  } else {
    while (await take(false, { minPriority: LOWEST_SINGLE }));
    while (await take(true, { maxPriority: LOWEST_SINGLE - 1 }));
  }
  return claimed;
}

/** A statement answers the rows it has changed in no certain order. */
function inTurn(a: JobWithMetadata<BossData>, b: JobWithMetadata<BossData>): number {
  return b.priority - a.priority || a.createdOn.getTime() - b.createdOn.getTime() || (a.id < b.id ? -1 : 1);
}
