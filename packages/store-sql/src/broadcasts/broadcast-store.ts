import type { BroadcastStore } from '@posthorn/core';
import { broadcastName, lock } from '../locks.ts';
import type { QueuePrograms, Runner } from '../runner.ts';
import { addBroadcast } from './add-broadcast.ts';
import { addPage } from './add-page.ts';
import { changeBroadcast } from './change-broadcast.ts';
import { getBroadcast, listBroadcasts } from './find-broadcast.ts';
import { messagesWithin, nextStep, type Stretch, stretchOf } from './find-messages.ts';
import { countsOf } from './status-counts.ts';

export function broadcastStore({ read, write, writeRelaxed }: Runner, queue: QueuePrograms): BroadcastStore {
  return {
    add: (record, content, files) => write(() => addBroadcast(record, content, files)),
    get: (tenant, id) => read(() => getBroadcast(tenant, id)),
    list: (tenant, page) => read(() => listBroadcasts(tenant, page)),
    change: (tenant, id, states, change, jobs) =>
      write(function* () {
        yield* lock(broadcastName(tenant, id));
        const changed = yield* changeBroadcast(tenant, id, states, change);
        if (changed) yield* queue.push(jobs);
        return changed;
      }),
    // A page that a power cut takes is listed again, from the cursor that is there; only the last one is told of.
    addPage: (page) => (page.end === null ? writeRelaxed : write)(() => addPage(page)),
    counts: (tenant, id) => read(() => countsOf(tenant, id)),
    async messageIds(tenant, id, statuses, { limit, after }) {
      const ids: string[] = [];
      let rest: Stretch | null = await read(() => stretchOf(tenant, id, after));
      while (rest !== null && ids.length < limit) {
        const stretch: Stretch = rest;
        const step = await read(() => nextStep(stretch));
        const left = limit - ids.length;
        ids.push(...(await read(() => messagesWithin(tenant, id, step, statuses, left))));
        rest = step.last < stretch.last ? { ...stretch, after: step.last } : null;
      }
      return ids;
    },
  };
}
