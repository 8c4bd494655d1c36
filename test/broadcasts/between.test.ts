import { describe, expect, it } from 'vitest';
import { everybody, LETTER, memberOf, openHall } from './hall.test-kit.ts';

/** What happens between the plan and the start. */

const inCity = (city: string) => ({
  combinator: 'and',
  rules: [{ field: 'city', operator: '=', value: city }],
});

describe('between plan and start', () => {
  it('people come, go and change: the list is of those who are there at the start', async () => {
    const { posthorn, members, email, settled, look } = await openHall({ members: 4 });
    const { id } = await posthorn.broadcasts.plan({ to: everybody, ...LETTER });
    members.push(memberOf(17));
    members.splice(0, 1);
    const [changed, mute] = members;
    if (changed !== undefined) changed.email = 'new@members.example';
    if (mute !== undefined) mute.email = null;
    await posthorn.broadcasts.start(id);
    await settled();
    expect(email.sent.map(({ to }) => to).sort()).toEqual([
      'm-0003@members.example',
      'm-0017@members.example',
      'new@members.example',
    ]);
    expect(await look(id)).toMatchObject({
      plan: { total: 4, willReceive: 4 },
      counts: { accepted: 3, skipped: 1 },
    });
  });

  it('somebody who was named is gone: everybody else is written to', async () => {
    const { posthorn, members, email, settled, look } = await openHall({ members: 3 });
    const to = members.map(({ id }) => ({ source: 'members', id }));
    const { id } = await posthorn.broadcasts.plan({ to: [...to, { email: 'guest@example.dk' }], ...LETTER });
    members.splice(1, 1);
    await posthorn.broadcasts.start(id);
    await settled();
    expect(email.sent.map((it) => it.to).sort()).toEqual([
      'guest@example.dk',
      'm-0000@members.example',
      'm-0002@members.example',
    ]);
    expect((await look(id)).status).toBe('finished');
  });

  it('everybody is gone: it is finished at once', async () => {
    const { posthorn, members, settled, look } = await openHall({ members: 3 });
    const { id } = await posthorn.broadcasts.plan({ to: everybody, ...LETTER });
    members.length = 0;
    await posthorn.broadcasts.start(id);
    await settled();
    expect(await look(id)).toMatchObject({ status: 'finished', counts: {} });
  });

  it('the template is edited: what was planned is sent', async () => {
    const { posthorn, email, settled } = await openHall({ members: 1 });
    const { templates, broadcasts } = posthorn;
    await templates.save({ key: 'closed', email: { subject: 'As agreed', text: 'Closed on Friday' } });
    const { id } = await broadcasts.plan({ to: everybody, template: 'closed' });
    await templates.save({ key: 'closed', email: { subject: 'Edited', text: 'Closed on Saturday' } });
    await templates.remove('closed');
    await broadcasts.start(id);
    await settled();
    expect(email.sent).toMatchObject([{ subject: 'As agreed', text: expect.stringContaining('Friday') }]);
  });

  it('the segment is edited, then removed: who was planned is written to', async () => {
    const { posthorn, members, email, settled } = await openHall({ members: 6 });
    const { segments, broadcasts } = posthorn;
    await segments.save({ key: 'near', source: 'members', where: inCity('Aarhus') });
    const { id } = await broadcasts.plan({ to: { segment: 'near' }, ...LETTER });
    await segments.save({ key: 'near', source: 'members', where: inCity('Odense') });
    await segments.remove('near');
    await broadcasts.start(id);
    await settled();
    const near = members.filter(({ city }) => city === 'Aarhus');
    expect(email.sent.map(({ to }) => to)).toEqual(near.map((it) => it.email));
  });

  it('the identity is removed: it is refused, and says why', async () => {
    const { posthorn, email, settled, look } = await openHall();
    const { identities, broadcasts } = posthorn;
    await identities.save({
      key: 'storm',
      channel: 'email',
      address: 'storm@club.example',
      account: 'server',
    });
    const { id } = await broadcasts.plan({ to: everybody, ...LETTER, identity: 'storm' });
    await identities.remove('email', 'storm');
    await broadcasts.start(id);
    await settled();
    expect(email.handedOver).toEqual([]);
    expect(await look(id)).toMatchObject({
      status: 'refused',
      failure: { code: 'unknown_identity', message: expect.stringContaining('storm') },
      counts: {},
    });
  });

  it('somebody unsubscribes: it is skipped, and the reason is kept', async () => {
    const { posthorn, email, settled, look } = await openHall({ members: 3 });
    const { id } = await posthorn.broadcasts.plan({ to: everybody, ...LETTER });
    await posthorn.suppressions.add({ email: 'm-0001@members.example', reason: 'unsubscribed' });
    await posthorn.broadcasts.start(id);
    await settled();
    expect(email.sent).toHaveLength(2);
    expect((await look(id)).counts).toEqual({ accepted: 2, skipped: 1 });
    const { items } = await posthorn.messages.list({ status: 'skipped' });
    expect(items).toMatchObject([{ reason: 'suppressed:unsubscribed', broadcast: id }]);
  });
});
