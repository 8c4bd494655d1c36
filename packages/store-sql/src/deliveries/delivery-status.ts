import type { OutcomeName, Work } from '@posthorn/core';
import { sql } from 'kysely';

/** What people see of a delivery. */
export type Status = OutcomeName | Work;

/** The outcome's name, or the work's while there is none (again). One canceled too late still is being sent. */
export function statusOf(work: Work, outcome: OutcomeName | 'requeued' | null): Status {
  if (outcome === null || outcome === 'requeued') return work;
  return outcome === 'canceled' && work === 'sending' ? work : outcome;
}

/** The same in SQL, of the columns of `posthorn_deliveries`. */
export const statusColumn = sql<string>`
  case when outcome is null or outcome = 'requeued' or (outcome = 'canceled' and work = 'sending')
  then work else outcome end`;
