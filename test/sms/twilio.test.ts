import { describe, expect, it } from 'vitest';
import { everybody } from './salon.test-kit.ts';
import { openTwilioSalon } from './twilio-salon.test-kit.ts';

const ANNA = { id: '1', phone: '20 12 34 56' };
const BO = { id: '2', phone: '+45 20 12 34 57' };
const LANDLINE = { id: '3', phone: '+49 30 123456' };
const REPLY = { key: 'reply', channel: 'sms', address: '+4520000000' } as const;
/** 71 characters with one ellipsis: two parts of 67, or one of 160. */
const text = `Kære kunde, vi holder lukket i morgen og er tilbage på torsdag…${'x'.repeat(8)}`;
const sms = { text };

describe('a Danish plan with one …', () => {
  const customers = [ANNA, BO, LANDLINE];

  it('counts parts of 67 characters, names the character and says the price in kroner', async () => {
    const { posthorn } = await openTwilioSalon({ customers });
    await posthorn.identities.save(REPLY);
    expect(text).toHaveLength(71);
    const plan = await posthorn.broadcasts.plan({ channel: 'sms', to: everybody, sms });
    expect(plan).toMatchObject({ willReceive: 2, segments: 4, cost: { amount: '1.40', currency: 'DKK' } });
    expect(plan.skipped).toMatchObject([{ reason: 'landline', count: 1 }]);
    expect(plan.warnings).toMatchObject([
      { code: 'sms_unicode', message: expect.stringMatching(/“…” \(U\+2026\).*70 tegn/) },
    ]);
    const short = await posthorn.broadcasts.plan({
      channel: 'sms',
      to: everybody,
      sms: { text: text.slice(0, 70) },
    });
    expect(short).toMatchObject({ segments: 2, cost: { amount: '0.70', currency: 'DKK' } });
  });

  it('costs half with smart replacement, and what is planned, previewed, sent and kept is one text', async () => {
    const { posthorn, provider, work } = await openTwilioSalon({
      customers,
      settings: { smartReplacement: true },
    });
    await posthorn.identities.save(REPLY);
    const preview = await posthorn.preview({ sms });
    const plan = await posthorn.broadcasts.plan({ channel: 'sms', to: everybody, sms });
    expect(plan).toMatchObject({ segments: 2, cost: { amount: '0.70', currency: 'DKK' }, warnings: [] });
    await posthorn.broadcasts.start(plan.id);
    await work();
    const { items } = await posthorn.messages.list({ status: 'accepted' });
    expect(items).toHaveLength(2);
    const plain = text.replace('…', '...');
    expect(preview).toMatchObject({
      text: plain,
      sms: { length: 73, segments: 1, price: { amount: '0.35' } },
    });
    expect(provider.messages.map(({ to }) => to).sort()).toEqual(['+4520123456', '+4520123457']);
    for (const { body } of provider.messages) expect(body).toBe(plain);
    for (const { id } of items) expect((await posthorn.messages.rendered(id)).text).toBe(plain);
  });
});

describe('the exact copy of a message with replaced signs', () => {
  const settings = { smartReplacement: true };

  it('keeps the mask of a sensitive value as it is', async () => {
    const { posthorn, provider, work } = await openTwilioSalon({ settings });
    const message = await posthorn.send({
      channel: 'sms',
      to: { phone: ANNA.phone },
      sms: { text: 'Din kode – {{ code }}' },
      data: { code: '1234' },
    });
    await work();
    expect(provider.messages[0]?.body).toBe('Din kode - 1234');
    expect((await posthorn.messages.rendered(message.id)).text).toBe('Din kode - ••••••');
  });

  it('shows them as a company’s own account has them sent', async () => {
    const { posthorn, provider, work } = await openTwilioSalon();
    const { url: baseUrl, accountSid, authToken } = provider;
    await posthorn.accounts.save({
      key: 'own',
      adapter: 'twilio',
      settings: { baseUrl, accountSid, authToken, smartReplacement: true },
    });
    await posthorn.identities.save({ ...REPLY, account: 'own' });
    const content = { channel: 'sms', sms: { text: 'Vi ses – i morgen' } } as const;
    const message = await posthorn.send({ ...content, to: { phone: ANNA.phone } });
    await work();
    expect(provider.messages[0]?.body).toBe('Vi ses - i morgen');
    expect((await posthorn.messages.rendered(message.id)).text).toBe('Vi ses - i morgen');
    expect((await posthorn.preview(content)).text).toBe('Vi ses - i morgen');
  });
});

describe('a text of more than 1,600 characters', () => {
  it('is warned about before anything is sent, and not sent', async () => {
    const { posthorn, provider, work } = await openTwilioSalon({ customers: [ANNA] });
    await posthorn.identities.save(REPLY);
    const content = { channel: 'sms', sms: { text: 'x'.repeat(1601) } } as const;
    const plan = await posthorn.broadcasts.plan({ ...content, to: everybody });
    expect(plan.warnings).toEqual([
      { code: 'sms_too_long', message: '1 sms er længere, end udbyderen tager imod, og vil blive afvist.' },
    ]);
    const { warnings } = await posthorn.preview({ ...content, data: {} });
    expect(warnings.map(({ code }) => code)).toContain('sms_too_long');
    await posthorn.broadcasts.start(plan.id);
    await work();
    expect(provider.messages).toEqual([]);
    const { items } = await posthorn.messages.list({ channel: 'sms' });
    expect(items).toMatchObject([{ status: 'rejected', failure: { category: 'message_too_large' } }]);
    const fits = { ...content, to: everybody, sms: { text: 'x'.repeat(1600) } };
    expect((await posthorn.broadcasts.plan(fits)).warnings).toEqual([]);
  });
});

describe('what Twilio reports', () => {
  it('is the message’s timeline: sent, and delivered, in whatever order it comes', async () => {
    const statuses = () => ['delivered', 'queued', 'sent', 'delivered'];
    const { posthorn, work } = await openTwilioSalon({ server: { statuses } });
    const { id } = await posthorn.send({ channel: 'sms', to: { phone: ANNA.phone }, sms: { text: 'Hej' } });
    await work();
    expect(await posthorn.messages.get(id)).toMatchObject({ status: 'delivered' });
    const timeline = await posthorn.messages.timeline(id);
    expect(timeline.map(({ type }) => type)).toContain('delivered');
    expect(timeline.filter(({ type }) => type === 'delivered')).toHaveLength(1);
  });

  it('is told of a number that is not in service', async () => {
    const server = { statuses: () => ['sent', 'undelivered:30005'] };
    const { posthorn, work } = await openTwilioSalon({ server });
    const { id } = await posthorn.send({ channel: 'sms', to: { phone: ANNA.phone }, sms: { text: 'Hej' } });
    await work();
    expect(await posthorn.messages.get(id)).toMatchObject({
      status: 'bounced',
      failure: { class: 'hard', category: 'unknown_mailbox', fault: 'recipient' },
    });
  });

  it('is not believed of anybody else', async () => {
    const { posthorn, provider, work, webhook } = await openTwilioSalon();
    const { id } = await posthorn.send({ channel: 'sms', to: { phone: ANNA.phone }, sms: { text: 'Hej' } });
    await work();
    const [sent] = provider.messages;
    const body = new URLSearchParams({
      MessageSid: sent?.sid ?? '',
      MessageStatus: 'delivered',
      To: sent?.to ?? '',
    });
    const headers = { 'x-twilio-signature': 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' };
    expect((await fetch(sent?.statusCallback ?? webhook, { method: 'POST', headers, body })).status).toBe(
      403,
    );
    expect(await posthorn.messages.get(id)).toMatchObject({ status: 'accepted' });
  });
});

describe('the answer of a recipient', () => {
  it('STOP ends it, START begins it again', async () => {
    const { posthorn, provider, work, webhook } = await openTwilioSalon({ customers: [ANNA] });
    await posthorn.identities.save(REPLY);
    await posthorn.send({ channel: 'sms', to: { phone: ANNA.phone }, sms: { text: 'Hej' } });
    await work();
    const from = provider.messages[0]?.to ?? '';
    const answer = async (body: string) => {
      const answered = await provider.receive(webhook, { from, to: REPLY.address, body });
      expect(answered).toMatchObject({ status: 200, mediaType: 'text/xml' });
    };

    await answer('Stop!');
    expect(await posthorn.suppressions.get({ phone: ANNA.phone })).toMatchObject({ reason: 'unsubscribed' });
    const plan = () => posthorn.broadcasts.plan({ channel: 'sms', to: everybody, sms: { text: 'Nyt' } });
    expect(await plan()).toMatchObject({ willReceive: 0, skipped: [{ reason: 'suppressed:unsubscribed' }] });

    await answer('start');
    expect(await posthorn.suppressions.get({ phone: ANNA.phone })).toBeNull();
    expect(await plan()).toMatchObject({ willReceive: 1 });
  });

  it('is none of our business where it says anything else', async () => {
    const { posthorn, provider, work, webhook } = await openTwilioSalon();
    await posthorn.send({ channel: 'sms', to: { phone: ANNA.phone }, sms: { text: 'Hej' } });
    await work();
    const from = provider.messages[0]?.to ?? '';
    expect(
      await provider.receive(webhook, { from, to: '+4520000000', body: 'Stop ikke, kom!' }),
    ).toMatchObject({
      status: 200,
    });
    expect(await posthorn.suppressions.get({ phone: ANNA.phone })).toBeNull();
  });
});
