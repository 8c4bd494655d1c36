import type { SmtpStep } from '@posthorn/testing';
import { describe, expect, it } from 'vitest';
import { openSalonOn, PASSWORD, receivedFor, startStrictServer, takenFor } from './strict-server.test-kit.ts';

const SECOND = 1_000;
const WEEK = 7 * 24 * 3_600 * SECOND;

/** The server answers this verb so, as often as it is given answers; then as usual. */
function saying(verb: string, ...answers: readonly (string | null)[]) {
  const left = [...answers];
  return (step: SmtpStep) => (step.verb === verb ? left.shift() : undefined);
}

const count = (steps: readonly SmtpStep[], verb: string) => steps.filter((step) => step.verb === verb).length;

it('sends by a company’s own account: logged in over STARTTLS, nothing in the clear', async () => {
  const server = await startStrictServer();
  const salon = await openSalonOn(server);
  const accepted = salon.next('message.accepted');
  const { id } = await salon.confirm('anna');
  expect(await accepted).toMatchObject({ message: { id, status: 'accepted', work: 'done', attempts: 1 } });
  expect(takenFor(server)).toEqual(['anna@kunder.example']);
  const inTheClear = server.steps.filter(({ secure }) => !secure).map(({ verb }) => verb);
  expect(inTheClear).toEqual(['CONNECT', 'EHLO', 'STARTTLS']);
  expect(await salon.told(id)).toEqual([
    ['created', 'Skrevet til anna.', 'Written to anna.'],
    [
      'accepted',
      'Mailserveren har taget imod den og sørger for resten af vejen.',
      'The mail server has taken it and answers for the rest of the way.',
    ],
  ]);
});

it('450 twice, then 250: deferred, deferred, accepted, and the customer has it once', async () => {
  const server = await startStrictServer(saying('RCPT', '450 4.3.2 Busy', '450 4.3.2 Busy'));
  const salon = await openSalonOn(server);
  const deferred = salon.next('message.deferred');
  const { id } = await salon.confirm('anna');
  expect((await deferred).message).toMatchObject({
    status: 'deferred',
    work: 'queued',
    failure: { class: null, category: 'server_error', fault: 'nobody', reply: { code: 450 } },
  });

  const again = salon.next('message.deferred');
  salon.clock.advance(20 * SECOND);
  await again;
  const accepted = salon.next('message.accepted');
  salon.clock.advance(40 * SECOND);
  expect((await accepted).message).toMatchObject({ id, failure: null, attempts: 3 });

  expect(salon.events).toEqual([
    'message.queued',
    'message.deferred',
    'message.deferred',
    'message.accepted',
  ]);
  expect(receivedFor(server)).toEqual(['anna@kunder.example']);
  expect((await salon.told(id))[1]).toEqual([
    'deferred',
    'Ikke taget imod endnu; den forsøges igen af sig selv. Serveren havde selv problemer. Svaret: “450 4.3.2 Busy”',
    'Not taken yet; it is tried again by itself. The server had trouble of its own. The answer: “450 4.3.2 Busy”',
  ]);
});

describe('refused for good: bounced, and never tried again', () => {
  it.each([
    {
      verb: 'RCPT',
      answer: '550 5.1.1 No such user',
      failure: { class: 'hard', category: 'unknown_mailbox', fault: 'recipient' },
      da: 'Mailserveren afviste den endeligt. Postkassen findes ikke.',
      en: 'The mail server refused it for good. There is no such mailbox.',
    },
    {
      verb: 'RCPT',
      answer: '552 5.2.2 Mailbox full',
      failure: { class: 'soft', category: 'mailbox_full', fault: 'recipient' },
      da: 'Mailserveren afviste den; en anden dag kan det gå. Postkassen er fuld.',
      en: 'The mail server refused it; another day it may work. The mailbox is full.',
    },
    {
      verb: 'RCPT',
      answer: '554 5.7.1 Not wanted here',
      failure: { class: 'blocked', category: 'policy', fault: 'sender' },
      da: 'Mailserveren vil ikke have den fra os. Modtagersidens regler forbyder det.',
      en: 'The mail server does not want it from us. The receiving side’s rules forbid it.',
    },
    {
      verb: 'MAIL',
      answer: '550 5.7.1 You may not send as this address',
      failure: { class: 'blocked', category: 'sender_refused', fault: 'sender' },
      da: 'Mailserveren vil ikke have den fra os. Afsenderadressen blev afvist.',
      en: 'The mail server does not want it from us. The sender address was refused.',
    },
  ])('$answer, to $verb', async ({ verb, answer, failure, da, en }) => {
    const server = await startStrictServer(saying(verb, answer));
    const salon = await openSalonOn(server);
    const bounced = salon.next('message.bounced');
    const { id } = await salon.confirm('anna');
    expect((await bounced).bounce).toMatchObject(failure);
    expect(await salon.posthorn.messages.get(id)).toMatchObject({
      status: 'bounced',
      work: 'done',
      attempts: 1,
      failure,
    });
    expect((await salon.told(id)).at(-1)).toEqual([
      'bounced',
      `${da} Svaret: “${answer}”`,
      `${en} The answer: “${answer}”`,
    ]);

    salon.clock.advance(WEEK);
    expect(await salon.posthorn.drain({ maxMs: 0 })).toEqual({ finished: true });
    expect(count(server.steps, 'MAIL')).toBe(1);
    expect(server.received).toHaveLength(0);
  });
});

describe('a 421 in the middle of a session', () => {
  async function sendTwo(answers: readonly string[]) {
    const left = [...answers];
    const script = ({ verb, line }: SmtpStep) =>
      verb === 'RCPT' && line.includes('bo@') ? left.shift() : undefined;
    const server = await startStrictServer(script);
    const salon = await openSalonOn(server);
    const first = salon.next('message.accepted');
    await salon.confirm('anna');
    await first;
    return { server, salon };
  }

  it('is answered with a new session at once, as it may only have been about the old one', async () => {
    const { server, salon } = await sendTwo(['421 4.3.2 Shutting down']);
    const accepted = salon.next('message.accepted');
    const { id } = await salon.confirm('bo');
    expect((await accepted).message).toMatchObject({ id, attempts: 1 });
    expect(count(server.steps, 'CONNECT')).toBe(2);
    expect(takenFor(server)).toEqual(['anna@kunder.example', 'bo@kunder.example']);
  });

  it('and in the new one: deferred, and accepted at the next attempt', async () => {
    const { server, salon } = await sendTwo(['421 4.3.2 Shutting down', '421 4.3.2 Shutting down']);
    const deferred = salon.next('message.deferred');
    const { id } = await salon.confirm('bo');
    expect((await deferred).message.failure).toMatchObject({
      class: null,
      category: 'server_error',
      fault: 'nobody',
      reply: { code: 421 },
    });
    const accepted = salon.next('message.accepted');
    salon.clock.advance(13 * SECOND);
    expect((await accepted).message).toMatchObject({ id, attempts: 2 });
    expect(count(server.steps, 'CONNECT')).toBe(3);
    expect(takenFor(server)).toEqual(['anna@kunder.example', 'bo@kunder.example']);
  });
});

it('a cut after DATA: in doubt, tried again by nobody, and settled by a person', async () => {
  const server = await startStrictServer(saying('MESSAGE', null));
  const salon = await openSalonOn(server);
  const doubt = salon.next('message.unknown');
  const { id } = await salon.confirm('anna');
  await doubt;
  expect(await salon.posthorn.messages.get(id)).toMatchObject({
    status: 'unknown',
    work: 'done',
    failure: { class: null, category: 'connection', fault: 'network' },
  });
  expect((await salon.told(id)).at(-1)).toEqual([
    'unknown',
    expect.stringMatching(
      /^Den blev afleveret, men der kom intet svar: Den kan være sendt\..* Forbindelsen til serveren brød sammen\. Teknisk: “/,
    ),
    expect.stringMatching(
      /^It was handed over, but no answer came: it may have been sent\..* The connection to the server failed\. In technical terms: “/,
    ),
  ]);

  salon.clock.advance(WEEK);
  expect(await salon.posthorn.drain({ maxMs: 0 })).toEqual({ finished: true });
  expect(receivedFor(server)).toEqual(['anna@kunder.example']);
  await salon.posthorn.messages.resolve([id], 'accepted', { by: 'kim' });
  expect(await salon.posthorn.messages.get(id)).toMatchObject({ status: 'accepted', attempts: 1 });
  expect(receivedFor(server)).toHaveLength(1);
});

it('a server that does not greet in time: deferred, and fine once it does', async () => {
  const script = ({ verb, connection }: SmtpStep) =>
    verb === 'CONNECT' && connection === 1 ? new Promise<undefined>(() => undefined) : undefined;
  const server = await startStrictServer(script);
  const salon = await openSalonOn(server, { connectionTimeoutMs: 2_000 });
  const deferred = salon.next('message.deferred');
  const { id } = await salon.confirm('anna');
  expect((await deferred).message.failure).toMatchObject({
    class: null,
    category: 'timeout',
    fault: 'network',
  });
  const accepted = salon.next('message.accepted');
  salon.clock.advance(13 * SECOND);
  expect((await accepted).message).toMatchObject({ id, attempts: 2 });
  expect(takenFor(server)).toEqual(['anna@kunder.example']);
  expect((await salon.told(id))[1]?.[1]).toMatch(/^Ikke taget imod endnu; .* Serveren svarede ikke i tide\./);
});

it('a certificate that nobody trusts: no password leaves, the message waits for a better account', async () => {
  const server = await startStrictServer();
  const salon = await openSalonOn(server, { tls: {} });
  const deferred = salon.next('message.deferred');
  const { id } = await salon.confirm('anna');
  const { message } = await deferred;
  expect(message.failure).toMatchObject({ class: null, category: 'tls', fault: 'network' });
  expect(message.failure?.reply?.text).toMatch(/^The certificate of localhost .*not trusted/);
  expect(server.steps.map(({ verb }) => verb)).toEqual(['CONNECT', 'EHLO', 'STARTTLS']);

  const accepted = salon.next('message.accepted');
  await salon.saveAccount(salon.trusting);
  salon.clock.advance(150 * SECOND);
  expect((await accepted).message).toMatchObject({ id, attempts: 2 });
  expect(takenFor(server)).toEqual(['anna@kunder.example']);
});

describe('a wrong password', () => {
  it('pauses the account and spends no attempt; the right one lets the message go', async () => {
    const server = await startStrictServer();
    const salon = await openSalonOn(server, { password: 'forkert' });
    const paused = salon.next('account.paused');
    const { id } = await salon.confirm('anna');
    expect(await paused).toMatchObject({
      tenant: 'default',
      account: 'own-server',
      adapter: 'smtp',
      reason: 'credentials',
      message: expect.stringContaining('535 5.7.8'),
    });
    expect(await salon.posthorn.accounts.get('own-server')).toMatchObject({
      paused: { reason: 'credentials' },
    });
    await expect
      .poll(() => salon.posthorn.messages.get(id))
      .toMatchObject({
        status: 'queued',
        work: 'queued',
        attempts: 0,
      });
    expect((await salon.told(id)).at(-1)).toEqual([
      'requeued',
      expect.stringMatching(/^Kontoen kunne ikke logge ind\. Beskeden venter, til kontoen virker igen\./),
      expect.stringMatching(
        /^The account could not log in\. The message waits until the account works again\./,
      ),
    ]);

    salon.clock.advance(WEEK);
    await salon.confirm('bo');
    expect(await salon.posthorn.drain({ maxMs: 0 })).toEqual({ finished: true });
    expect(count(server.steps, 'AUTH')).toBe(1);

    await salon.saveAccount({ password: 'stadig forkert' });
    expect(await salon.posthorn.accounts.get('own-server')).toMatchObject({
      paused: { reason: 'credentials' },
    });
    const resumed = salon.next('account.resumed');
    await salon.saveAccount({ password: PASSWORD });
    await resumed;
    await expect.poll(() => takenFor(server).length).toBe(2);
    expect(new Set(takenFor(server))).toEqual(new Set(['anna@kunder.example', 'bo@kunder.example']));
    await expect
      .poll(() => salon.posthorn.messages.get(id))
      .toMatchObject({
        status: 'accepted',
        attempts: 1,
      });
    expect(receivedFor(server)).toHaveLength(2);
  });
});
