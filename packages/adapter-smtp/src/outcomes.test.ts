import type { Outcome } from '@posthorn/core';
import { emailEnvelope, type SmtpStep } from '@posthorn/testing';
import { expect, it } from 'vitest';
import { openAccount, send, sendOne } from './account.test-kit.ts';

type Verb = 'MAIL' | 'RCPT' | 'DATA' | 'BODY' | 'MESSAGE';

/** The server answers this verb so, everything else as usual. */
const at = (verb: Verb, answer: string | null) => (step: SmtpStep) =>
  step.verb === verb ? answer : undefined;

const bounced = (bounceClass: string, category: string, fault: string, phase: string) => ({
  status: 'refused',
  retryable: false,
  failure: { bounceClass, category, fault, phase },
});
const later = (category: string, phase: string) => ({
  status: 'refused',
  retryable: true,
  failure: { category, phase },
});
const doubt = (category: string, phase: string) => ({ status: 'unknown', failure: { category, phase } });

const TABLE: readonly (readonly [Verb, string | null, object])[] = [
  ['MAIL', '550 5.7.1 Not you', bounced('blocked', 'sender_refused', 'sender', 'mail')],
  ['MAIL', '552 5.3.4 Too big', bounced('soft', 'message_too_large', 'content', 'mail')],
  ['MAIL', '421 4.3.2 Shutting down', later('server_error', 'mail')],
  ['MAIL', '451 4.3.0 Not now', later('server_error', 'mail')],
  ['MAIL', '530 5.7.0 Authentication required', later('credentials', 'mail')],
  ['MAIL', null, later('connection', 'mail')],
  ['RCPT', '550 5.1.1 No such user', bounced('hard', 'unknown_mailbox', 'recipient', 'rcpt')],
  ['RCPT', '550-5.1.1 No\r\n550 5.1.1 such user', bounced('hard', 'unknown_mailbox', 'recipient', 'rcpt')],
  ['RCPT', '552 5.2.2 Mailbox full', bounced('soft', 'mailbox_full', 'recipient', 'rcpt')],
  ['RCPT', '554 5.7.1 Refused by policy', bounced('blocked', 'policy', 'sender', 'rcpt')],
  ['RCPT', '550 No', bounced('undetermined', 'other', 'nobody', 'rcpt')],
  ['RCPT', '450 4.7.1 Try again', later('greylisted', 'rcpt')],
  ['RCPT', '452 4.2.2 Over quota', later('mailbox_full', 'rcpt')],
  [
    'RCPT',
    '421 4.7.0 Slow down',
    { status: 'refused', retryable: true, failure: { category: 'rate_limited' } },
  ],
  ['RCPT', null, { status: 'refused', retryable: true, failure: { category: 'connection' } }],
  ['DATA', '554 5.5.1 No valid recipients', bounced('undetermined', 'protocol', 'nobody', 'data')],
  ['DATA', '451 4.3.0 Disk trouble', later('server_error', 'data')],
  ['DATA', '421 4.3.2 Bye', later('server_error', 'data')],
  ['DATA', '250 2.0.0 Ok', later('protocol', 'data')],
  ['RCPT', '354 Go ahead', later('protocol', 'rcpt')],
  ['MAIL', 'fine', later('protocol', 'mail')],
  ['DATA', null, { status: 'refused', retryable: true, failure: { category: 'connection' } }],
  ['BODY', null, doubt('connection', 'after_body')],
  [
    'MESSAGE',
    '250 2.0.0 Ok: queued as 42',
    { status: 'accepted', reply: { code: 250, text: 'Ok: queued as 42' } },
  ],
  ['MESSAGE', '250-2.0.0 Ok\r\n250 2.0.0 queued', { status: 'accepted' }],
  ['MESSAGE', '550 5.1.1 No such user', bounced('hard', 'unknown_mailbox', 'recipient', 'after_body')],
  ['MESSAGE', '554 5.7.1 Spam', bounced('blocked', 'policy', 'sender', 'after_body')],
  [
    'MESSAGE',
    '550 5.7.26 Unauthenticated',
    bounced('blocked', 'authentication_failed', 'sender', 'after_body'),
  ],
  ['MESSAGE', '451 4.3.0 Try again', later('server_error', 'after_body')],
  ['MESSAGE', '421 4.3.2 Shutting down', later('server_error', 'after_body')],
  ['MESSAGE', '354 More', doubt('protocol', 'body')],
  ['MESSAGE', 'fine', doubt('protocol', 'after_body')],
  ['MESSAGE', null, doubt('connection', 'after_body')],
];

for (const pipelining of [true, false]) {
  const extensions = pipelining ? ['PIPELINING', '8BITMIME', 'SIZE 1000000'] : [];
  it.concurrent.each(TABLE)(
    `${pipelining ? 'pipelined' : 'step by step'}: %s answered %s`,
    async (verb, answer, expected) => {
      const { transport } = await openAccount({ extensions, script: at(verb, answer) });
      const outcome = await sendOne(transport, emailEnvelope());
      expect(outcome).toMatchObject(expected);
      if (outcome?.status === 'refused' && outcome.retryable)
        expect(outcome.failure.bounceClass).toBeUndefined();
    },
  );
}

it('a server that defers twice and then takes it is asked three times', async () => {
  let refusals = 0;
  const script = ({ verb }: SmtpStep) => (verb === 'RCPT' && ++refusals <= 2 ? '450 4.2.0 Busy' : undefined);
  const { transport, server } = await openAccount({ script });
  const outcomes: (Outcome | undefined)[] = [];
  for (let attempt = 1; attempt <= 3; attempt += 1)
    outcomes.push(await sendOne(transport, emailEnvelope({ attempt })));
  expect(outcomes.map((outcome) => outcome?.status)).toEqual(['refused', 'refused', 'accepted']);
  expect(server.taken).toHaveLength(1);
});

it('a reply of 900,000 characters is kept in its first 1,000', async () => {
  const { transport } = await openAccount({ script: at('RCPT', `550 5.1.1 ${'x'.repeat(900_000)}`) });
  const outcome = await sendOne(transport, emailEnvelope());
  expect(outcome).toMatchObject(bounced('hard', 'unknown_mailbox', 'recipient', 'rcpt'));
  expect(outcome).toHaveProperty('failure.reply.text.length', 1000);
});

it('a reply without end is no reply', async () => {
  const { transport } = await openAccount({ script: at('RCPT', `550-${'x\r\n550-'.repeat(300_000)}`) });
  expect(await sendOne(transport, emailEnvelope())).toMatchObject({ status: 'refused', retryable: true });
});

it('a yes before the message was over does not count', async () => {
  const script = ({ verb }: SmtpStep) => (verb === 'BODY' ? '250 2.0.0 Sure' : undefined);
  const { transport } = await openAccount({ script });
  const text = ['x'.repeat(20_000_000)];
  const { skeleton } = emailEnvelope();
  const outcome = await sendOne(transport, emailEnvelope({ skeleton: { ...skeleton, text } }));
  expect(outcome).toMatchObject(doubt('protocol', 'body'));
});

it('silence after the data is in doubt, silence before them is not', async () => {
  const silent = (verb: Verb) => (step: SmtpStep) =>
    step.verb === verb ? new Promise<undefined>(() => undefined) : undefined;
  const settings = { replyTimeoutMs: 150 };
  const before = await openAccount({ script: silent('RCPT') }, settings);
  const after = await openAccount({ script: silent('MESSAGE') }, settings);
  expect(await sendOne(before.transport, emailEnvelope())).toMatchObject(later('timeout', 'rcpt'));
  expect(await sendOne(after.transport, emailEnvelope())).toMatchObject(doubt('timeout', 'after_body'));
});

it('a no before the message was over refuses it, and its end is never sent', async () => {
  const script = ({ verb }: SmtpStep) => (verb === 'BODY' ? '552 5.3.4 Too big' : undefined);
  const { transport, server } = await openAccount({ script });
  const { skeleton } = emailEnvelope();
  const large = emailEnvelope({ skeleton: { ...skeleton, text: ['x'.repeat(20_000_000)] } });
  expect(await sendOne(transport, large)).toMatchObject(
    bounced('soft', 'message_too_large', 'content', 'after_body'),
  );
  expect(server.received).toHaveLength(0);
});

it('a message larger than the server announces is not even begun', async () => {
  const { transport, server } = await openAccount({ extensions: ['SIZE 100'] });
  expect(await sendOne(transport, emailEnvelope())).toMatchObject(
    bounced('soft', 'message_too_large', 'content', 'mail'),
  );
  expect(server.steps.map(({ verb }) => verb)).not.toContain('MAIL');
});

it('an address outside ASCII needs SMTPUTF8; its domain goes as A-labels', async () => {
  const envelope = () => emailEnvelope({ to: { address: 'søren@blåbær.example' } });
  const without = await openAccount();
  expect(await sendOne(without.transport, envelope())).toMatchObject(
    bounced('undetermined', 'invalid_address', 'nobody', 'rcpt'),
  );
  const modern = await openAccount({ extensions: ['SMTPUTF8', '8BITMIME'] });
  expect(await sendOne(modern.transport, envelope())).toMatchObject({ status: 'accepted' });
  expect(modern.server.taken[0]?.to).toEqual(['søren@xn--blbr-roah.example']);
  expect(modern.server.steps.find(({ verb }) => verb === 'MAIL')?.line).toContain('SMTPUTF8');
});

it.each([
  ['a sender', { from: { address: 'søren@salon.example' } }],
  ['a reply address', { replyTo: { address: 'søren@salon.example' } }],
])('%s outside ASCII is refused where the server does not offer SMTPUTF8', async (_who, parts) => {
  const { transport, server } = await openAccount();
  expect(await sendOne(transport, emailEnvelope(parts))).toMatchObject(
    bounced('blocked', 'sender_refused', 'sender', 'mail'),
  );
  expect(server.steps.map(({ verb }) => verb)).not.toContain('MAIL');
});

it('a sender outside ASCII goes where the server offers SMTPUTF8, declared, even with a bounce domain', async () => {
  const modern = { extensions: ['SMTPUTF8', '8BITMIME'] };
  const { transport, server } = await openAccount(modern, { bounceDomain: 'bounce.example' });
  const address = 'søren@salon.example';
  expect(await sendOne(transport, emailEnvelope({ from: { address }, replyTo: { address } }))).toMatchObject({
    status: 'accepted',
  });
  const mail = server.steps.find(({ verb }) => verb === 'MAIL')?.line;
  expect(mail).toMatch(/^MAIL FROM:<søren@salon\.example> SMTPUTF8 BODY=8BITMIME/);
});

it('a reply address outside ASCII alone is refused: nothing in the envelope would declare it', async () => {
  const { transport, server } = await openAccount({ extensions: ['SMTPUTF8', '8BITMIME'] });
  const replyTo = { address: 'søren@salon.example' };
  expect(await sendOne(transport, emailEnvelope({ replyTo }))).toMatchObject(
    bounced('blocked', 'sender_refused', 'sender', 'mail'),
  );
  expect(server.taken).toHaveLength(0);
});

it('an address that would add a command is refused, and the next message goes out', async () => {
  const { transport, server } = await openAccount();
  const hostile = emailEnvelope({ to: { address: 'a@b.example>\r\nRCPT TO:<everybody@b.example' } });
  expect(await sendOne(transport, hostile)).toMatchObject(
    bounced('undetermined', 'invalid_address', 'nobody', 'rcpt'),
  );
  expect(server.steps.map(({ verb }) => verb)).not.toContain('RCPT');
  expect(await sendOne(transport, emailEnvelope())).toMatchObject({ status: 'accepted' });
});

it('a message that cannot be built is tried again, and the next goes out', async () => {
  const { transport, server } = await openAccount({}, { maxConnections: 1 });
  const broken = emailEnvelope({ attachments: [null as never] });
  const outcome = await sendOne(transport, broken);
  expect(outcome).toMatchObject({ status: 'refused', retryable: true, failure: { category: 'other' } });
  expect(outcome).toHaveProperty('failure.reply.text', expect.stringMatching(/could not be built: ./));
  expect(await sendOne(transport, emailEnvelope())).toMatchObject({ status: 'accepted' });
  expect(server.steps.filter(({ verb }) => verb === 'CONNECT')).toHaveLength(1);
});

it('one bad recipient costs the others nothing, not even a connection', async () => {
  const script = ({ verb, line }: SmtpStep) =>
    verb === 'RCPT' && line.includes('gone') ? '550 5.1.1 Who?' : undefined;
  const { transport, server } = await openAccount({ script }, { maxConnections: 1 });
  const batch = Array.from({ length: 9 }, (_, index) =>
    emailEnvelope({ to: { address: `${index % 3 === 1 ? 'gone' : 'here'}-${index}@customers.example` } }),
  );
  const outcomes = await send(transport, batch);
  expect(batch.map(({ messageId }) => outcomes.get(messageId)?.status)).toEqual(
    batch.map(({ to }) => (to.address.startsWith('gone') ? 'refused' : 'accepted')),
  );
  expect(server.steps.filter(({ verb }) => verb === 'CONNECT')).toHaveLength(1);
});

it('no form of the password comes back, though the server repeats whatever it hears', async () => {
  const password = 'open sesame 77';
  let heard = '';
  const script = ({ verb, line }: SmtpStep) => {
    heard += ` ${line}`;
    const last = Buffer.from(line.split(' ')[2] ?? '', 'base64')
      .toString()
      .replaceAll('\0', ' ');
    return verb === 'AUTH' ? `535 5.7.8 ${heard} ${last} ${password}` : undefined;
  };
  const account = { username: 'anna', password };
  const { transport } = await openAccount({ script, users: { anna: 'other' } }, account);
  const outcome = JSON.stringify(await sendOne(transport, emailEnvelope()));
  const verification = JSON.stringify(await transport.verify({ signal: new AbortController().signal }));
  for (const said of [outcome, verification]) {
    expect(said).toContain('535');
    expect(said).not.toContain('sesame');
    expect(said).not.toContain(Buffer.from(password).toString('base64').slice(0, 12));
    expect(said).not.toContain(Buffer.from(`\0anna\0${password}`).toString('base64').slice(0, 16));
  }
});
