import type { Figure } from './figure.ts';
import { openPostgres } from './open-postgres.ts';
import { runApart } from './run-apart.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

/** What the process that starts the broadcast is told. */
export interface LimitJob {
  readonly folder: string;
  readonly database: string;
  readonly people: number;
  readonly perSecond: number;
}

const PER_SECOND = 100;
const PEOPLE = 1_000;

/** Two workers on Postgres share an account. */
export const limitOvershoot: Figure = {
  name: 'limit.overshoot',
  about: `of ${PEOPLE} mails by two workers on one account that may send ${PER_SECOND} a second: how many more than that reach the mail server in the fullest second`,
  unit: 'mails',
  goal: { atMost: PER_SECOND },
  rounds: 3,
  measure: () =>
    inTemporaryFolder(async (folder) => {
      await using postgres = await openPostgres();
      const database = await postgres.createDatabase();
      const job: LimitJob = { folder, database, people: PEOPLE, perSecond: PER_SECOND };
      const arrivals = await runApart<number[]>('run-limited.ts', job);
      return fullestSecond(arrivals) - PER_SECOND;
    }),
};

/** The most that arrived within any 1,000 ms. */
function fullestSecond(arrivals: readonly number[]): number {
  let most = 0;
  let first = 0;
  for (const [last, at] of arrivals.entries()) {
    while (at - (arrivals[first] ?? at) >= 1_000) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
