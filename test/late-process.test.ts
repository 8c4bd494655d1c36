import type { Answer } from '@posthorn/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { Host, type HostProcess, turns } from './hosts.test-kit.ts';

/** A process freezes while it hands a message over, for longer than its lease; another one takes its work. */

const LEASE_MS = 15_000;
const hosts: Host[] = [];
afterEach(async () => {
  for (const host of hosts.splice(0)) await host.close();
});

interface Frozen {
  readonly host: Host;
  readonly id: string;
  readonly process: HostProcess;
}

/** Anna's message is being handed over by the process, which is frozen before it hears the answer. */
async function freezeInTheMiddle(answer: Answer): Promise<Frozen> {
  const host = new Host(() => 3_000);
  hosts.push(host);
  const { office } = host;
  await office.identities.save({ key: 'salon', channel: 'email', address: 'hej@salonsol.dk' });
  host.answer('anna@example.dk', answer);
  const process = await host.boot();
  const { id } = await office.send({
    to: { email: 'anna@example.dk' },
    email: { subject: 'Hej', text: 'Hej' },
  });
  // The office works no queue, so the process finds it with its next look.
  host.clock.advance(1_000);
  await turns(50);
  expect(await office.messages.get(id)).toMatchObject({ status: 'sending' });
  process.gate.freezeAfter(0);
  return { host, id, process };
}

/** Another process takes over what the frozen one had. */
async function takeOver({ host, id }: Frozen): Promise<void> {
  await host.boot();
  host.clock.advance(LEASE_MS);
  await turns(50);
  host.clock.advance(1_000);
  await turns(50);
  expect(await host.office.messages.get(id)).toMatchObject({ status: 'unknown', work: 'done' });
}

/** The frozen one comes back, and hears its answer. */
async function comeBack({ host, process }: Frozen): Promise<void> {
  process.gate.thaw();
  host.clock.advance(3_000);
  await turns(50);
}

describe('a process that was away for longer than its lease', () => {
  it('still tells that its message was accepted', async () => {
    const frozen = await freezeInTheMiddle('accepted');
    await takeOver(frozen);
    await comeBack(frozen);
    expect(await frozen.host.office.messages.get(frozen.id)).toMatchObject({
      status: 'accepted',
      attempts: 1,
    });
  });

  it('still tells that its message bounced', async () => {
    const frozen = await freezeInTheMiddle('bounced');
    await takeOver(frozen);
    await comeBack(frozen);
    expect(await frozen.host.office.messages.get(frozen.id)).toMatchObject({
      status: 'bounced',
      attempts: 1,
    });
  });

  it.each(['deferred', 'credentials'] as const)(
    'takes a message back to waiting that was certainly not sent: %s',
    async (answer) => {
      const frozen = await freezeInTheMiddle(answer);
      const { office, clock } = frozen.host;
      await takeOver(frozen);
      await comeBack(frozen);
      const message = await office.messages.get(frozen.id);
      expect(message).toMatchObject({ status: 'deferred', work: 'queued' });
      await office.accounts.resume('server');
      for (let minute = 0; minute < 3; minute += 1) {
        clock.advance(60_000);
        await turns(50);
      }
      expect(await office.messages.get(frozen.id)).toMatchObject({ status: 'accepted', attempts: 2 });
    },
  );

  it('does not take it back where it was canceled in the meantime', async () => {
    const frozen = await freezeInTheMiddle('deferred');
    const { office } = frozen.host;
    expect(await office.messages.cancel(frozen.id)).toBe('too_late');
    await takeOver(frozen);
    await comeBack(frozen);
    expect(await office.messages.get(frozen.id)).toMatchObject({ status: 'canceled', work: 'done' });
  });

  it('leaves alone what a person has decided in the meantime', async () => {
    const frozen = await freezeInTheMiddle('deferred');
    const { office } = frozen.host;
    await takeOver(frozen);
    await office.messages.resolve([frozen.id], 'failed', { by: 'kim' });
    await comeBack(frozen);
    expect(await office.messages.get(frozen.id)).toMatchObject({ status: 'failed', work: 'done' });
  });
});
