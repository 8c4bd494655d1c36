import { type BrokenBackend, brokenRoom } from './broken-backend.test-kit.ts';
import { NOON, TENANT } from './records.ts';

export const brokenDeliveries: readonly BrokenBackend[] = [
  brokenRoom(
    'lease: it answers the chunk’s queued rows, and the next lease takes them from the one before',
    'deliveries',
    (deliveries) => ({
      lease: (job, _, now, newEventId) => deliveries.lease(job, 'first', now, newEventId),
    }),
  ),
  brokenRoom(
    'lease: rows that a lost lease left sending become unknown, and a late outcome still resolves them',
    'deliveries',
    (deliveries) => ({
      // Every lease is taken for the one before, gone on with.
      lease: (job, _, now, newEventId) => deliveries.lease(job, 'first', now, newEventId),
    }),
  ),
  brokenRoom('turn: each attempt that begins is the next number', 'deliveries', (deliveries) => ({
    async turn(turn) {
      const result = await deliveries.turn(turn);
      return { ...result, begun: result.begun.map((it) => ({ ...it, attempt: 1 })) };
    },
  })),
  ...['turn: what was canceled meanwhile is not begun', 'turn: many at once never begin a row twice'].map(
    (breaks) =>
      brokenRoom(breaks, 'deliveries', (deliveries) => ({
        async turn(turn) {
          // Whatever is asked for is begun.
          const begun = turn.begin.map(({ messageId }) => ({ messageId, attempt: 1 }));
          return { ...(await deliveries.turn(turn)), begun };
        },
      })),
  ),
  brokenRoom(
    'turn: nothing is begun under a foreign token or for a foreign tenant',
    'deliveries',
    (deliveries) => ({
      turn: (turn) =>
        deliveries.turn({
          ...turn,
          begin: turn.begin.map((it) => ({ ...it, tenant: TENANT, token: 'token' })),
        }),
    }),
  ),
  brokenRoom('turn: all of it happens or nothing', 'deliveries', (deliveries) => ({
    // In two transactions.
    async turn(turn) {
      const { settled } = await deliveries.turn({ ...turn, begin: [] });
      return { ...(await deliveries.turn({ ...turn, settle: [] })), settled };
    },
  })),
  brokenRoom('turn: what has expired ends at the last moment, with an event', 'deliveries', (deliveries) => ({
    turn: (turn) => deliveries.turn({ ...turn, now: NOON }),
  })),
  brokenRoom('turn: an address that was suppressed meanwhile is not written to', 'suppressions', () => ({
    add: async (record) => record,
  })),
  brokenRoom('turn: a suppression that was lifted stops nobody', 'suppressions', () => ({
    lift: async () => [],
  })),
  brokenRoom(
    'turn: it settles what came back, in order, and begins the next in the same call',
    'deliveries',
    (deliveries) => ({
      async turn(turn) {
        const result = await deliveries.turn(turn);
        return { ...result, settled: [...result.settled].reverse() };
      },
    }),
  ),

  brokenRoom(
    'due: nothing is queued before its time, and the scan says when that is',
    'deliveries',
    (deliveries) => ({
      queueDue: (now, chunkSize, newId) => deliveries.queueDue(now + 1, chunkSize, newId),
    }),
  ),
  brokenRoom(
    'due: chunks are of one tenant, account and priority, no larger than asked for, and each has its job',
    'deliveries',
    (deliveries) => ({
      queueDue: (now, chunkSize, newId) => deliveries.queueDue(now, chunkSize + 1, newId),
    }),
  ),
  brokenRoom('due: paused accounts are passed by, the others’ messages go on', 'accounts', (accounts) => ({
    save: (record) => accounts.save({ ...record, pause: null }),
  })),
  brokenRoom(
    'due: what a lease puts back waits for its time, and only what is its own',
    'deliveries',
    (deliveries) => ({
      putBack: (job, token, dueAt) => deliveries.putBack(job, token, dueAt - 1),
    }),
  ),
];
