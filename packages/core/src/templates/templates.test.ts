import { describe, expect, it } from 'vitest';
import type { IdentityRecord, TagCatalogue } from '../ports/index.ts';
import { scope, setUp } from './content.test-kit.ts';
import { createTemplates } from './create-templates.ts';
import type { TemplateInput } from './template.ts';

const tags = {
  'customer.firstName': { label: 'Fornavn', example: 'Anna' },
  'reservation.startsAt': { label: 'Tidspunkt', type: 'datetime' },
  'account.password': { label: 'Kodeord', sensitive: true },
} as const satisfies TagCatalogue;

const confirmation = {
  key: 'booking-confirmation',
  label: 'Bekræftelse',
  email: { subject: 'Vi ses {{ reservation.startsAt | date }}', html: '<p>Hej {{ customer.firstName }}</p>' },
  sms: { text: 'Hej {{ customer.firstName }}' },
} satisfies TemplateInput;

function room(setting: Parameters<typeof setUp>[0] = {}) {
  const { context, content } = setUp({ tags, ...setting });
  return {
    templates: createTemplates(context, scope),
    other: createTemplates(context, { ...scope, tenant: 'other' }),
    content,
  };
}

const email = (html: string, more: Partial<TemplateInput> = {}): TemplateInput => ({
  key: 'mail',
  email: { subject: 'Hej', html },
  ...more,
});

describe('a template', () => {
  it('is given back as it was saved, with what it uses', async () => {
    const { templates } = room();
    const saved = await templates.save(confirmation);
    expect(saved).toMatchObject({
      ...confirmation,
      version: 1,
      locale: 'da',
      locales: {},
      tags: ['customer.firstName', 'reservation.startsAt'],
      sensitiveTags: [],
    });
    expect(await templates.get('booking-confirmation')).toEqual(saved);
  });

  it('gets a new version for new content, and only then', async () => {
    const { templates } = room();
    await templates.save(confirmation);
    expect((await templates.save({ ...confirmation, label: 'Ny' })).version).toBe(1);
    expect((await templates.save({ ...confirmation, sms: { text: 'Farvel' } })).version).toBe(2);
    expect((await templates.get('booking-confirmation', { version: 1 }))?.sms).toEqual(confirmation.sms);
    expect(await templates.versions('booking-confirmation')).toMatchObject([
      { version: 2, current: true },
      { version: 1, current: false },
    ]);
    expect(await templates.list()).toMatchObject([
      { key: 'booking-confirmation', label: 'Bekræftelse', version: 2 },
    ]);
  });

  it('may speak several languages, each once', async () => {
    const { templates } = room();
    const saved = await templates.save({ ...confirmation, locales: { 'EN-gb': { sms: { text: 'Hi' } } } });
    expect(saved.locales).toEqual({ 'en-GB': { sms: { text: 'Hi' } } });
    await expect(
      templates.save({ ...confirmation, locales: { da: { sms: { text: 'Hej' } } } }),
    ).rejects.toMatchObject({
      code: 'invalid_input',
      path: 'locales.da',
    });
    const only = await templates.save({ key: 'english', locales: { en: { sms: { text: 'Hi' } } } });
    expect(only).toMatchObject({ locale: 'da', locales: { en: { sms: { text: 'Hi' } } } });
    expect(only.sms).toBeUndefined();
  });

  it('is one company’s', async () => {
    const { templates, other } = room();
    await templates.save(confirmation);
    expect(await other.get('booking-confirmation')).toBeNull();
    expect(await other.list()).toEqual([]);
    expect(await other.versions('booking-confirmation')).toEqual([]);
    expect(await other.remove('booking-confirmation')).toBe(false);
  });

  it('can be removed, and saved again', async () => {
    const { templates } = room();
    await templates.save(confirmation);
    expect(await templates.remove('booking-confirmation')).toBe(true);
    expect(await templates.remove('booking-confirmation')).toBe(false);
    expect(await templates.get('booking-confirmation')).toBeNull();
    expect(await templates.versions('booking-confirmation')).toEqual([]);
    await templates.save(confirmation);
    expect(await templates.list()).toHaveLength(1);
  });

  it('may name an identity that is there', async () => {
    const { templates } = room({ identities: [{ key: 'salon', channel: 'email' } as IdentityRecord] });
    expect((await templates.save({ ...confirmation, identity: 'salon' })).identity).toBe('salon');
    await expect(templates.save({ ...confirmation, identity: 'sallon' })).rejects.toMatchObject({
      code: 'unknown_identity',
      path: 'identity',
      advice: 'Did you mean "salon"?',
    });
  });
});

describe('what is refused', () => {
  it.each<[string, unknown, string, string | undefined]>([
    ['no subject', { key: 'a', email: { html: '<p>x</p>' } }, 'template_subject_missing', 'email.subject'],
    [
      'a blank subject',
      { key: 'a', email: { subject: ' ', html: 'x' } },
      'template_subject_missing',
      'email.subject',
    ],
    [
      'no subject in one language',
      { key: 'a', locales: { en: { email: { text: 'x' } } } },
      'template_subject_missing',
      'locales.en.email.subject',
    ],
    ['an email that says nothing', { key: 'a', email: { subject: 'x' } }, 'template_empty', 'email'],
    ['a blank email', { key: 'a', email: { subject: 'x', html: ' ', text: '' } }, 'template_empty', 'email'],
    ['no part', { key: 'a' }, 'template_empty', undefined],
    ['no part in any language', { key: 'a', locales: { en: {} } }, 'template_empty', undefined],
    ['a blank text message', { key: 'a', sms: { text: '' } }, 'template_empty', 'sms'],
    ['an empty snippet', { key: 'a', snippet: {} }, 'template_empty', 'snippet'],
    [
      'a line break in the subject',
      { key: 'a', email: { subject: 'a\r\nBcc: x@y.dk', text: 'x' } },
      'header_injection',
      'email.subject',
    ],
    [
      'a subject of a megabyte',
      { key: 'a', email: { subject: 'x'.repeat(1e6), text: 'x' } },
      'template_limit',
      'email.subject',
    ],
    [
      'a megabyte in each of six languages',
      {
        key: 'a',
        locales: Object.fromEntries(
          ['en', 'de', 'sv', 'fr', 'nl', 'fi'].map((name) => [name, { sms: { text: 'x'.repeat(1e6) } }]),
        ),
      },
      'template_limit',
      'locales',
    ],
    ['a text of ten megabytes', { key: 'a', sms: { text: 'x'.repeat(1e7) } }, 'template_limit', 'sms.text'],
    ['a misspelt tag', { key: 'a', sms: { text: '{{ customer.name }}' } }, 'unknown_tag', 'sms.text'],
    [
      'a misspelt tag in another language',
      { key: 'a', locales: { en: { sms: { text: '{{ x }}' } } } },
      'unknown_tag',
      'locales.en.sms.text',
    ],
    ['broken Liquid', { key: 'a', sms: { text: '{% if %}' } }, 'template_syntax', 'sms.text'],
    [
      'broken Liquid in a snippet',
      { key: 'a', snippet: { html: '{{ x | nonsense }}' } },
      'template_syntax',
      'snippet.html',
    ],
    [
      'a misspelt date style',
      {
        key: 'a',
        sms: { text: 'Hej {% if reservation %}{{ reservation.startsAt | date: "lnog" }}{% endif %}' },
      },
      'template_syntax',
      'sms.text',
    ],
    [
      'a currency that is none',
      { key: 'a', sms: { text: '{% assign a = 5 | money: "kr" %}' } },
      'template_syntax',
      'sms.text',
    ],
    [
      'a snippet of bottomless blocks',
      { key: 'a', snippet: { text: '{% if paid %}'.repeat(9000) + '{% endif %}'.repeat(9000) } },
      'template_limit',
      'snippet.text',
    ],
    ['a key with a slash', { key: 'a/b', sms: { text: 'x' } }, 'invalid_input', 'key'],
    ['a key of an object', { key: 'constructor', sms: { text: 'x' } }, 'invalid_input', 'key'],
    ['no key', { sms: { text: 'x' } }, 'invalid_input', 'key'],
    ['an unknown part', { key: 'a', fax: { text: 'x' } }, 'invalid_input', ''],
    ['an unknown field', { key: 'a', sms: { body: 'x' } }, 'invalid_input', 'sms.text'],
    [
      'no locale',
      { key: 'a', locales: { dansk_: { sms: { text: 'x' } } } },
      'invalid_input',
      'locales.dansk_',
    ],
    [
      'a picture that is not there',
      { key: 'a', email: { subject: 'x', html: '<img src="cid:logo">' } },
      'invalid_input',
      'email.html',
    ],
    ['nothing at all', undefined, 'invalid_input', ''],
    ['an array', [], 'invalid_input', ''],
  ])('%s', async (_what, input, code, path) => {
    const { templates, content } = room();
    await expect(templates.save(input as TemplateInput)).rejects.toMatchObject({ code, path });
    expect(content.versions).toEqual([]);
  });
});

describe('a snippet', () => {
  const footer = { key: 'footer', snippet: { html: '<p>Salon Sol</p>', text: 'Salon Sol' } };

  it('is pinned: what includes it changes when it is saved again', async () => {
    const { templates } = room();
    await templates.save(footer);
    const first = await templates.save(email('<p>Hej</p>{% render "footer" %}'));
    expect(first.snippets).toEqual({ footer: 1 });
    await templates.save({ ...footer, snippet: { html: '<p>Salon Måne</p>' } });
    expect((await templates.get('mail'))?.snippets).toEqual({ footer: 1 });
    const second = await templates.save(email('<p>Hej</p>{% render "footer" %}'));
    expect(second).toMatchObject({ version: 2, snippets: { footer: 2 } });
  });

  it('may include others, and its tags count', async () => {
    const { templates } = room();
    await templates.save({ key: 'name', snippet: { text: '{{ customer.firstName }}' } });
    await templates.save({ key: 'greeting', snippet: { text: 'Hej {% render "name" %}' } });
    const saved = await templates.save({ key: 'sms', sms: { text: '{% render "greeting" %}' } });
    expect(saved).toMatchObject({ tags: ['customer.firstName'], snippets: { name: 1, greeting: 1 } });
  });

  it('that is not there is refused with the place and the nearest name', async () => {
    const { templates } = room();
    await templates.save(footer);
    await expect(templates.save(email('{% render "foter" %}'))).rejects.toMatchObject({
      code: 'unknown_snippet',
      path: 'email.html',
      advice: 'Did you mean "footer"?',
    });
    await templates.save(confirmation);
    await expect(templates.save(email('{% render "booking-confirmation" %}'))).rejects.toMatchObject({
      code: 'unknown_snippet',
    });
  });

  it('that includes itself, directly or not, is refused', async () => {
    const { templates } = room();
    await templates.save({ key: 'a', snippet: { text: 'A' } });
    await templates.save({ key: 'b', snippet: { text: '{% render "a" %}' } });
    await expect(templates.save({ key: 'a', snippet: { text: '{% render "a" %}' } })).rejects.toMatchObject({
      code: 'template_limit',
    });
    await expect(templates.save({ key: 'a', snippet: { text: '{% render "b" %}' } })).rejects.toMatchObject({
      code: 'template_limit',
    });
  });

  it('that doubles with every level is refused in no time', async () => {
    const { templates } = room();
    await templates.save({ key: 's0', snippet: { text: '{{ customer.firstName }}' } });
    const doubled = async () => {
      for (let i = 1; i <= 40; i++) {
        const twice = `{% render "s${i - 1}" %}{% render "s${i - 1}" %}`;
        await templates.save({ key: `s${i}`, snippet: { text: twice } });
      }
    };
    await expect(doubled()).rejects.toMatchObject({ code: 'template_limit' });
  });

  it('that others include cannot be removed', async () => {
    const { templates } = room();
    await templates.save(footer);
    await templates.save(email('{% render "footer" %}'));
    await expect(templates.remove('footer')).rejects.toMatchObject({ code: 'template_in_use' });
    await templates.remove('mail');
    expect(await templates.remove('footer')).toBe(true);
  });
});
