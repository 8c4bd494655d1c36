export { type Claim, claimJobs, hasClaimableJob, type JobQuestion } from './claim-jobs.ts';
export { countJobs, finishJob, giveJobBack, hasOpenRows } from './finish-job.ts';
export { type DropJob, dropJob, extendLeases, type IsTaken, isTaken } from './keep-lease.ts';
export { type PushJobs, pushJobs } from './push-jobs.ts';
