import { describe, expect, it } from 'vitest';
import type { IdentityRecord, RecipientSource, TagCatalogue } from '../ports/index.ts';
import { scope, setUp } from './content.test-kit.ts';
import { createPreview } from './create-preview.ts';
import { createTemplates } from './create-templates.ts';

const tags = {
  'customer.firstName': { label: 'Fornavn', example: 'Anna' },
  'customer.city': { label: 'By' },
  'reservation.startsAt': { label: 'Tidspunkt', type: 'datetime', example: '2026-11-27T10:00' },
  'order.lines': { label: 'Varer', type: 'list', of: { name: 'text', price: 'money' } },
  'account.password': { label: 'Kodeord', sensitive: true },
  'account.link': { label: 'Link', type: 'url', sensitive: true, example: 'https://salon.dk/login' },
} as const satisfies TagCatalogue;

const people = [
  { id: '17', name: 'Anna Ås', email: 'anna@salon.dk', locale: 'da-DK', timeZone: 'Europe/Copenhagen' },
  {
    id: '18',
    name: 'Bob',
    email: 'bob@',
    phone: '+4512345678',
    locale: 'en-GB',
    timeZone: 'America/New_York',
  },
  { id: '19', name: 'Nobody' },
];

const customers: RecipientSource = {
  label: 'Kunder',
  tenantAware: true,
  byIds: async (ids) => people.filter(({ id }) => ids.includes(id)),
  data: async (ids) =>
    new Map(ids.map((id) => [id, { customer: { firstName: id === '17' ? 'Anna' : 'Bob', city: 'Odense' } }])),
};

const salon = {
  key: 'salon',
  channel: 'email',
  name: 'Salon Sol',
  address: 'hej@salon.dk',
  isDefault: true,
} as IdentityRecord;

function room(setting: Parameters<typeof setUp>[0] = {}) {
  const { context } = setUp({ tags, sources: { customers }, identities: [salon], ...setting });
  return { preview: createPreview<typeof tags>(context, scope), templates: createTemplates(context, scope) };
}

const mail = (html: string, subject = 'Hej') => ({ channel: 'email', email: { subject, html } }) as const;
const codes = (warnings: readonly { readonly code: string }[]) => warnings.map(({ code }) => code);

describe('the link to unsubscribe', () => {
  it('is shown with an example, which asks for no data', async () => {
    const { preview } = room();
    const { html, text, warnings } = await preview(mail('<a href="{{ unsubscribe.url }}">Afmeld</a>'));
    expect(html).toBe('<a href="https://app.salon.dk/messages/unsubscribe/example">Afmeld</a>');
    expect(text).toContain('https://app.salon.dk/messages/unsubscribe/example');
    expect(codes(warnings)).toEqual(['example_data']);
  });

  it('is a shorter one in a text message, as long as those that are sent', async () => {
    const { preview } = room();
    const shown = await preview({ channel: 'sms', sms: { text: 'Afmeld: {{ unsubscribe.url }}' } });
    expect(shown.text).toMatch(/^Afmeld: https:\/\/app\.salon\.dk\/messages\/u\/example[\w-]{25}$/);
  });

  it('is nothing in an internal message', async () => {
    const { preview } = room();
    const internal = { title: 'T', body: 'Hej{{ unsubscribe.url }}' };
    expect((await preview({ channel: 'internal', internal })).text).toBe('Hej');
  });
});

describe('a preview', () => {
  it('shows what this recipient will see, in her language and zone', async () => {
    const { preview, templates } = room();
    await templates.save({
      key: 'confirmation',
      email: {
        subject: 'Vi ses {{ reservation.startsAt | date }}',
        html: '<p>Hej {{ customer.firstName }} fra {{ customer.city }}</p>',
      },
      locales: { en: { sms: { text: 'See you at {{ reservation.startsAt | time }}' } } },
    });
    const data = {
      reservation: { startsAt: new Date('2026-11-27T09:00:00Z') },
      customer: { city: '<Aarhus>' },
    };
    const anna = await preview({
      template: 'confirmation',
      channel: 'email',
      to: { source: 'customers', id: '17' },
      data,
    });
    expect(anna).toMatchObject({
      channel: 'email',
      locale: 'da-DK',
      timeZone: 'Europe/Copenhagen',
      from: { name: 'Salon Sol', address: 'hej@salon.dk' },
      to: { name: 'Anna Ås', address: 'anna@salon.dk' },
      subject: 'Vi ses 27. nov. 2026',
      warnings: [],
    });
    expect(anna.html).toContain('Hej Anna fra &lt;Aarhus&gt;');
    const bob = await preview({
      template: 'confirmation',
      channel: 'sms',
      to: { source: 'customers', id: '18' },
      data,
    });
    expect(bob).toMatchObject({
      text: 'See you at 04:00',
      subject: null,
      html: null,
      to: { address: '+4512345678' },
    });
  });

  it('shows examples where nobody gives data, and says so', async () => {
    const { preview } = room();
    const shown = await preview(
      mail('<p>{{ customer.firstName }} {% for l in order.lines %}{{ l.price | money }}{% endfor %}</p>'),
    );
    expect(shown.html).toContain('Anna');
    expect(codes(shown.warnings)).toEqual(['example_data']);
  });

  it('never shows a sensitive value', async () => {
    const { preview } = room();
    const data = { account: { password: 'hunter2', link: 'https://salon.dk/login?token=s3cret' } };
    const shown = await preview({ ...mail('<a href="{{ account.link }}">{{ account.password }}</a>'), data });
    expect(JSON.stringify(shown)).not.toMatch(/hunter2|s3cret/);
    expect(shown.html).toContain('••••••');
    expect(shown.html).toContain('https://salon.dk/login');
    expect(shown.warnings).toEqual([]);
  });

  it('shows an internal message, and content of one channel without naming it', async () => {
    const { preview } = room();
    const note = await preview({
      internal: { title: 'Husk {{ customer.city }}', body: 'I morgen' },
      data: { customer: { city: 'Odense' } },
    });
    expect(note).toMatchObject({ channel: 'internal', subject: 'Husk Odense', text: 'I morgen', html: null });
  });

  it('lists the files', async () => {
    const { preview } = room();
    const shown = await preview({
      ...mail('<img src="cid:logo" alt="">'),
      attachments: [{ filename: 'logo.png', content: new Uint8Array(3), inline: 'logo' }],
    });
    expect(shown.attachments).toEqual([
      { filename: 'logo.png', mediaType: 'image/png', sizeBytes: 3, inline: 'logo' },
    ]);
    expect(shown.warnings.filter(({ code }) => code === 'empty_link')).toEqual([]);
  });

  it('is typed by the catalogue', async () => {
    const { preview } = room();
    // @ts-expect-error A time is no boolean.
    const wrong = preview({ ...mail('x'), data: { reservation: { startsAt: true } } });
    await expect(wrong).rejects.toMatchObject({
      code: 'invalid_tag_value',
      path: 'data.reservation.startsAt',
    });
    // @ts-expect-error There is no such tag.
    await preview({ ...mail('x'), data: { reservation: { startAt: '2026-11-27T10:00' } } });
  });

  it.each<[object, string]>([
    [{ template: 'x' }, 'unknown_template'],
    [{ template: 'x', sms: { text: 'x' } }, 'invalid_input'],
    [{ version: 1, sms: { text: 'x' } }, 'invalid_input'],
    [{}, 'invalid_input'],
    [{ sms: { text: 'x' }, to: [{ phone: '+4512345678' }] }, 'invalid_input'],
    [{ sms: { text: 'x' }, to: { source: 'custmers', id: '1' } }, 'unknown_source'],
    [{ sms: { text: 'x' }, locale: 'dansk_' }, 'invalid_input'],
    [{ sms: { text: 'x' }, timeZone: 'Mars' }, 'invalid_input'],
    [{ sms: { text: 'x' }, channel: 'fax' }, 'invalid_input'],
    [{ email: { subject: 'x', text: 'x' }, identity: 'nobody' }, 'unknown_identity'],
    [{ sms: { text: 'x' }, data: 'Anna' }, 'invalid_tag_value'],
  ])('of %j is refused', async (input, code) => {
    await expect(room().preview(input)).rejects.toMatchObject({ code });
  });
});

describe('a preview warns', () => {
  const data = { customer: { firstName: 'Anna' } };

  it('of tags without a value', async () => {
    const { preview } = room();
    const shown = await preview({
      ...mail('<p>{{ customer.firstName }}, {{ customer.city }}</p>', 'Til {{ customer.city }}'),
      data,
    });
    expect(shown.warnings).toEqual([
      {
        code: 'empty_tag',
        message: 'The tag customer.city (By) has no value.',
        tag: 'customer.city',
        part: 'subject',
      },
    ]);
    const emptied = await preview({
      ...mail('{{ customer.city }}'),
      to: { source: 'customers', id: '17' },
      data: { customer: { city: null } },
    });
    expect(codes(emptied.warnings)).toEqual(['empty_tag']);
  });

  it('of a subject of which nothing is left', async () => {
    const { preview } = room();
    const shown = await preview({ ...mail('<p>x</p>', '{{ customer.city }}'), data });
    expect(codes(shown.warnings)).toContain('empty_subject');
  });

  it.each([
    ['<a href="">x</a>', 'A link has no address.'],
    ['<a href="#">x</a>', 'A link leads nowhere: “#”.'],
    ['<a href="{{ customer.city }}">x</a>', 'A link has no address.'],
    ['<a href="/book">x</a>', 'A link has no whole address: “/book”.'],
    ['<a href="www.salon.dk">x</a>', 'A link has no whole address: “www.salon.dk”.'],
    [
      '<a href="https://www.example.com/x">x</a>',
      'A link leads to a domain for examples: “https://www.example.com/x”.',
    ],
    ['<img src="logo.png">', 'An image has no whole address: “logo.png”.'],
    ['<img>', 'An image has no address.'],
  ])('of %s', async (html, message) => {
    const { warnings } = await room().preview({ ...mail(html), data });
    expect(warnings).toContainEqual({ code: 'empty_link', message, part: 'html' });
  });

  it('of no link that leads somewhere', async () => {
    const html =
      '<a href="https://salon.dk">x</a><a href="mailto:hej@salon.dk">x</a><a href="tel:+4512345678">x</a><a href="#top">x</a><a name="top">x</a>';
    const { warnings } = await room().preview({ ...mail(html), data });
    expect(warnings).toEqual([]);
  });

  it.each([
    ['19', 'no_address', null],
    ['18', 'invalid_address', { name: 'Bob', address: 'bob@' }],
    ['17', 'suppressed', { name: 'Anna Ås', address: 'anna@salon.dk' }],
  ])('of recipient %s: %s', async (id, code, to) => {
    const { preview } = room({ suppressed: { 'email:anna@salon.dk': 'complained' } });
    const shown = await preview({ ...mail('x'), to: { source: 'customers', id } });
    expect(codes(shown.warnings)).toEqual([code]);
    expect(shown.to).toEqual(to);
  });

  it('of a channel without a sender or a part', async () => {
    const { preview, templates } = room();
    await templates.save({ key: 'sms', sms: { text: 'Hej' } });
    expect(await preview({ template: 'sms', data })).toMatchObject({
      channel: 'sms',
      from: null,
      warnings: [{ code: 'no_sender' }],
    });
    const none = await preview({ template: 'sms', channel: 'email', data });
    expect(none).toMatchObject({ subject: null, html: null, text: null, warnings: [{ code: 'no_content' }] });
  });
});
