import type { Outcome } from '@posthorn/core';
import { emailEnvelope, type SmtpAnswer, type SmtpStep, startSmtpTestServer } from '@posthorn/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { accountOn, send } from './account.test-kit.ts';

const words = fc.constantFrom(
  '',
  '5.1.1 No such user',
  '2.0.0 Ok',
  '4.7.1 Later',
  'a\u0000b',
  'x'.repeat(3000),
  '250 ok\r\n550 no',
);
const reply = fc
  .tuple(
    fc.constantFrom(
      '220',
      '235',
      '250',
      '354',
      '421',
      '450',
      '452',
      '500',
      '503',
      '535',
      '550',
      '554',
      '999',
      '',
    ),
    fc.constantFrom(' ', '-'),
    words,
  )
  .map(([code, between, text]) => `${code}${between}${text}`);
const answer: fc.Arbitrary<SmtpAnswer> = fc.oneof(
  { weight: 5, arbitrary: fc.constant(undefined) },
  { weight: 3, arbitrary: reply },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
);
const VERBS = ['CONNECT', 'EHLO', 'MAIL', 'RCPT', 'DATA', 'BODY', 'MESSAGE', 'RSET'];

it('whatever a server says, every message has one outcome, and none is refused that the server may have', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.dictionary(fc.constantFrom(...VERBS), answer), { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      async (scripts, pipelining) => {
        let accepts = 0;
        const clearlyRefused = new Set<string>();
        const script = ({ verb, connection, recipients }: SmtpStep): SmtpAnswer => {
          const says = scripts[connection % scripts.length]?.[verb];
          if (verb === 'MESSAGE' && /^[45]\d\d/.test(says ?? '')) clearlyRefused.add(recipients.join());
          if (/(^|\n)2\d\d/.test(says ?? '')) accepts += 1;
          return says;
        };
        const server = await startSmtpTestServer({ script, extensions: pipelining ? ['PIPELINING'] : [] });
        const timeouts = { connectionTimeoutMs: 100, replyTimeoutMs: 100, maxConnections: 2 };
        const transport = accountOn(server.port, timeouts);
        const batch = ['a', 'b', 'c'].map((name) =>
          emailEnvelope({ to: { address: `${name}@customers.example` } }),
        );
        const outcomes: ReadonlyMap<string, Outcome> = await send(transport, batch);
        await transport.close();
        await server.close();

        expect(outcomes.size).toBe(batch.length);
        const spokeOutOfTurn = scripts.some(({ BODY }) => BODY !== undefined);
        for (const { messageId, to } of batch) {
          const outcome = outcomes.get(messageId);
          // A pipelined DATA that comes after a refused recipient has to be ended somehow: by nothing (RFC 2920).
          const arrived = server.received.some(
            (message) => message.content.length > 0 && message.to.includes(to.address),
          );
          if (outcome?.status === 'accepted' && accepts === 0) expect(arrived).toBe(true);
          if (outcome?.status === 'refused' && arrived && !spokeOutOfTurn)
            expect(clearlyRefused).toContain(to.address);
        }
      },
    ),
    { numRuns: 150 },
  );
}, 60_000);
