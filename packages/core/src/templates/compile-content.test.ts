import { describe, expect, it } from 'vitest';
import { InputError, NotFoundError } from '../errors.ts';
import type { CompiledSkeleton, TagCatalogue } from '../ports/index.ts';
import { compileContent } from './compile-content.ts';
import { renderedContent } from './join-part.ts';
import { LIMITS } from './liquid.ts';
import { renderSlots } from './render-slots.ts';
import type { SnippetPart, TemplateParts } from './template.ts';

const reader = { locale: 'da-DK', timeZone: 'Europe/Copenhagen', now: Date.UTC(2026, 10, 27, 9) };

async function compile(
  parts: TemplateParts,
  snippets: Readonly<Record<string, SnippetPart>> = {},
  tags: TagCatalogue = {},
): Promise<CompiledSkeleton> {
  const pinned = Object.entries(snippets).map(
    ([name, part]) => [name, { version: 1, locale: 'da', locales: { da: part } }] as const,
  );
  const source = {
    locale: 'da',
    locales: { da: parts },
    snippets: Object.fromEntries(pinned),
    attachments: [],
  };
  const [compiled] = await compileContent(source, tags);
  if (compiled === undefined) throw new Error('Nothing was compiled.');
  return compiled;
}

async function htmlOf(
  html: string,
  data: object,
  snippets?: Readonly<Record<string, SnippetPart>>,
): Promise<string> {
  const compiled = await compile({ email: { subject: 'Hi', html } }, snippets);
  const content = renderedContent(compiled.skeleton, await renderSlots(compiled, { data, ...reader }));
  return content.channel === 'email' ? (content.html ?? '') : '';
}

async function subjectOf(subject: string, data: object): Promise<string> {
  const compiled = await compile({ email: { subject, text: '-' } });
  const content = renderedContent(compiled.skeleton, await renderSlots(compiled, { data, ...reader }));
  return content.channel === 'email' ? content.subject : '';
}

async function smsOf(
  text: string,
  data: object,
  snippets?: Readonly<Record<string, SnippetPart>>,
): Promise<string> {
  const compiled = await compile({ sms: { text } }, snippets);
  const content = renderedContent(compiled.skeleton, await renderSlots(compiled, { data, ...reader }));
  return content.channel === 'sms' ? content.text : '';
}

async function refusal(work: Promise<unknown>): Promise<InputError | NotFoundError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof InputError || error instanceof NotFoundError) return error;
  throw error ?? new Error('Nothing was refused.');
}

describe('a tag is escaped for where it stands', () => {
  it.each([
    ['in text', '<p>{{ x }}</p>', '<b>&', '<p>&lt;b&gt;&amp;</p>'],
    ['in a quoted attribute', '<p title="{{ x }}">', '" onclick="x', '<p title="&quot; onclick=&quot;x">'],
    [
      'in an attribute without quotes',
      '<td width={{ x }} class=y>',
      '1 onclick=x',
      '<td width="1 onclick=x" class=y>',
    ],
    ['in an empty attribute without quotes', '<td width={{ x }} class=y>', '', '<td width="" class=y>'],
    [
      'as a whole link',
      '<a href="{{ x }}">',
      'https://x.dk/?a=1&b=2',
      '<a href="https://x.dk/?a=1&amp;b=2">',
    ],
    ['as a link that runs something', '<a href="{{ x }}">', ' JAVA\tSCRIPT:alert(1)', '<a href="#">'],
    ['as a link to data', '<img src="{{ x }}">', 'data:text/html,x', '<img src="#">'],
    [
      'as the path of a link',
      '<a href="https://x.dk/{{ x }}/y">',
      'a/b?c#d',
      '<a href="https://x.dk/a/b%3Fc%23d/y">',
    ],
    ['in the query of a link', '<a href="/?q={{ x }}">', 'a&b=c d', '<a href="/?q=a%26b%3Dc%20d">'],
    ['behind another tag in a link', '<a href="{{ y }}{{ x }}">', ':alert(1)', '<a href="%3Aalert(1)">'],
    [
      'as an address of email',
      '<a href="mailto:{{ x }}">',
      'a+b@x.dk?bcc=c',
      '<a href="mailto:a+b@x.dk%3Fbcc%3Dc">',
    ],
    ['as a telephone number', '<a href="tel:{{ x }}">', '+4512345678', '<a href="tel:+4512345678">'],
    ['as a colour', '<p style="color: {{ x }}">', '#c00', '<p style="color: #c00">'],
    ['as a value of style', '<p style="color: {{ x }}">', 'red;a:b', '<p style="color: red\\3b a\\3a b">'],
    [
      'as an image of style',
      '<p style="background: url({{ x }})">',
      "javascript:x');",
      '<p style="background: url(#)">',
    ],
    [
      'in an Outlook comment',
      '<!--[if mso]><b>{{ x }}</b><![endif]-->',
      '--><b>',
      '<!--[if mso]><b>--&gt;&lt;b&gt;</b><![endif]-->',
    ],
    ['in a title', '<title>{{ x }}</title>', '</title><b>', '<title>&lt;/title&gt;&lt;b&gt;</title>'],
  ])('%s', async (_, html, x, expected) => {
    expect(await htmlOf(html, { x })).toBe(expected);
  });

  it('in a subject: on one line', async () => {
    expect(await subjectOf('Hi {{ x }}\n  there', { x: 'Anna\r\nBcc: b@x.dk' })).toBe(
      'Hi Anna Bcc: b@x.dk there',
    );
  });

  it('in a text message: as it is', async () => {
    expect(await smsOf('{{ x }}', { x: '<Anna> & "Bo"\nÆrø 👋' })).toBe('<Anna> & "Bo"\nÆrø 👋');
  });

  it('once, also where the template escapes it itself', async () => {
    expect(await htmlOf('{{ x | escape }} <a href="/?q={{ x | url_encode }}">', { x: 'a&b' })).toBe(
      'a&amp;b <a href="/?q=a%26b">',
    );
  });

  it('with its line breaks, where the template asks for them', async () => {
    expect(await htmlOf('{{ x | newline_to_br }}', { x: 'a<\nb' })).toBe('a&lt;<br>\nb');
  });

  it('where it is shown, not where it was captured', async () => {
    expect(await htmlOf('{% capture c %}<b>{{ x }}</b>{% endcapture %}{{ c }}', { x: '&' })).toBe(
      '&lt;b&gt;&amp;&lt;/b&gt;',
    );
  });

  it.each([
    ['<script>x = "{{ x }}"</script>', 'in <script>'],
    ['<style>p { color: {{ x }} }</style>', 'in <style>'],
    ['<!-- {{ x }} -->', 'in a comment'],
    ['<{{ x }}>', 'right behind a “<”'],
    ['<p {{ x }}>', 'among the attributes'],
    ['<p {{ x }}="y">', 'among the attributes'],
    ['<p data-{{ x }}="y">', 'in the name of the attribute data-'],
    ['<p onclick="{{ x }}">', 'in the attribute onclick'],
    ['<iframe srcdoc="{{ x }}">', 'in <iframe>'],
    ['<img srcset="{{ x }}">', 'in the attribute srcset'],
    ['<a href="javascript:say({{ x }})">', 'that begins with “javascript:”'],
    ['<a href="javascript&#58;{{ x }}">', 'behind an “&”'],
    ['<a href="{{ x }}:say()">', 'where a URL’s scheme would'],
    ['<p style="{{ x }}: red">', 'where a property’s name would'],
    ['<p width=1{{ x }}>', 'no quotes'],
    ['<p title="{% if a %}x">{% else %}">{% endif %}', 'Some branches end'],
    ['{% for a in b %}<p title="{% endfor %}', 'Some branches end'],
    ['{% for a in b %}<p title="{% if a %}{% break %}{% endif %}">{% endfor %}', 'Some branches end'],
  ])('or refused where nothing makes it safe: %s', async (html, where) => {
    const error = await refusal(compile({ email: { subject: 'Hi', html: `<p>\n${html}` } }));
    expect(error).toMatchObject({ code: 'template_unsafe', path: 'email.html' });
    expect(error.message).toContain(where);
    expect(error.message).toContain('email.html, line 2, column');
    expect(error.advice).toBeTruthy();
  });
});

describe('values', () => {
  it.each([
    ['an empty one', {}, 'Hi '],
    ['nothing', { name: null }, 'Hi '],
    ['a number', { name: 1.5 }, 'Hi 1.5'],
    ['a Date', { name: new Date(reader.now) }, 'Hi 27. nov. 2026 10.00'],
    ['money', { name: { amount: '212.80', currency: 'DKK' } }, 'Hi 212,80 kr.'],
  ])('%s is shown as people write it', async (_, data, expected) => {
    expect(await smsOf('Hi {{ name }}', data)).toBe(expected);
  });

  it.each([
    ['a list', { customer: { cards: [1, 2] } }],
    ['a group of values', { customer: { cards: { a: 1 } } }],
  ])('%s is no text, and the error names the tag', async (what, data) => {
    const error = await refusal(smsOf('{{ customer.cards }}', data));
    expect(error).toMatchObject({ code: 'invalid_tag_value', path: 'customer.cards' });
    expect(error.message).toContain(`"customer.cards" is ${what}`);
  });

  it.each([
    'constructor',
    '__proto__',
    'customer.constructor.name',
    'customer.__proto__',
    'customer.toString',
    'name.sub',
  ])('that every object has are empty: %s', async (name) => {
    expect(await smsOf(`[{{ ${name} }}]`, { customer: {}, name: 'Anna' })).toBe('[]');
  });

  it('are never called', async () => {
    const call = () => 'called';
    expect(await smsOf('[{{ x }}{{ y.z }}]', { x: call, y: { z: call, toLiquid: call } })).toBe('[]');
  });

  it('are counted up for each message and part anew', async () => {
    const data = { n: 5 };
    expect(await smsOf('{% increment n %}{% increment n %}', data)).toBe('56');
    expect(data).toEqual({ n: 5 });
  });

  it('that hold each other are refused', async () => {
    const data: Record<string, unknown> = {};
    data.self = data;
    expect(await refusal(smsOf('{{ x }}', data))).toMatchObject({ code: 'invalid_tag_value', path: 'self' });
  });

  it('know the message’s time', async () => {
    expect(await smsOf('{{ now | date: "%Y-%m-%d %H:%M" }} {{ "today" | date: "%d" }}', {})).toBe(
      '2026-11-27 10:00 27',
    );
  });
});

describe('snippets', () => {
  const footer = { html: '<p>Bye {{ name }}</p>', text: 'Bye {{ name }}' };

  it('stand where they are included, in the form of the part', async () => {
    expect(await htmlOf("A{% render 'footer' %}", { name: '&' }, { footer })).toBe('A<p>Bye &amp;</p>');
    expect(await smsOf('A{% include "footer" %}', { name: '&' }, { footer })).toBe('ABye &');
  });

  it('are written for the other form where they have only one', async () => {
    expect(await htmlOf("{% render 's' %}", { name: 'Bo' }, { s: { text: 'a < b\n{{ name }}' } })).toBe(
      'a &lt; b<br>\nBo',
    );
    expect(
      await smsOf("{% render 's' %}", { name: 'Bo' }, { s: { html: '<p>a &lt; <b>{{ name }}</b></p>' } }),
    ).toBe('a < Bo');
  });

  it('include each other', async () => {
    const snippets = { a: { text: "[{% render 'b' %}]" }, b: { text: '{{ name }}' } };
    expect(await smsOf("{% render 'a' %}", { name: 'Bo' }, snippets)).toBe('[Bo]');
  });

  it('that include each other in a circle are refused, with the circle', async () => {
    const snippets = { a: { text: "{% render 'b' %}" }, b: { text: "{% render 'a' %}" } };
    const error = await refusal(smsOf("{% render 'a' %}", {}, snippets));
    expect(error).toMatchObject({ code: 'template_syntax', path: 'snippets.b.text' });
    expect(error.message).toContain('a → b → a');
  });

  it('that are included too deep are refused', async () => {
    const chain = Array.from(
      { length: 12 },
      (_, n) => [`s${n}`, { text: `{% render 's${n + 1}' %}` }] as const,
    );
    const error = await refusal(smsOf("{% render 's0' %}", {}, Object.fromEntries(chain)));
    expect(error.code).toBe('template_limit');
    expect(error.message).toContain('s0 → s1');
  });

  it('that double with each level are refused, quickly', async () => {
    const chain = Array.from(
      { length: 9 },
      (_, n) => [`s${n}`, { text: `{% render 's${n + 1}' %}`.repeat(50) }] as const,
    );
    const snippets = { ...Object.fromEntries(chain), s9: { text: '{{ x }}' } };
    expect((await refusal(smsOf("{% render 's0' %}", {}, snippets))).code).toBe('template_limit');
  });

  it('that do not exist are named, with the one that was meant', async () => {
    const error = await refusal(smsOf("{% render 'foter' %}", {}, { footer }));
    expect(error).toMatchObject({ code: 'unknown_snippet', path: 'sms.text' });
    expect(error.message).toContain('Did you mean "footer"?');
  });

  it.each(['{% render name %}', "{% render 'footer', name: 'x' %}"])(
    'take a fixed name and nothing else: %s',
    async (text) => {
      expect(await refusal(smsOf(text, {}, { footer }))).toMatchObject({ code: 'template_syntax' });
    },
  );
});

describe('a template that cannot be read', () => {
  it.each([
    ['{% if a %}', '"{% if a %}" is never closed'],
    ['{{ a', 'is never closed'],
    ['{% endif %}', '"endif" belongs to nothing'],
    ['{% wobble %}', 'There is no Liquid tag "wobble"'],
    ['{{ a | wobble }}', 'There is no Liquid filter "wobble"'],
    ['{{ a | sample }}', 'cannot be used: its result is another one each time'],
    ['{{ a | raw }}', 'never as markup'],
    ['{% layout "x" %}', 'cannot be used'],
    ['{{ a b }}', 'stand two values'],
    ['{% break %}', 'outside a loop'],
    ['{% if a %}{% else %}{% elsif b %}{% endif %}', 'behind “else”'],
    ['{% case a %}{% when b %}{% endcase %}', 'fixed values'],
    ['{{ posthorn_html }}', 'Posthorn’s own'],
  ])('says what is wrong and where: %s', async (text, message) => {
    const error = await refusal(smsOf(`Hi\n ${text}`, {}));
    expect(error).toMatchObject({ code: 'template_syntax', path: 'sms.text' });
    expect(error.message).toContain(message);
    expect(error.message).toMatch(/^sms\.text, line 2, column \d+: /);
  });

  it('names the language of its part', async () => {
    const locales = { da: { sms: { text: 'Hej' } }, en: { sms: { text: '{% if %}' } } };
    const source = { locale: 'da', locales, snippets: {}, attachments: [] };
    expect((await refusal(compileContent(source, {}))).path).toBe('locales.en.sms.text');
  });
});

describe('a template that wants too much is refused at once', () => {
  it.each([
    ['a subject of a megabyte', { email: { subject: 'x'.repeat(1_000_000), text: 'x' } }],
    ['a part of more than a megabyte', { sms: { text: 'x'.repeat(LIMITS.partChars + 1) } }],
    ['blocks within blocks', { sms: { text: '{% if a %}'.repeat(50_000) } }],
    ['brackets within brackets', { sms: { text: `{{ a${'[a'.repeat(50_000)}${']'.repeat(50_000)} }}` } }],
    ['very many tags', { sms: { text: '{{ a }}'.repeat(50_000) } }],
    ['elements within elements', { email: { subject: 'x', html: '<b>'.repeat(300_000) } }],
  ])('%s', async (_, parts) => {
    const started = performance.now();
    expect((await refusal(compile(parts))).code).toBe('template_limit');
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it.each([
    ['a range', '{% for i in (1..1000000000) %}x{% endfor %}'],
    ['loops within loops', `${'{% for i in (1..1000) %}'.repeat(5)}x${'{% endfor %}'.repeat(5)}`],
    [
      'text that doubles',
      '{% assign x = "0123456789" %}{% for i in (1..60) %}{% assign x = x | append: x %}{% endfor %}{{ x }}',
    ],
    ['loops over data', `${'{% for i in rows %}'.repeat(6)}x${'{% endfor %}'.repeat(6)}`],
  ])('when it is rendered: %s', async (_, text) => {
    const rows = Array.from({ length: 100 }, () => 1);
    expect((await refusal(smsOf(text, { rows }))).code).toBe('template_limit');
  });
});

describe('a skeleton', () => {
  it('has fixed text and numbered slots over all parts', async () => {
    const { skeleton } = await compile({
      email: {
        subject: 'Hi {{ a }}',
        html: '<p>{% assign b = a %}{{ b }}</p>',
        text: '{% if a %}A{% endif %}!',
      },
    });
    expect(skeleton).toMatchObject({
      subject: ['Hi ', 0],
      html: ['<p>', 1, '</p>'],
      text: [2, '!'],
      slotCount: 3,
    });
  });

  it('has the same id for the same content, and another for other content', async () => {
    const [one, same, other] = await Promise.all(
      ['Hi', 'Hi', 'Ho'].map((text) => compile({ sms: { text } })),
    );
    expect(one?.skeleton.id).toBe(same?.skeleton.id);
    expect(one?.skeleton.id).not.toBe(other?.skeleton.id);
  });

  it('knows the slots that show a sensitive tag, behind other names too', async () => {
    const tags = { name: { label: 'Name' }, 'account.password': { label: 'Password', sensitive: true } };
    const text =
      '{{ name }}{{ account.password }}{% assign p = account.password %}{{ p }}{% capture q %}{{ p }}{% endcapture %}{{ q }}{{ name }}';
    const { skeleton } = await compile({ sms: { text } }, {}, tags);
    expect(skeleton.sensitiveSlots).toEqual([1, 2, 3]);
  });

  it('is rendered only if it has the slots it says it has', async () => {
    const compiled = await compile({ sms: { text: 'A {{ a }}' } });
    const broken = { ...compiled, skeleton: { ...compiled.skeleton, id: 'other', slotCount: 2 } };
    await expect(renderSlots(broken, { data: {}, ...reader })).rejects.toThrow('has 2 slots, not 1');
  });
});
