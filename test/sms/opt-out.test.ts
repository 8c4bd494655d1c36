import { describe, expect, it } from 'vitest';
import { everybody, openSalon, PUBLIC_URL } from './salon.test-kit.ts';

const ANNA = { id: '1', phone: '20112233' };
const text = 'Vi holder lukket i morgen.';
const LINK = /https:\/\/app\.example\.dk\/m\/u\/[\w-]{32}/;
type Salon = ReturnType<typeof openSalon>;

async function broadcast({ posthorn, allSent }: Salon, said: string) {
  const plan = await posthorn.broadcasts.plan({ channel: 'sms', to: everybody, sms: { text: said } });
  await posthorn.broadcasts.start(plan.id);
  const sent = await allSent();
  return { plan, sent };
}

const form = (action: string) => ({ method: 'POST', body: new URLSearchParams({ action }) });

describe('a broadcast from a sender whom nobody can answer', () => {
  it('ends with a link to opt out, in each reader’s language', async () => {
    const salon = openSalon([ANNA, { id: '2', phone: '20112244', locale: 'de' }]);
    const { sent, plan } = await broadcast(salon, text);
    expect(plan.warnings).toEqual([]);
    expect(sent.map((message) => message.text.replace(LINK, 'LINK')).sort()).toEqual([
      `${text}\nAfmeld: LINK`,
      `${text}\nOpt out: LINK`,
    ]);
  });

  it('shows afterwards exactly what was sent', async () => {
    const salon = openSalon([ANNA]);
    const { sent } = await broadcast(salon, text);
    const { items } = await salon.posthorn.messages.list({ channel: 'sms' });
    const rendered = await salon.posthorn.messages.rendered(items[0]?.id ?? '');
    expect(rendered.text).toBe(sent[0]?.text);
    expect(items[0]?.preview).toBe(`${text} Afmeld: …`);
  });

  it('pays for the link as well: what is planned is what is sent, to the character', async () => {
    const line = `\nAfmeld: ${PUBLIC_URL}/u/${'x'.repeat(32)}`;
    for (const [length, segments] of [
      [160 - line.length, 1],
      [161 - line.length, 2],
    ] as const) {
      const salon = openSalon([ANNA]);
      const { plan, sent } = await broadcast(salon, 'x'.repeat(length));
      expect(plan.segments).toBe(segments);
      expect(sent[0]?.text).toHaveLength(length + line.length);
    }
  });

  it('has the link where the template wants it, and no second one', async () => {
    const salon = openSalon([ANNA]);
    const { sent } = await broadcast(salon, 'Stop: {{ unsubscribe.url }} {');
    expect(sent[0]?.text.replace(LINK, 'LINK')).toBe('Stop: LINK {');
  });

  it('takes whatever the template ends with', async () => {
    const salon = openSalon([ANNA]);
    const { sent } = await broadcast(salon, 'A {');
    expect(sent[0]?.text.replace(LINK, 'LINK')).toBe('A {\nAfmeld: LINK');
  });

  it('without a page to lead to is warned about', async () => {
    const salon = openSalon([ANNA], { publicUrl: undefined });
    const { plan, sent } = await broadcast(salon, text);
    expect(plan.warnings).toEqual([
      {
        code: 'no_opt_out',
        message: 'Ingen kan svare STOP til SALON, og 1 sms har intet link til at afmelde sig.',
      },
    ]);
    expect(sent[0]?.text).toBe(text);
  });
});

describe('other text messages have no link', () => {
  it('a single one', async () => {
    const { posthorn, allSent } = openSalon();
    await posthorn.send({
      channel: 'sms',
      to: { phone: '20112233' },
      sms: { text: `${text}{{ unsubscribe.url }}` },
    });
    await posthorn.send({ channel: 'sms', to: { phone: '20112233' }, sms: { text } });
    expect((await allSent()).map((message) => message.text)).toEqual([text, text]);
  });

  it('a broadcast from a number, which can be answered', async () => {
    const salon = openSalon([ANNA]);
    await salon.posthorn.identities.save({ key: 'reply', channel: 'sms', address: '+4520000000' });
    const { plan, sent } = await broadcast(salon, text);
    expect(sent[0]?.text).toBe(text);
    expect(plan.warnings).toEqual([]);
  });
});

describe('the link of a text message', () => {
  const linkOf = async (salon: Salon) =>
    LINK.exec((await broadcast(salon, text)).sent[0]?.text ?? '')?.[0] ?? '';

  it('asks first, whoever looks at it, and marks the number when its owner says so', async () => {
    const salon = openSalon([ANNA]);
    const { posthorn } = salon;
    const link = await linkOf(salon);
    const page = await posthorn.handler(new Request(link, { headers: { 'accept-language': 'da' } }));
    const shown = await page.text();
    expect(page.status).toBe(200);
    expect(shown).toContain('Vil du ikke have flere sms’er fra SALON?');
    expect(shown).not.toContain('20112233');
    expect(await posthorn.suppressions.get({ phone: '20112233' })).toBeNull();

    expect((await posthorn.handler(new Request(link, form('unsubscribe')))).status).toBe(200);
    expect(await posthorn.suppressions.get({ phone: '20112233' })).toMatchObject({ reason: 'unsubscribed' });
    const plan = await posthorn.broadcasts.plan({ channel: 'sms', to: everybody, sms: { text } });
    expect(plan.skipped).toMatchObject([{ reason: 'suppressed:unsubscribed' }]);

    await posthorn.handler(new Request(link, form('resubscribe')));
    expect(await posthorn.suppressions.get({ phone: '20112233' })).toBeNull();
  });

  it('finds the message of whatever tenant it is', async () => {
    const salon = openSalon();
    const luna = salon.posthorn.tenant('luna');
    const plan = await luna.broadcasts.plan({ channel: 'sms', to: { phone: '20112233' }, sms: { text } });
    await luna.broadcasts.start(plan.id);
    const link = LINK.exec((await salon.allSent())[0]?.text ?? '')?.[0] ?? '';
    await salon.posthorn.handler(new Request(link, form('unsubscribe')));
    expect(await luna.suppressions.get({ phone: '20112233' })).toMatchObject({ reason: 'unsubscribed' });
    expect(await salon.posthorn.suppressions.get({ phone: '20112233' })).toBeNull();
  });

  it('is nothing with another letter in it', async () => {
    const salon = openSalon([ANNA]);
    const link = await linkOf(salon);
    for (const place of [1, 8, 20, 31]) {
      const at = link.length - place;
      const other = link[at] === 'A' ? 'B' : 'A';
      const forged = `${link.slice(0, at)}${other}${link.slice(at + 1)}`;
      expect((await salon.posthorn.handler(new Request(forged, form('unsubscribe')))).status).toBe(404);
    }
    expect(await salon.posthorn.suppressions.get({ phone: '20112233' })).toBeNull();
  });

  it('works when the message has long been removed', async () => {
    const salon = openSalon([ANNA], { retention: { messagesDays: 30 } });
    const link = await linkOf(salon);
    salon.clock.advance(31 * 86_400_000);
    await salon.drain();
    expect((await salon.posthorn.messages.list()).items).toEqual([]);
    expect((await salon.posthorn.handler(new Request(link))).status).toBe(200);
    expect((await salon.posthorn.handler(new Request(link, form('unsubscribe')))).status).toBe(200);
    expect(await salon.posthorn.suppressions.get({ phone: '20112233' })).toMatchObject({
      reason: 'unsubscribed',
    });
  });

  it('is sent along when the message is sent again, and works', async () => {
    const salon = openSalon([ANNA]);
    await linkOf(salon);
    const { items } = await salon.posthorn.messages.list({ channel: 'sms' });
    await salon.posthorn.messages.resend(items[0]?.id ?? '');
    const again = LINK.exec((await salon.allSent())[1]?.text ?? '')?.[0] ?? '';
    expect((await salon.posthorn.handler(new Request(again, form('unsubscribe')))).status).toBe(200);
    expect(await salon.posthorn.suppressions.get({ phone: '20112233' })).not.toBeNull();
  });
});
