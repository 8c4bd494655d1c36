import type { BackendRuntime, OpenedBackend } from '@posthorn/core';
import {
  createCompiler,
  createSqlStore,
  dropJob,
  hasMessage,
  isTaken,
  type PushJobs,
  pushJobs,
  sqliteDialect,
} from '@posthorn/store-sql';
import { commitOf } from './after-commit.ts';
import { type OwnDatabase, openBeside, openDatabase } from './connection.ts';
import { checkedHandle, type HostDatabase } from './host-database.ts';
import { createQueue } from './queue.ts';
import { openRunner } from './runner.ts';

export async function openBackend(
  file: string,
  host: HostDatabase | null,
  { clock, log }: BackendRuntime,
  open: (file: string) => Promise<OwnDatabase> = host === null ? openDatabase : (it) => openBeside(host, it),
): Promise<OpenedBackend> {
  const runner = await openRunner({ file, open, host, clock, log, compiler: createCompiler(sqliteDialect) });
  const queue = createQueue(runner, clock, log);

  const push: PushJobs = function* (jobs) {
    yield* pushJobs(jobs);
    // Workers look when the present transaction, which is synchronous, is over.
    if (jobs.length > 0) queue.wake();
  };

  return {
    store: createSqlStore(runner, { push, isTaken, drop: dropJob }),
    queue,
    async afterCommit(tx, tenant, [messageId]) {
      const handle = checkedHandle(tx, host);
      if (messageId === undefined) return true;
      const isCommitted = await commitOf({
        clock,
        host: handle,
        isCommitted: () => runner.read(() => hasMessage(tenant, messageId)),
        isWritten: () => runner.read(() => hasMessage(tenant, messageId), tx),
        isClosed: () => runner.isClosed,
      });
      if (isCommitted) queue.wake();
      return isCommitted;
    },
    async close() {
      await queue.stopAll();
      await runner.close();
    },
  };
}
