import { describe, expect, it } from 'vitest';
import { everybody, type Hall, LETTER, memberOf, openHall, WINDOW } from './hall.test-kit.ts';

const EACH = 2_000;
const single = { to: { email: 'anna@example.dk' }, email: { subject: 'Your table', text: 'At seven.' } };

/** A broadcast of which a window stands at the mail server's door. */
async function atTheDoor({ posthorn, door, until }: Hall): Promise<string> {
  const { id } = await posthorn.broadcasts.plan({ to: everybody, ...LETTER });
  door.let(0);
  await posthorn.start();
  await posthorn.broadcasts.start(id);
  await until(() => door.waiting === WINDOW);
  return id;
}

describe('while a broadcast is on its way', () => {
  it('a single message is the next to leave', async () => {
    const hall = await openHall({ members: 600 });
    const { posthorn, door, email, until } = hall;
    await atTheDoor(hall);
    const { id } = await posthorn.send(single);
    await until(async () => (await hall.posthorn.messages.get(id))?.work === 'queued');
    for (let turn = 0; turn < 100; turn += 1) await new Promise(setImmediate);
    door.let(WINDOW + 1);
    await until(() => email.sent.length === WINDOW + 1);
    expect(email.sent.at(-1)?.to).toBe('anna@example.dk');
  });

  it('a single message that is due by then overtakes it, too', async () => {
    const hall = await openHall({ members: 600 });
    const { posthorn, clock, door, email, until } = hall;
    await posthorn.send({ ...single, sendAt: new Date(clock.now() + 60_000) });
    await atTheDoor(hall);
    clock.advance(60_000);
    for (let turn = 0; turn < 100; turn += 1) await new Promise(setImmediate);
    door.let(WINDOW + 1);
    await until(() => email.sent.length === WINDOW + 1);
    expect(email.sent.map(({ to }) => to)).toContain('anna@example.dk');
  });

  it('who unsubscribes before it is their turn is skipped', async () => {
    const hall = await openHall({ members: 300 });
    const { posthorn, door, email, settled, look } = hall;
    const id = await atTheDoor(hall);
    const left = ['m-0100@members.example', 'm-0299@members.example'];
    for (const address of left) await posthorn.suppressions.add({ email: address, reason: 'unsubscribed' });
    door.let(Number.POSITIVE_INFINITY);
    await settled();
    expect(await look(id)).toMatchObject({ status: 'finished', counts: { accepted: 298, skipped: 2 } });
    expect(email.handedOver.filter(({ to }) => left.includes(to))).toEqual([]);
    const { items } = await posthorn.messages.list({ broadcast: id, status: 'skipped' });
    expect(items.map(({ reason }) => reason)).toEqual(['suppressed:unsubscribed', 'suppressed:unsubscribed']);
  });

  it('one of its messages can be canceled by itself', async () => {
    const hall = await openHall({ members: 30 });
    const { posthorn, door, settled, look } = hall;
    const id = await atTheDoor(hall);
    const recipient = { source: 'members', id: 'm-0020' };
    const [message] = (await posthorn.messages.list({ broadcast: id, recipient })).items;
    expect(await posthorn.messages.cancel(message?.id ?? '')).toBe('canceled');
    door.let(Number.POSITIVE_INFINITY);
    await settled();
    expect(await look(id)).toMatchObject({ status: 'finished', counts: { accepted: 29, canceled: 1 } });
  });

  it('everybody reads their own data, and from the one who writes', async () => {
    const hall = await openHall({ members: 3 });
    const { posthorn, email, settled } = hall;
    const { id } = await posthorn.broadcasts.plan({
      to: everybody,
      email: { subject: 'Dear {{ member.name }}', text: 'Closed.' },
      replyTo: 'office@club.example',
    });
    await posthorn.broadcasts.start(id);
    await settled();
    expect(email.sent.map(({ to, subject, replyTo }) => [to, subject, replyTo])).toEqual(
      hall.members.map((it) => [it.email, `Dear ${it.id}`, 'office@club.example']),
    );
  });
});

describe('the broadcasts of two tenants by one server', () => {
  it('take turns: neither waits for the other to end', async () => {
    const hall = await openHall({ members: EACH });
    const { posthorn, members, door, email, settled, until } = hall;
    members.push(...Array.from({ length: EACH }, (_, index) => memberOf(EACH + index, { company: 'south' })));
    door.let(0);
    await posthorn.start();
    for (const company of ['north', 'south']) {
      const { identities, broadcasts } = posthorn.tenant(company);
      await identities.save({
        key: 'club',
        channel: 'email',
        address: 'hello@club.example',
        account: 'server',
      });
      const { id, total } = await broadcasts.plan({ to: everybody, ...LETTER });
      expect(total).toBe(EACH);
      await broadcasts.start(id);
      await until(async () => (await broadcasts.get(id))?.status === 'sending');
    }
    door.let(Number.POSITIVE_INFINITY);
    await settled();
    const writers = email.sent.map(({ tenant }) => tenant);
    expect(writers).toHaveLength(2 * EACH);
    const firstEnd = Math.min(writers.lastIndexOf('north'), writers.lastIndexOf('south'));
    const sentOfOther = firstEnd + 1 - EACH;
    expect(sentOfOther).toBeGreaterThanOrEqual(EACH / 2);
  });

  it('are nobody else’s: neither is found, started, paused or canceled by the other', async () => {
    const hall = await openHall({ members: 5 });
    const { posthorn, email, settled } = hall;
    const [north, south] = [posthorn.tenant('north'), posthorn.tenant('south')];
    await north.identities.save({
      key: 'club',
      channel: 'email',
      address: 'hello@north.example',
      account: 'server',
    });
    await south.identities.save({
      key: 'club',
      channel: 'email',
      address: 'hello@south.example',
      account: 'server',
    });
    const { id } = await north.broadcasts.plan({ to: everybody, ...LETTER });
    for (const other of [south, posthorn]) {
      expect(await other.broadcasts.get(id)).toBeNull();
      expect((await other.broadcasts.list()).items).toEqual([]);
      for (const call of ['start', 'pause', 'resume', 'cancel', 'retryFailed'] as const) {
        await expect(other.broadcasts[call](id)).rejects.toMatchObject({ code: 'unknown_broadcast' });
      }
    }
    expect(await south.broadcasts.plan({ to: everybody, ...LETTER })).toMatchObject({ total: 0 });
    await north.broadcasts.start(id);
    await settled();
    expect(email.sent.map(({ tenant }) => tenant)).toEqual(Array(5).fill('north'));
  });
});
