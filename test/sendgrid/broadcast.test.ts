import { describe, expect, it } from 'vitest';
import { type Customer, everybody, openSalon } from './salon.test-kit.ts';

const NAMES = ['Anna', 'Søren "S" Åberg', '{{ customer.name }}', '-name-', '$& 100 %', 'שלום 👋'];

function customers(count: number): readonly Customer[] {
  return Array.from({ length: count }, (_, number) => ({
    id: `c-${number}`,
    name: `${NAMES[number % NAMES.length]} ${number}`,
    email: `customer-${number}@customers.example`,
  }));
}

describe('a broadcast to 2,500 customers by SendGrid', () => {
  it('is three requests; everybody reads their own text, leaves by their own link, and is told of by themselves', async () => {
    const all = customers(2500);
    const { posthorn, provider, webhookUrl, allSent, byAddress } = await openSalon(all);
    provider.reportTo(webhookUrl);
    const { id } = await posthorn.broadcasts.plan({
      to: everybody,
      email: {
        subject: 'Closed on Friday, {{ customer.name }}',
        html: '<p title="{{ customer.name }}">Dear {{ customer.name }}, see you.</p><a href="{{ unsubscribe.url }}">Leave</a>',
        text: 'Dear {{ customer.name }}, see you.',
      },
    });
    await posthorn.broadcasts.start(id);
    const arrived = await allSent();

    const sizes = provider.requests.map(({ recipients }) => recipients.length);
    expect(sizes.sort()).toEqual([1000, 1000, 500]);
    const mails = new Map(arrived.map((mail) => [mail.to, mail]));
    expect(mails.size).toBe(2500);
    const links = new Set<string>();
    for (const { name, email } of all) {
      const mail = mails.get(email);
      expect(mail?.subject).toBe(`Closed on Friday, ${name}`);
      expect(mail?.text).toBe(`Dear ${name}, see you.`);
      const inHtml = name.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
      expect(mail?.html).toContain(`<p title="${inHtml}">Dear ${inHtml}, see you.</p>`);
      const [link = ''] = /(?<=^<)http[^>]+/.exec(mail?.headers.get('list-unsubscribe') ?? '') ?? [];
      expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/messages\//);
      expect(mail?.headers.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
      expect(mail?.html).toContain(link);
      links.add(link);
    }
    expect(links.size).toBe(2500);

    await provider.reported();
    expect(provider.posts.every(({ status }) => status === 204)).toBe(true);
    const messages = await byAddress();
    expect(messages.size).toBe(2500);
    for (const message of messages.values()) expect(message.status).toBe('delivered');
    expect(await posthorn.broadcasts.get(id)).toMatchObject({
      status: 'finished',
      counts: { delivered: 2500 },
    });
  });
});
