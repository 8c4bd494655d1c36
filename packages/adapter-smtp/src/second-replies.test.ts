import { emailEnvelope, type SmtpStep } from '@posthorn/testing';
import { expect, it } from 'vitest';
import { openAccount, send, sendOne } from './account.test-kit.ts';

const batchOf = (size: number) => Array.from({ length: size }, () => emailEnvelope());
const connects = (steps: readonly SmtpStep[]) => steps.filter(({ verb }) => verb === 'CONNECT').length;

/** Says so once, after the first message. */
function afterTheFirst(answer: string) {
  let said = false;
  return ({ verb }: SmtpStep) => {
    if (verb !== 'MESSAGE' || said) return undefined;
    said = true;
    return answer;
  };
}

for (const extensions of [['PIPELINING'], []]) {
  const how = extensions.length > 0 ? 'pipelined' : 'step by step';
  it.each([
    ['a refusal', '250 2.0.0 Ok\r\n550 5.1.1 No such user'],
    ['another yes', '250 2.0.0 Ok\r\n250 2.0.0 Ok'],
    ['a few characters', '250 2.0.0 Ok\r\n55'],
    ['the beginning of a refusal', '250 2.0.0 Ok\r\n550-5.1.1 No such'],
    ['empty lines and a refusal', `250 2.0.0 Ok${'\r\n'.repeat(50)}550 5.1.1 No such user`],
  ])(`${how}: %s in the tail of an answer is not the answer to the next message`, async (_what, answer) => {
    const { transport, server } = await openAccount(
      { extensions, script: afterTheFirst(answer) },
      { maxConnections: 1 },
    );
    const outcomes = await send(transport, batchOf(3));
    expect([...outcomes.values()].map(({ status }) => status)).toEqual(Array(3).fill('accepted'));
    expect(server.taken).toHaveLength(3);
    // What was announced behind the first message goes over a connection that nobody has used, and so the third does.
    expect(connects(server.steps)).toBe(extensions.length > 0 ? 3 : 2);
  });
}

it.each([
  ['a whole one', '550 5.1.1 No such user\r\n'],
  ['the beginning of one', '550-5.1.1 No'],
  ['an empty line', '\r\n'],
])('a reply that nobody asked for ends an idle connection: %s', async (_what, text) => {
  const { transport, server } = await openAccount({}, { maxConnections: 1 });
  expect(await sendOne(transport, emailEnvelope())).toMatchObject({ status: 'accepted' });
  server.say(text);
  await expect.poll(() => server.open).toBe(0);
  expect(await sendOne(transport, emailEnvelope())).toMatchObject({ status: 'accepted' });
  expect(connects(server.steps)).toBe(2);
});

it('what follows the answer to RSET ends the connection as well', async () => {
  let refused = 0;
  const script = ({ verb }: SmtpStep) => {
    if (verb === 'RCPT' && ++refused === 1) return '550 5.1.1 No such user';
    return verb === 'RSET' ? '250 2.0.0 Ok\r\n550 5.1.1 No such user' : undefined;
  };
  const { transport, server } = await openAccount({ script }, { maxConnections: 1 });
  const outcomes = await send(transport, batchOf(2));
  expect([...outcomes.values()].map(({ status }) => status)).toEqual(['refused', 'accepted']);
  expect(connects(server.steps)).toBe(2);
});

it('an answer in several pieces costs no connection', async () => {
  const long = `250-2.0.0 Ok\r\n250-${'x'.repeat(400)}\r\n250 2.0.0 queued`;
  const script = ({ verb }: SmtpStep) => (verb === 'MESSAGE' ? long : undefined);
  const { transport, server } = await openAccount({ script }, { maxConnections: 1 });
  await send(transport, batchOf(5));
  expect(server.taken).toHaveLength(5);
  expect(connects(server.steps)).toBe(1);
});

it.each([
  ['yes', '354 Go ahead\r\n250 2.0.0 Ok'],
  ['no', '354 Go ahead\r\n550 5.1.1 No such user'],
])(
  'a %s that came before the message is no answer to it, and the message stays here',
  async (_what, answer) => {
    const script = ({ verb }: SmtpStep) => (verb === 'DATA' ? answer : undefined);
    const { transport, server } = await openAccount({ script }, { maxConnections: 1 });
    expect(await sendOne(transport, emailEnvelope())).toMatchObject({
      status: 'refused',
      retryable: true,
      failure: { category: 'protocol', phase: 'data' },
    });
    expect(server.received.filter(({ content }) => content.length > 0)).toHaveLength(0);
  },
);

it.each([
  ['MESSAGE', 'unknown'],
  ['MAIL', 'refused'],
] as const)('an answer to %s that never ends has its time', async (verb, status) => {
  const { transport, server } = await openAccount(
    { script: (step) => (step.verb === verb ? '250-and so on' : undefined) },
    { maxConnections: 1, replyTimeoutMs: 1_000 },
  );
  const dripping = setInterval(() => server.say('250-and so on\r\n'), 20);
  expect(await sendOne(transport, emailEnvelope())).toMatchObject({ status });
  clearInterval(dripping);
});
