import { describe, expect, it } from 'vitest';
import { escapeHtmlTree } from './compile-places.ts';
import { printTree, readTree } from './compile-tree.ts';
import { deriveText } from './derive-text.ts';
import { liquid } from './liquid.ts';

function textOf(html: string): string {
  return printTree(deriveText(escapeHtmlTree(readTree(html, 'html'), 'html')));
}

describe('the text part of an HTML email', () => {
  it.each([
    ['<h1>Hi</h1><p>One  two\n three</p><p>Four</p>', 'Hi\n\nOne two three\n\nFour'],
    ['<ul><li>A</li><li>B</li></ul>', '- A\n- B'],
    ['a<br>b<br><br>c', 'a\nb\n\nc'],
    ['<table><tr><td>A</td><td>B</td></tr><tr><td>C</td></tr></table>', 'A B\nC'],
    ['<a href="https://x.dk/?a=1&amp;b=2">Shop</a>.', 'Shop (https://x.dk/?a=1&b=2).'],
    ['<a href="https://x.dk">https://x.dk</a> <a href="mailto:a@x.dk">a@x.dk</a>', 'https://x.dk a@x.dk'],
    ['<img src="cid:logo" alt="Salon Sol"> &amp; &lt;co&gt;', 'Salon Sol & <co>'],
    ['<pre>a\n  b</pre>', 'a\n  b'],
    [
      '<head><title>T</title><style>p{}</style></head><div style="display: none">hidden</div>Hi<!-- note -->',
      'Hi',
    ],
    ['&#123;&#123; x }}', '{{ "{" }}{ x }}'],
  ])('reads as people would write it: %s', (html, text) => {
    expect(textOf(html)).toBe(text);
  });

  it('keeps a loop over table rows, a line for each', () => {
    const html =
      '<table>{% for l in lines %}<tr><td>{{ l.name }}</td><td>{{ l.price }}</td></tr>{% endfor %}</table><p>End</p>';
    const lines = [
      { name: 'A', price: 1 },
      { name: 'B', price: 2 },
    ];
    expect(liquid.parseAndRenderSync(textOf(html), { lines })).toBe('A 1\nB 2\n\nEnd');
  });

  it('shows the address that the branch has chosen', () => {
    const html = '{% if a %}<a href="https://x.dk/a">{% else %}<a href="https://x.dk/b">{% endif %}Shop</a>';
    expect(liquid.parseAndRenderSync(textOf(html), { a: true })).toBe('https://x.dk/a: Shop');
    expect(liquid.parseAndRenderSync(textOf(html), { a: false })).toBe('https://x.dk/b: Shop');
  });

  it('encodes what stands in an address as the link does', () => {
    const html = '<a href="https://x.dk/?q={{ q }}">Find</a>';
    const nodes = liquid.parse(textOf(html));
    expect(textOf(html)).toContain('{{ q | posthorn_url_query: "text" }}');
    expect(nodes).toHaveLength(3);
  });

  it('remembers what was assigned in a place that is not shown', () => {
    const html =
      '<head>{% assign greeting = "Hi" %}</head><p class="{% if a %}{% assign name = "Bo" %}{% endif %}">{{ greeting }} {{ name }}</p>';
    expect(liquid.parseAndRenderSync(textOf(html).replaceAll(' | posthorn_html', ''), { a: true })).toBe(
      'Hi Bo',
    );
  });

  it('leaves out conditions that decide nothing but an attribute', () => {
    expect(textOf('<p{% if a %} class="b"{% endif %}>Hi</p>')).toBe('Hi');
  });
});
