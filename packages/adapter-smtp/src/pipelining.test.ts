import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { emailEnvelope, loopbackCertificate, type SmtpStep } from '@posthorn/testing';
import { expect, it, onTestFinished } from 'vitest';
import { accountOn, openAccount, send, sendOne } from './account.test-kit.ts';
import { openSession } from './open-session.ts';
import { smtpSettings } from './settings.ts';

const connects = (steps: readonly SmtpStep[]) => steps.filter(({ verb }) => verb === 'CONNECT').length;
const to = (name: string) => emailEnvelope({ to: { address: `${name}@customers.example` } });
const one = { maxConnections: 1 };

/** What a client says before it has an answer, per turn: every piece that comes is answered as a whole. */
async function heardBy(extensions: string): Promise<{ port: number; heard: string[] }> {
  const heard: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined).write('220 test\r\n');
    socket.on('data', (chunk) => {
      const commands = chunk.toString().trimEnd().split('\r\n');
      heard.push(commands.map((command) => command.slice(0, 4)).join(' '));
      for (const command of commands) {
        if (command.startsWith('EHLO')) socket.write(`250-test\r\n250 ${extensions}\r\n`);
        else if (/^(MAIL|RCPT)/.test(command)) socket.write('250 Ok\r\n');
        else if (command === 'DATA') socket.write('354 Go ahead\r\n');
        else if (command === '.') socket.write('250 Ok\r\n');
        else if (command === 'QUIT') socket.end('221 Bye\r\n');
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, heard };
}

it.each([
  ['PIPELINING', ['MAIL RCPT DATA']],
  ['8BITMIME', ['MAIL', 'RCPT', 'DATA']],
])('a server that offers %s is told the commands so', async (extensions, commands) => {
  const { port, heard } = await heardBy(extensions);
  const transport = accountOn(port);
  expect(await sendOne(transport, emailEnvelope())).toMatchObject({ status: 'accepted' });
  await transport.close();
  expect(heard.slice(1, 1 + commands.length)).toEqual(commands);
});

it('where no further connection may be opened, the next message is announced behind the end of the one before', async () => {
  const { port, heard } = await heardBy('PIPELINING');
  const transport = accountOn(port, one);
  const { skeleton } = to('anybody');
  const batch = ['anna', 'bo', 'cleo'].map((name) => ({ ...to(name), skeleton }));
  const outcomes = await send(transport, batch);
  expect([...outcomes.values()].map(({ status }) => status)).toEqual(Array(3).fill('accepted'));
  await transport.close();
  expect(heard.filter((said) => said.endsWith('. MAIL RCPT DATA'))).toHaveLength(2);
  expect(heard.filter((said) => said === 'MAIL RCPT DATA')).toHaveLength(1);
});

it.each([
  ['refused', '550 5.7.1 No', 1, 'refused'],
  ['refused with a goodbye', '421 4.3.2 Closing', 2, 'refused'],
  ['cut off', 'CUT', 2, 'unknown'],
] as const)(
  'what was announced behind a message that is %s is sent all the same, once',
  async (_what, answer, connections, status) => {
    const script = ({ verb, connection, recipients }: SmtpStep) => {
      const isFirst = verb === 'MESSAGE' && recipients.some((address) => address.startsWith('anna'));
      if (!isFirst || connection !== 1) return undefined;
      return answer === 'CUT' ? null : answer;
    };
    const { transport, server } = await openAccount({ script }, one);
    const [anna, bo] = [to('anna'), to('bo')];
    const outcomes = await send(transport, [anna, bo]);
    expect(outcomes.get(anna.messageId)).toMatchObject({ status });
    expect(outcomes.get(bo.messageId)).toMatchObject({ status: 'accepted' });
    expect(server.taken.map((message) => message.to)).toEqual([[bo.to.address]]);
    expect(connects(server.steps)).toBe(connections);
  },
);

it.each(['MAIL', 'RCPT'])(
  'a server that refuses %s and takes DATA all the same gets no message',
  async (verb) => {
    const script = (step: SmtpStep) => {
      if (step.recipients.length > 0 || step.line.includes('here')) return undefined;
      if (step.verb === verb && step.connection === 1) return '550 5.7.1 No';
      return step.verb === 'DATA' ? '354 Go ahead' : undefined;
    };
    const { transport, server } = await openAccount({ script }, one);
    const [first, second] = [to('gone'), to('here')];
    const outcomes = await send(transport, [first, second]);
    expect(outcomes.get(first.messageId)).toMatchObject({
      status: 'refused',
      retryable: false,
      failure: { phase: verb.toLowerCase() },
    });
    expect(outcomes.get(second.messageId)).toMatchObject({ status: 'accepted' });
    expect(server.received.map(({ to: [address] }) => address)).toEqual([second.to.address]);
    expect(connects(server.steps)).toBe(2);
  },
);

it.each(['550 5.1.1 No such user', '451 4.3.0 Not now', '250 2.0.0 Ok', '354 Go ahead'])(
  '%s from earlier is not taken for the answer to the next message',
  async (late) => {
    for (const extensions of [['PIPELINING'], []]) {
      const script = ({ verb, connection, line }: SmtpStep) =>
        verb === 'MAIL' && connection === 1 && line.includes('late') ? `${late}\r\n250 2.1.0 Ok` : undefined;
      const { transport, server } = await openAccount({ script, extensions }, one);
      await sendOne(transport, to('first'));
      const second = emailEnvelope({ from: { address: 'late@salon.example' } });
      expect(await sendOne(transport, second)).toMatchObject({ status: 'accepted' });
      expect(server.taken).toHaveLength(2);
      expect(connects(server.steps)).toBe(2);
    }
  },
);

it('a refusal stands though the connection ends with it, or the server says goodbye', async () => {
  for (const farewell of [null, '421 4.7.0 Bye', '503 5.5.1 What?\r\n421 4.7.0 Bye']) {
    const script = ({ verb }: SmtpStep) => {
      if (verb === 'RCPT') return '550 5.1.1 No such user';
      return verb === 'DATA' ? farewell : undefined;
    };
    const { transport } = await openAccount({ script });
    expect(await sendOne(transport, emailEnvelope())).toMatchObject({
      status: 'refused',
      retryable: false,
      failure: { category: 'unknown_mailbox', phase: 'rcpt' },
    });
  }
});

it('an answer from earlier does not hide the one that the message gets', async () => {
  const script = ({ verb, connection, line, recipients }: SmtpStep) => {
    if (verb === 'MAIL' && connection === 1 && line.includes('late'))
      return '550 5.7.1 Not you\r\n250 2.1.0 Ok';
    if (verb === 'RCPT' && line.includes('gone')) return '550 5.1.1 No such user';
    // So that nothing more comes behind the three answers.
    return verb === 'DATA' && recipients.length === 0 ? new Promise<undefined>(() => undefined) : undefined;
  };
  const { transport } = await openAccount({ script }, { ...one, replyTimeoutMs: 200 });
  await sendOne(transport, to('first'));
  const second = { ...to('gone'), from: { address: 'late@salon.example' } };
  expect(await sendOne(transport, second)).toMatchObject({
    status: 'refused',
    failure: { category: 'unknown_mailbox', phase: 'rcpt' },
  });
});

it.each([
  ['pipelined', ['PIPELINING']],
  ['step by step', []],
])(
  '%s: a server that refuses RSET is left, and the message goes over a new connection',
  async (_how, extensions) => {
    const script = ({ verb, line, connection }: SmtpStep) => {
      if (verb === 'RSET' && connection === 1) return '502 5.5.1 No such command';
      return line.includes('gone') ? '550 5.1.1 Who?' : undefined;
    };
    const { transport, server } = await openAccount({ script, extensions }, one);
    expect(await sendOne(transport, to('gone'))).toMatchObject({ status: 'refused', retryable: false });
    expect(await sendOne(transport, to('here'))).toMatchObject({ status: 'accepted' });
    expect(connects(server.steps)).toBe(2);
  },
);

it('a login that is answered twice opens no session', async () => {
  const script = ({ verb }: SmtpStep) =>
    verb === 'AUTH' ? '235 2.7.0 Ok\r\n550 5.1.1 No such user' : undefined;
  const { server } = await openAccount({ script, users: { anna: 'secret' } });
  const login = { username: 'anna', password: 'secret', security: 'none', port: server.port } as const;
  const opened = await openSession(
    smtpSettings.parse({ host: '127.0.0.1', ...login }),
    new AbortController().signal,
  );
  expect(opened).toMatchObject({ failure: { outcome: { status: 'refused', retryable: true } } });
});

it('the id that a provider gives a message is kept', async () => {
  const reply =
    '250 2.0.0 OK <AS8P1.abc@AS8P1.eurprd01.prod.outlook.com> [Hostname=AS8P1.eurprd01.prod.outlook.com]';
  const { transport } = await openAccount({
    script: ({ verb }) => (verb === 'MESSAGE' ? reply : undefined),
  });
  expect(await sendOne(transport, emailEnvelope())).toMatchObject({
    status: 'accepted',
    providerId: '<AS8P1.abc@AS8P1.eurprd01.prod.outlook.com>',
  });
});

it('what was said before encryption counts for nothing after it', async () => {
  const script = ({ verb, secure }: SmtpStep) => {
    if (verb === 'EHLO' && !secure) return '250-test\r\n250-PIPELINING\r\n250-SIZE 10\r\n250 STARTTLS';
    if (verb === 'EHLO') return '250-test\r\n250 8BITMIME';
    return verb === 'STARTTLS'
      ? '220 Go ahead\r\n250-test\r\n250 SIZE 10\r\n550 5.1.1 No such user'
      : undefined;
  };
  const { transport, server } = await openAccount(
    { tls: loopbackCertificate, script },
    { host: 'localhost', security: 'starttls', tls: { ca: loopbackCertificate.authority } },
  );
  expect(await sendOne(transport, emailEnvelope())).toMatchObject({ status: 'accepted' });
  expect(server.steps.find(({ verb }) => verb === 'MAIL')?.line).not.toContain('SIZE');
});
