import { describe, expect, it } from 'vitest';
import { everybody, openSalon } from './salon.test-kit.ts';

const ANNA = { id: '1', phone: '20112233' };
const BO = { id: '2', phone: '20112244' };
const reply = { key: 'reply', channel: 'sms', address: '+4520000000' } as const;

describe('before a text message is sent', () => {
  it('a preview says how long it is, what it costs, and what makes it dear', async () => {
    const { posthorn } = openSalon([ANNA]);
    const text = `Vi ses kl. 10… ${'x'.repeat(60)}`;
    const preview = await posthorn.preview({ to: { source: 'customers', id: '1' }, sms: { text } });
    expect(preview.sms).toEqual({
      length: 75,
      segments: 2,
      encoding: 'ucs-2',
      price: { amount: '0.50', currency: 'DKK' },
      costly: ['…'],
    });
    expect(preview.warnings).toMatchObject([
      { code: 'sms_unicode', message: expect.stringContaining('“…” (U+2026)') },
    ]);
    const plain = await posthorn.preview({ sms: { text: text.replace('…', '...') } });
    expect(plain.sms).toMatchObject({ length: 77, segments: 1, encoding: 'gsm-7', costly: [] });
    expect(plain.warnings).toEqual([]);
  });

  it('a preview of an email says nothing of the kind', async () => {
    const { posthorn } = openSalon();
    expect((await posthorn.preview({ email: { subject: 'S', text: 'T…' } })).sms).toBeNull();
  });

  it('a preview says who would not get it', async () => {
    const { posthorn } = openSalon();
    const warned = async (phone: string) =>
      (await posthorn.preview({ to: { phone }, sms: { text: 'Hej' } })).warnings.map(({ code }) => code);
    expect(await warned('20112233')).toEqual([]);
    expect(await warned('33112233')).toEqual(['landline']);
    expect(await warned('+882160000000')).toEqual(['country_not_allowed']);
  });

  it('a plan counts parts and price, and names the characters that make it dear', async () => {
    const { posthorn } = openSalon([ANNA, BO, { id: '3' }]);
    await posthorn.identities.save(reply);
    const text = `Kære kunde … ${'x'.repeat(60)}`;
    const to = everybody;
    const plan = await posthorn.broadcasts.plan({ channel: 'sms', to, sms: { text } });
    expect(plan).toMatchObject({ willReceive: 2, segments: 4, cost: { amount: '1.00', currency: 'DKK' } });
    expect(plan.warnings).toEqual([
      {
        code: 'sms_unicode',
        message:
          'På grund af “…” (U+2026) sendes 2 sms som Unicode: Der er plads til 70 tegn i en del i stedet for 160.',
      },
    ]);
    const english = posthorn.tenant('london', { locale: 'en' });
    const warned = await english.broadcasts
      .plan({ channel: 'sms', to: { phone: '+4520112233' }, identity: undefined, sms: { text: 'Hi → 👋🏽' } })
      .then(({ warnings }) => warnings[0]?.message);
    expect(warned).toBe(
      'Because of “→” (U+2192), “👋” (U+1F44B), “🏽” (U+1F3FD), 1 text messages are sent as Unicode: a part holds 70 characters instead of 160.',
    );
    expect((await posthorn.broadcasts.get(plan.id))?.plan).toEqual(plan);
  });

  it('a plan that was stored before there were warnings is read without any', async () => {
    const { posthorn } = openSalon([ANNA]);
    const plan = await posthorn.broadcasts.plan({ channel: 'sms', to: everybody, sms: { text: 'Hej' } });
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
    expect(plan.warnings).toEqual([]);
  });
});

describe('a country that the account does not send to', () => {
  const abroad = { phone: '+882160000000' };

  it('is skipped, of single messages too, as it is by them that numbers are pumped', async () => {
    const { posthorn, allSent } = openSalon([{ id: '1', ...abroad }]);
    const message = await posthorn.send({ channel: 'sms', to: abroad, sms: { text: 'Kode: 1234' } });
    expect(message).toMatchObject({ status: 'skipped', reason: 'country_not_allowed' });
    const [, skipped] = await posthorn.messages.timeline(message.id, { locale: 'da' });
    expect(skipped?.sentence).toBe(
      'Sprunget over, fordi kontoen ikke sender til det land, +882160000000 hører til.',
    );
    const plan = await posthorn.broadcasts.plan({ channel: 'sms', to: everybody, sms: { text: 'Hej' } });
    expect(plan).toMatchObject({ willReceive: 0, segments: null, cost: null });
    expect(plan.skipped).toMatchObject([{ reason: 'country_not_allowed', count: 1 }]);
    expect(await allSent()).toEqual([]);
  });

  it('leaves the message to the next channel', async () => {
    const { posthorn } = openSalon();
    await posthorn.identities.save({ key: 'salon', channel: 'email', address: 'hej@salon.example' });
    const to = { ...abroad, email: 'anna@example.com' };
    const content = { sms: { text: 'Hej' }, email: { subject: 'S', text: 'T' } };
    const message = await posthorn.send({ channel: ['sms', 'email'], to, ...content });
    expect(message).toMatchObject({ channel: 'email', status: 'queued' });
  });

  it('is told by several sends of one message: what was sent before counts for nothing', async () => {
    const { posthorn } = openSalon();
    const { id } = await posthorn.send({ channel: 'sms', to: abroad, sms: { text: 'Hej' } });
    expect(await posthorn.messages.resend(id)).toMatchObject({
      status: 'skipped',
      reason: 'country_not_allowed',
    });
  });
});
