export { type Claim, type ClaimedJob, claimJobs, hasClaimableJob, type JobQuestion } from './claim-jobs.ts';
export { countJobs, finishJob, giveJobBack } from './finish-job.ts';
export { type DropJob, dropJob, extendLeases, type IsTaken, isTaken } from './keep-lease.ts';
export type { FreePlaces } from './next-jobs.ts';
export { type PushJobs, pushJobs } from './push-jobs.ts';
