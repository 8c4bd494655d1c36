export { accountName, Hand, type Placed, type Room, roomOf } from './hand.ts';
export type { ClaimedJob, JobTable } from './job-table.ts';
export { keepAlive } from './keep-alive.ts';
export { createWorkers, type Workers } from './workers.ts';
