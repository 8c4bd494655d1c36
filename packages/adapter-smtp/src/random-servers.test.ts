import type { Outcome } from '@posthorn/core';
import { emailEnvelope } from '@posthorn/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { accountOn } from './account.test-kit.ts';
import { startRandomServer, turn } from './random-server.test-kit.ts';

const connection = fc.array(turn, { minLength: 1, maxLength: 16 });
const MESSAGES = 6;

it('whatever a server does, an outcome says what became of the message, and nobody gets it twice', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(connection, { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      async (connections, pipelining) => {
        const server = await startRandomServer(
          (index) => connections[index] ?? [],
          pipelining ? ['PIPELINING', 'SIZE'] : [],
        );
        const timeouts = { connectionTimeoutMs: 2000, replyTimeoutMs: 60, maxConnections: 2 };
        const transport = accountOn(server.port, timeouts);
        const batch = Array.from({ length: MESSAGES }, (_, index) =>
          emailEnvelope({ to: { address: `to-${index}@customers.example` } }),
        );
        const told: [id: string, Outcome][] = [];
        await transport.send(batch, {
          signal: new AbortController().signal,
          onOutcome: (id, outcome) => told.push([id, outcome]),
        });
        await transport.close();
        await server.close();

        expect(told.map(([id]) => id).sort()).toEqual(batch.map(({ messageId }) => messageId).sort());
        const outcomes = new Map(told);
        for (const { messageId, to } of batch) {
          const times = server.taken.get(to.address) ?? 0;
          const status = outcomes.get(messageId)?.status;
          expect(times).toBeLessThanOrEqual(1);
          if (status === 'refused') expect(times).toBe(0);
          if (status === 'accepted') expect(server.confirmed).toContain(to.address);
        }
      },
    ),
    { numRuns: 200 },
  );
}, 60_000);
