import fc from 'fast-check';

/** Values that try to become markup, script, another attribute, another header or Liquid. */
const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '" onmouseover="alert(1)" x="',
    '</title></style></textarea><svg onload=alert(1)>',
    '--><script>alert(1)</script><!--',
    ']]><b>',
    'javascript:alert(1)',
    ' java\tscript:alert(1)',
    'JaVaScRiPt&colon;alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    '//evil.example/x',
    'red; background: url(javascript:alert(1))',
    'red;}</style><script>',
    'expression(alert(1))',
    "x');background:url('javascript:alert(1)",
    '{{ secret }}{% if true %}',
    'a\r\nBcc: x@example.com',
    'Ærø <ö> & 日本 👩‍🚀 \u0000\u202e\ud800',
    '&lt;&amp;&#x3c;',
    '',
    ' ',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom('<', '>', '"', "'", '&', '=', ' ', ':', ';', '/', '-', '!', 'a', '\\', '(', ')'),
    maxLength: 12,
  }),
);

const tameText = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/);

interface GeneratedData {
  readonly name: string;
  readonly url: string;
  readonly flag: boolean;
  readonly kind: number;
  readonly rows: readonly { readonly name: string; readonly flag: boolean }[];
}

/** Data of one shape, with values from `text`; `shape` decides conditions and loops, so that two data can differ in values only. */
export const shape = fc.record({
  flag: fc.boolean(),
  kind: fc.integer({ min: 0, max: 3 }),
  rows: fc.array(fc.boolean(), { maxLength: 3 }),
});
type Shape = typeof shape extends fc.Arbitrary<infer Value> ? Value : never;

export function fill({ flag, kind, rows }: Shape, texts: readonly string[]): GeneratedData {
  const text = (index: number) => texts[index % texts.length] ?? '';
  return {
    name: text(0),
    url: text(1),
    flag,
    kind,
    rows: rows.map((each, index) => ({ flag: each, name: text(index + 2) })),
  };
}

export const hostileTexts = fc.array(hostileText, { minLength: 3, maxLength: 5 });
export const tameTexts = fc.array(tameText, { minLength: 3, maxLength: 5 });

const words = fc.constantFrom(
  'Hello',
  ' ',
  '\n  ',
  'Ærø 日本 👋',
  'a &amp; b',
  '{ ',
  '}}',
  '%}',
  '&nbsp;',
  ' 5 < 6 ',
  '&#123;&#123; x }}',
  '{ %',
  'q=',
);

/** A tag or output, with white space control at random. */
function trimmed(inner: string): fc.Arbitrary<string> {
  const [open, close] = inner.startsWith('%') ? ['{%', '%}'] : ['{{', '}}'];
  const body = inner.replace(/^%/, '');
  return fc
    .tuple(fc.constantFrom('', '', '-'), fc.constantFrom('', '', '-'))
    .map(([left, right]) => `${open}${left} ${body} ${right}${close}`);
}

const output = fc
  .constantFrom(
    'name',
    'name | upcase',
    'url',
    'missing',
    'missing.deeper[0]',
    'constructor',
    '__proto__',
    'loud',
    'shown',
    'rows.size',
    'name | default: "x"',
  )
  .chain(trimmed);

const quiet = fc
  .constantFrom(
    '%assign loud = name | upcase',
    '%comment %}<b {{ name }}{% endcomment',
    '%# a note',
    '%raw %}{{ raw }}<i>x</i>{% endraw',
    "%cycle 'odd', 'even', name",
    '%increment n',
    '%echo name',
    '%liquid\n assign loud = url\n echo loud',
  )
  .chain(trimmed);

function sequence(part: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.array(part, { maxLength: 4 }).map((parts) => parts.join(''));
}

function block(
  open: string,
  inner: fc.Arbitrary<string>,
  close: string,
  between?: string,
): fc.Arbitrary<string> {
  const other =
    between === undefined
      ? fc.constant('')
      : fc.tuple(trimmed(between), inner).map((parts) => parts.join(''));
  return fc.tuple(trimmed(open), inner, other, trimmed(close)).map((parts) => parts.join(''));
}

function blocks(inner: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(
    block('%if flag', inner, '%endif', '%else'),
    block('%if kind > 1', inner, '%endif', '%elsif flag'),
    block('%unless flag', inner, '%endunless'),
    fc
      .tuple(trimmed('%case kind'), inner, trimmed('%when 2, 3'), inner, trimmed('%else'))
      .map(([open, one, when, two, other]) => `${open}{% when 1 %}${one}${when}${two}${other}x{% endcase %}`),
    block(
      '%for row in rows',
      inner.map((text) => `${text}{{ row.name }}`),
      '%endfor',
      '%else',
    ),
    block(
      '%for row in rows',
      inner.map((text) => `{% if row.flag %}{% continue %}{% endif %}${text}`),
      '%endfor',
    ),
    block('%for i in (1..2)', inner, '%endfor'),
    block(
      '%capture shown',
      fc.constantFrom('{{ name }}', 'a <b> {{ rows[0].name }}{% if flag %}!{% endif %}'),
      '%endcapture',
    ),
  );
}

/** Text without markup: a subject, a text message. */
export const plainTemplate: fc.Arbitrary<string> = fc.letrec<{ text: string }>((tie) => ({
  text: sequence(
    fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      words,
      output,
      quiet,
      blocks(tie('text')),
      fc.constant("{% render 'footer' %}"),
    ),
  ),
})).text;

const attributes = fc.constantFrom(
  '',
  ' title="{{ name }}"',
  " title='{{ name }} x'",
  ' width={{ name }} class=big',
  ' {% if flag %}hidden{% endif %}',
  '{% if flag %} class="x {{ name }}"{% else %} class="y"{% endif %}',
  ' class="a{% if flag %} b{% endif %} {{ name }}"',
  ' style="color: {{ name }}; background: url({{ url }}); width: 1px"',
  ' style="font-family: \'{{ name }}\'"',
  ' style="{% if flag %}color: {{ name }};{% endif %} margin: 0"',
);

const links = fc.constantFrom(
  ' href="{{ url }}"',
  ' href="{% if flag %}{{ url }}{% endif %}"',
  ' href="https://example.com/{{ name }}/x?q={{ name }}&amp;r={{ url }}#{{ name }}"',
  ' href="https://{{ name }}.example.com"',
  ' href="{{ url }}?utm={{ name }}"',
  ' href="{% if flag %}https://example.com/{% else %}/x{% endif %}?q={{ name }}"',
  ' href="mailto:{{ name }}?subject={{ name }}"',
  ' href="{{ name }}{{ url }}"',
  ' href="x{{ url }}"',
  " href=' {{ url }}'",
);

const rowTag = '<tr{% if row.flag %} class="odd"{% endif %}>';

/** HTML, with tags wherever tags may stand. */
export const htmlTemplate: fc.Arbitrary<string> = fc.letrec<{ html: string }>((tie) => ({
  html: sequence(
    fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      words,
      output,
      quiet,
      blocks(tie('html')),
      fc.constant("{% include 'footer' %}"),
      fc
        .tuple(fc.constantFrom('p', 'div', 'b', 'h1', 'ul', 'li', 'pre', 'title'), attributes, tie('html'))
        .map(([name, given, inner]) =>
          name === 'title' ? `<title>{{ name }}</title>` : `<${name}${given}>${inner}</${name}>`,
        ),
      fc
        .tuple(links, attributes, tie('html'))
        .map(([link, given, inner]) => `<a${link}${given}>${inner}</a>`),
      fc.constantFrom(
        '<br>',
        '<hr/>',
        '<img src="{{ url }}" alt="{{ name }}">',
        '<!-- note -->',
        '<!--[if mso]><b title="{{ name }}">{{ name }}</b><![endif]-->',
      ),
      tie('html').map(
        (cell) =>
          `<table>{% for row in rows %}${rowTag}<td>{{ row.name }}</td><td>${cell}</td></tr>{% else %}<tr><td>none</td></tr>{% endfor %}</table>`,
      ),
    ),
  ),
})).html;

/** Style sheets for it. */
export const sheet: fc.Arbitrary<string> = fc
  .array(
    fc.constantFrom(
      'p { color: red }',
      '.x, .a { margin: 1px; margin-left: 2px }',
      'td { padding: 1px }',
      'tr.odd td { padding: 2px }',
      'tr:nth-child(even) { color: blue }',
      '@media (max-width: 600px) { td { padding: 9px } }',
      'a:hover { color: green }',
      'b[title] { font: "A B" }',
    ),
    { maxLength: 4 },
  )
  .map((rules) => (rules.length === 0 ? '' : `<style>${rules.join('\n')}</style>`));
