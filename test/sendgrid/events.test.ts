import { sendGridEvent } from '@posthorn/testing';
import { describe, expect, it } from 'vitest';
import { openSalon } from './salon.test-kit.ts';

const MAIL = { email: { subject: 'See you', text: 'Tomorrow at ten' } } as const;

/** One sent mail, and its provider. */
async function sentMail(email = 'anna@customers.example') {
  const salon = await openSalon([]);
  const { id } = await salon.posthorn.send({ to: { email }, ...MAIL });
  const [mail] = await salon.allSent();
  if (mail === undefined) throw new Error('Nothing left.');
  return {
    ...salon,
    id,
    mail,
    post: (...events: Parameters<typeof salon.provider.post>[1]) =>
      salon.provider.post(salon.webhookUrl, events),
    get: () => salon.posthorn.messages.get(id),
  };
}

describe('what SendGrid tells of a message', () => {
  it('is its outcome, however often and in whatever order it comes', async () => {
    const { post, get, mail, posthorn, id } = await sentMail();
    const seconds = Math.floor(Date.now() / 1000);
    const told = ['processed', 'delivered'].map((type, index) =>
      sendGridEvent(mail, type, { timestamp: seconds + index }),
    );
    const again = told.map((event) => ({ ...event, sg_event_id: 'another id' }));
    expect(await post(...told.toReversed())).toEqual([204]);
    expect(await post(...told, ...again)).toEqual([204]);
    expect(await get()).toMatchObject({ status: 'delivered', attempts: 1 });
    const types = (await posthorn.messages.timeline(id)).map(({ type }) => type);
    expect(types.filter((type) => type === 'delivered')).toHaveLength(1);
  });

  it('sets flags for what people did, and others for machines', async () => {
    const { post, get, mail } = await sentMail();
    await post(
      sendGridEvent(mail, 'delivered'),
      sendGridEvent(mail, 'open', { sg_machine_open: true }),
      sendGridEvent(mail, 'click', { url: 'https://salon.example/' }),
    );
    expect(await get()).toMatchObject({
      status: 'delivered',
      flags: { machineOpened: expect.any(Date), clicked: expect.any(Date), opened: null, complained: null },
    });
  });

  it('is found by the id that SendGrid gave, where the token is lost', async () => {
    const { post, get, mail } = await sentMail();
    await post({ ...sendGridEvent(mail, 'delivered'), posthorn_token: undefined });
    expect(await get()).toMatchObject({ status: 'delivered' });
  });

  it('of a domain without a mail server is a hard bounce, though SendGrid calls it blocked', async () => {
    const { post, get, mail } = await sentMail();
    const reason = 'unable to get mx info: no such host';
    await post(sendGridEvent(mail, 'bounce', { type: 'blocked', reason }));
    expect(await get()).toMatchObject({
      status: 'bounced',
      failure: { class: 'hard', category: 'unknown_domain' },
    });
  });

  it.each(['spamreport', 'unsubscribe', 'group_unsubscribe'])(
    'keeps bulk mail from who wants none: %s',
    async (type) => {
      const { post, get, mail, posthorn } = await sentMail();
      const willReceive = async () =>
        (await posthorn.broadcasts.plan({ to: { email: mail.to }, ...MAIL })).willReceive;
      expect(await willReceive()).toBe(1);
      await post(sendGridEvent(mail, type, { asm_group_id: 17 }));
      expect(await willReceive()).toBe(0);
      expect(await get()).toMatchObject({ status: 'accepted' });
      await post(sendGridEvent(mail, 'group_resubscribe', { asm_group_id: 18 }));
      expect(await willReceive()).toBe(0);
    },
  );

  it('of mail that is not ours is kept where people can see it', async () => {
    const { post, mail, posthorn, get } = await sentMail();
    const stranger = {
      sg_message_id: 'other.filter',
      email: 'somebody@else.example',
      posthorn_token: undefined,
    };
    expect(await post(sendGridEvent(mail, 'delivered', stranger))).toEqual([204]);
    expect(await get()).toMatchObject({ status: 'accepted' });
    const { items } = await posthorn.accounts.unmatchedReports('sendgrid');
    expect(items).toMatchObject([{ address: 'somebody@else.example', type: 'delivered' }]);
  });

  it('of a kind that we do not know changes nothing', async () => {
    const { post, get, mail } = await sentMail();
    expect(await post(sendGridEvent(mail, 'telepathy'))).toEqual([204]);
    expect(await get()).toMatchObject({ status: 'accepted' });
  });
});

describe('what SendGrid did not sign', () => {
  it('changes nothing, and is refused without a reason', async () => {
    const { get, mail, webhookUrl, provider } = await sentMail();
    const body = JSON.stringify([
      sendGridEvent(mail, 'bounce', { type: 'bounce', reason: '550 5.1.1 Gone' }),
    ]);
    const signed = provider.sign(body);
    const spoiled: readonly [Record<string, string>, string, number][] = [
      [{ 'content-type': 'application/json' }, body, 403],
      [signed, `${body} `, 403],
      [{ ...signed, 'x-twilio-email-event-webhook-timestamp': '1' }, body, 403],
      [{ ...signed, 'content-type': 'text/plain' }, body, 415],
      [provider.sign('{}'), '{}', 400],
    ];
    for (const [headers, text, status] of spoiled) {
      const answer = await fetch(webhookUrl, { method: 'POST', headers, body: text });
      expect([answer.status, await answer.text()]).toEqual([status, expect.not.stringContaining('ign')]);
    }
    expect(await get()).toMatchObject({ status: 'accepted' });
  });
});
