import { setImmediate } from 'node:timers/promises';
import type { Outcome } from '@posthorn/core';
import { emailEnvelope } from '@posthorn/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { accountOn } from './account.test-kit.ts';
import { oneTooMany, startRandomServer, turn } from './random-server.test-kit.ts';

/** How many runs are tried; to try more: `SERVER_RUNS=10000 npx vitest run packages/adapter-smtp/src/random-servers.test.ts`. */
const RUNS = Number(process.env.SERVER_RUNS ?? 300);
const TIMEOUT_MS = 60_000 + RUNS * 50;

const connection = fc.array(turn, { minLength: 1, maxLength: 16 }).map(oneTooMany);
const { skeleton } = emailEnvelope();

/** Messages that are sent together, and after how many turns of the event loop they are stopped. */
const sending = fc.record({
  messages: fc.integer({ min: 1, max: 5 }),
  isOneContent: fc.boolean(),
  stopAfter: fc.option(fc.nat(60)),
});

it(
  'whatever a server does, an outcome says what became of the message, and nobody gets it twice',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(connection, { minLength: 1, maxLength: 4 }),
        fc.array(sending, { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 2 }),
        async (connections, sendings, pipelining, maxConnections) => {
          const server = await startRandomServer(
            (index) => connections[index] ?? [],
            pipelining ? ['PIPELINING', 'SIZE'] : [],
          );
          const timeouts = { connectionTimeoutMs: 2000, replyTimeoutMs: 60, maxConnections };
          const transport = accountOn(server.port, timeouts);
          const told: [id: string, Outcome][] = [];
          const batches = sendings.map(({ messages, isOneContent }, batch) =>
            Array.from({ length: messages }, (_, index) =>
              emailEnvelope({
                to: { address: `to-${batch}-${index}@customers.example` },
                ...(isOneContent ? { skeleton } : {}),
              }),
            ),
          );
          await Promise.all(
            batches.map(async (batch, index) => {
              const stop = new AbortController();
              const sent = transport.send(batch, {
                signal: stop.signal,
                onOutcome: (id, outcome) => told.push([id, outcome]),
              });
              const { stopAfter } = sendings[index] as (typeof sendings)[number];
              if (stopAfter !== null) {
                for (let turns = 0; turns < stopAfter; turns += 1) await setImmediate();
                stop.abort();
              }
              await sent;
            }),
          );
          await transport.close();
          await server.close();

          const envelopes = batches.flat();
          expect(told.map(([id]) => id).sort()).toEqual(envelopes.map(({ messageId }) => messageId).sort());
          const outcomes = new Map(told);
          for (const { messageId, to } of envelopes) {
            const times = server.taken.get(to.address) ?? 0;
            const status = outcomes.get(messageId)?.status;
            expect(times).toBeLessThanOrEqual(1);
            if (status === 'refused') expect(times).toBe(0);
            if (status === 'accepted') expect(server.confirmed).toContain(to.address);
          }
        },
      ),
      { numRuns: RUNS },
    );
  },
  TIMEOUT_MS,
);
