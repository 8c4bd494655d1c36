import { describe, expect, it } from 'vitest';
import { compileContent } from './compile-content.ts';
import { compile, reader, refusal, smsOf } from './compiling.test-kit.ts';
import { LIMITS } from './limits.ts';
import { renderSlots } from './render-slots.ts';

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
    ['{% for a in b %}{% else %}{% if a %}{% break %}{% endif %}{% endfor %}', 'outside a loop'],
    ['{% for a in b %}{% capture c %}{% break %}{% endcapture %}{% endfor %}', 'outside a loop'],
    ['{% case a %}{% else %}{% when 1 %}{% endcase %}', 'behind “else”'],
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
    ['a part of more than a megabyte', { sms: { text: 'x'.repeat(LIMITS.partChars + 1) } }],
    ['blocks within blocks', { sms: { text: '{% if a %}'.repeat(50_000) } }],
    ['brackets within brackets', { sms: { text: `{{ a${'[a'.repeat(50_000)}${']'.repeat(50_000)} }}` } }],
    ['very many tags', { sms: { text: '{{ a }}'.repeat(50_000) } }],
    [
      'more elements and rules than can be matched',
      {
        email: {
          subject: 'x',
          html: `<style>${'b{color:red}'.repeat(5000)}</style>${'<p>'.repeat(100_000)}`,
        },
      },
    ],
    [
      'ancestors of ancestors',
      {
        email: {
          subject: 'x',
          html: `<style>${'x * * * * * * * * b{color:red}'.repeat(2000)}</style>${'<b>'.repeat(400)}`,
        },
      },
    ],
    [
      'children that are counted',
      {
        email: {
          subject: 'x',
          html: `<style>${'p:nth-child(2n){color:red}'.repeat(300)}</style>${'<p></p>'.repeat(5000)}`,
        },
      },
    ],
    [
      'selectors with a copy of many declarations',
      {
        email: {
          subject: 'x',
          html: `<style>${'p,'.repeat(20_000)}b{${'a:b;'.repeat(20_000)}}</style>`,
        },
      },
    ],
    [
      'styles that are longer than what they are for',
      {
        email: {
          subject: 'x',
          html: `<style>p{a:${'b'.repeat(10_000)}}</style>${'<p>'.repeat(4000)}`,
        },
      },
    ],
    [
      'names that are made of each other',
      {
        sms: { text: Array.from({ length: 4900 }, (_, i) => `{% assign x = x | append: t${i} %}`).join('') },
      },
    ],
    ['liquid within liquid', { sms: { text: `{% ${'liquid '.repeat(50_000)} %}` } }],
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
    [
      'text that is captured',
      `{% capture x %}{% for i in (1..1000) %}${'x'.repeat(500_000)}{% endfor %}{% endcapture %}{{ x }}`,
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
    const broken = { ...compiled, skeleton: { ...compiled.skeleton, id: 'other', slotCount: 3 } };
    await expect(renderSlots(broken, { data: {}, ...reader })).rejects.toThrow('has 3 slots, not 2');
  });
});
