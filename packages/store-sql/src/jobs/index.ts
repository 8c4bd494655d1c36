export { type Claim, type ClaimedJob, claimJobs, hasClaimableJob, type JobQuestion } from './claim-jobs.ts';
export { countJobs, finishJob, giveJobBack } from './finish-job.ts';
export { extendLeases, type IsTaken, isTaken } from './keep-lease.ts';
export { type PushJobs, pushJobs } from './push-jobs.ts';
