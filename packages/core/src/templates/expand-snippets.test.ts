import { describe, expect, it } from 'vitest';
import { htmlOf, refusal, smsOf } from './compiling.test-kit.ts';

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
