import { type BrokenBackend, brokenRoom } from './broken-backend.test-kit.ts';
import { anId, NOON } from './records.ts';

export const brokenReports: readonly BrokenBackend[] = [
  brokenRoom(
    'reports: an event is stored once, and told as repeated, also within one call and of two at once',
    'reports',
    (reports) => ({
      settle: (facts) =>
        reports.settle(facts.map((fact) => ({ ...fact, event: { ...fact.event, id: anId() } }))),
    }),
  ),
  brokenRoom(
    'reports: those of many tenants become outcomes and flags, and what was before and after is told',
    'reports',
    (reports) => ({
      // The last of each message alone is folded.
      settle: (facts) =>
        reports.settle(facts.map((fact) => ({ ...fact, event: { ...fact.event, occurredAt: NOON } }))),
    }),
  ),
  brokenRoom(
    'reports: nothing is written of a message that is not there, or not that tenant’s',
    'reports',
    (reports, { store }) => ({
      async settle(facts) {
        for (const { address } of facts) {
          if (address === null) continue;
          const { tenant, channel, addressKey, evidence } = address;
          await store.suppressions.add({
            id: anId(),
            tenant,
            channel,
            addressKey,
            address: null,
            reason: 'complained',
            evidence,
            createdAt: NOON,
            liftedAt: null,
            lifted: null,
          });
        }
        return reports.settle(facts);
      },
    }),
  ),
  brokenRoom(
    'reports: what proves that a message has arrived ends work that waits, and is counted',
    'broadcasts',
    (broadcasts) => {
      let first: ReturnType<typeof broadcasts.counts> | undefined;
      return {
        async addPage(page) {
          const answer = await broadcasts.addPage(page);
          first = broadcasts.counts(page.tenant, page.broadcast);
          return answer;
        },
        // As they were when the list was made.
        counts: async (tenant, id) => first ?? broadcasts.counts(tenant, id),
      };
    },
  ),
  brokenRoom('reports: all of a call happens or nothing', 'reports', (reports) => ({
    async settle(facts) {
      // In two transactions.
      await reports.settle(facts.slice(0, 1));
      return reports.settle(facts);
    },
  })),
  brokenRoom(
    'reports: an address is marked once and freed once, whichever message tells of it',
    'reports',
    (reports) => ({
      settle: (facts) =>
        reports.settle(
          facts.map((fact) => ({ ...fact, address: fact.address && { ...fact.address, id: anId() } })),
        ),
    }),
  ),
  brokenRoom(
    'reports: the last word about an address holds, in whatever order words come',
    'reports',
    (reports) => {
      let arrived = NOON;
      return {
        // The last that arrives.
        settle: (facts) =>
          reports.settle(
            facts.map(({ event, address }) => {
              arrived += 1;
              return { event, address: address && { ...address, occurredAt: arrived } };
            }),
          ),
      };
    },
  ),
  brokenRoom(
    'reports: joining a list again ends what leaving that list did, and nothing else',
    'reports',
    (reports) => ({
      settle: (facts) =>
        reports.settle(
          facts.map(({ event, address }) => ({ event, address: address && { ...address, list: null } })),
        ),
    }),
  ),
  brokenRoom('reports: what a person marks or frees is theirs to decide', 'suppressions', (suppressions) => ({
    add: (record) => suppressions.add({ ...record, evidence: { how: 'provider' } }),
  })),
  brokenRoom(
    'reports: unmatched ones are kept once, of their own account, newest first, page by page',
    'reports',
    (reports) => ({
      keepUnmatched: (account, rows, now) =>
        reports.keepUnmatched(
          account,
          rows.map((row) => ({ ...row, id: anId() })),
          now,
        ),
    }),
  ),
  brokenRoom(
    'reports: of an account the newest 10,000 unmatched ones stay, and none that is older than 30 days',
    'reports',
    (reports) => ({ keepUnmatched: (account, rows) => reports.keepUnmatched(account, rows, NOON) }),
  ),

  brokenRoom(
    'reports: messages are found by id, of whatever tenant; others are left out',
    'reports',
    (reports) => ({ messages: async (ids) => (await reports.messages(ids)).slice(0, 1) }),
  ),
  brokenRoom(
    'reports: what an account’s provider took is found by its own id, with the attempt; of each no more than asked for',
    'reports',
    (reports) => ({ byProviderIds: (account, ids) => reports.byProviderIds(account, ids, 100) }),
  ),
  brokenRoom(
    'reports: the latest to an address is one that left by the account, and no later than asked for',
    'reports',
    (reports) => ({ latestTo: (account, addresses) => reports.latestTo(account, addresses, NOON + 9) }),
  ),
  brokenRoom(
    'reports: tenants that have messages come once each, in order, page by page',
    'reports',
    (reports) => ({ tenants: ({ limit }) => reports.tenants({ limit, after: null }) }),
  ),
];
