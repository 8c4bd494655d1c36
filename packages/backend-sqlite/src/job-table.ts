import { randomUUID } from 'node:crypto';
import type { Clock, Log } from '@posthorn/core';
import {
  claimJobs,
  extendLeases,
  finishJob,
  giveJobBack,
  hasClaimableJob,
  type JobTable,
  type Runner,
  roomOf,
} from '@posthorn/store-sql';
import { isGone, leaseOwner } from './lease-owner.ts';

/** Over the jobs in the database itself. */
export function jobTable({ read, writeRelaxed }: Runner, clock: Clock, log: Log): JobTable {
  const owner = leaseOwner();
  return {
    clock,
    log,
    async claim(held, options) {
      const room = roomOf(held, options);
      const question = () => ({ ...room, now: clock.now(), limit: room.free, owner, isGone });
      // Looked at first, so that an idle worker never takes the write lock.
      if (room.free <= 0 || !(await read(() => hasClaimableJob(question())))) return [];
      return writeRelaxed(() =>
        claimJobs({ ...question(), leaseUntil: clock.now() + options.leaseMs, newToken: randomUUID }),
      );
    },
    extend: (tokens, leaseMs) => writeRelaxed(() => extendLeases(tokens, clock.now() + leaseMs)),
    finish: ({ job, token }) => writeRelaxed(() => finishJob(job.id, token)),
    giveBack: ({ job, token, failures }, delayMs) =>
      writeRelaxed(() =>
        giveJobBack(
          job.id,
          token,
          Math.round(clock.now() + delayMs),
          delayMs === 0 ? failures : failures + 1,
        ),
      ),
  };
}
