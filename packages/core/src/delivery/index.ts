export { type ConnectionFailure, classifyConnection } from './classify-connection.ts';
export { classifyReply, type ReplyToClassify } from './classify-reply.ts';
export { cleanReply, parseReply } from './reply.ts';
export { scanDue } from './scan-due.ts';
export { sendBatches } from './send-batches.ts';
export { settleOutcome } from './settle-outcome.ts';
export { createJobHandler } from './work-job.ts';
export { createWorker, type DrainOptions, type DrainResult, workerOf } from './worker.ts';
