import { Liquid } from 'liquidjs';
import { describe, expect, it } from 'vitest';
import { InputError } from '../errors.ts';
import type { TagCatalogue } from '../ports/index.ts';
import { checkTags } from './check-tags.ts';
import { findTags } from './find-tags.ts';
import { isSensitive } from './tag.ts';

const catalogue: TagCatalogue = {
  'customer.firstName': { label: 'Fornavn' },
  'customer.lastName': { label: 'Efternavn' },
  'customer.city': { label: 'By' },
  'order.total': { label: 'I alt', type: 'money' },
  'order.lines': { label: 'Varer', type: 'list', of: { name: 'text', price: 'money' } },
  'account.password': { label: 'Kodeord', sensitive: true },
  paid: { label: 'Betalt', type: 'boolean' },
};

const liquid = new Liquid({ groupedExpressions: true });

function check(source: string, tags = catalogue) {
  return checkTags([{ path: 'email.html', nodes: liquid.parse(source) }], tags);
}

function refusal(source: string): InputError {
  try {
    check(source);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error(`Nothing was refused in ${source}`);
}

describe('the tags of a template', () => {
  it('are those it shows, asks for, loops over and passes to filters', () => {
    const used = check(
      `{% if paid %}{{ customer.firstName | append: customer.lastName }}{% endif %}
       {% for line in order.lines limit: 3 %}{{ line.name }} {{ line.price | money }}{% endfor %}`,
    );
    expect(used.tags).toEqual(['customer.firstName', 'customer.lastName', 'order.lines', 'paid']);
    expect(used.sensitive).toEqual([]);
  });

  it.each([
    ['an assigned name', '{% assign name = customer.firstName %}{{ name }}'],
    ['a captured name', '{% capture name %}{{ customer.firstName }}{% endcapture %}{{ name }}'],
    ['an alias of a group', '{% assign c = customer %}{{ c.firstName }}'],
    [
      'a row of a sorted list',
      '{% assign rows = order.lines | sort: "name" %}{% for r in rows %}{{ r.name }}{% endfor %}',
    ],
    ['the first row', '{{ order.lines.first.name }}{{ order.lines[0].name }}{{ order.lines.size }}'],
    ['a picked row', '{% assign row = order.lines | last %}{{ row.name }}'],
    ['the loop itself', '{% for line in order.lines %}{{ forloop.index }}{% endfor %}'],
    ['a range', '{% for i in (1..3) %}{{ i }}{% endfor %}'],
    ['a name in quotes', '{{ customer["firstName"] }}'],
    ['a list through a filter', '{{ order.lines | size }}{{ order.lines | map: "name" | join: ", " }}'],
    ['the message’s time', '{{ now | date: "short" }}'],
    ['the link to unsubscribe', '{% if unsubscribe.url %}{{ unsubscribe.url }}{% endif %}'],
    ['an amount’s currency', '{{ order.total.currency }}'],
    ['a group in a condition', '{% if customer %}x{% endif %}'],
    ['a case', '{% case customer.city %}{% when "Odense" %}x{% else %}y{% endcase %}'],
    [
      'a counter',
      '{% increment n %}{% cycle "a", "b" %}{% raw %}{{ nonsense }}{% endraw %}{% comment %}{{ x }}{% endcomment %}',
    ],
  ])('may be used by way of %s', (_way, source) => {
    expect(() => check(source)).not.toThrow();
  });

  it('are refused where the catalogue does not know them, with the place and the nearest name', () => {
    const error = refusal('<p>\n  Hej {{ custmer.firstName }}</p>');
    expect(error).toMatchObject({ code: 'unknown_tag', path: 'email.html' });
    expect(error.message).toBe(
      'email.html, line 2, column 10: there is no tag "custmer.firstName". Did you mean "customer.firstName"?',
    );
  });

  it.each([
    ['{% for line in order.lines %}{{ line.nmae }}{% endfor %}', 'line.nmae', 'Did you mean "line.name"?'],
    ['{% if customer.firstname %}{% endif %}', 'customer.firstname', 'Did you mean "customer.firstName"?'],
    ['{{ "x" | append: customer.lstName }}', 'customer.lstName', 'Did you mean "customer.lastName"?'],
    ['{{ customer.firstName.first }}', 'customer.firstName.first', ''],
    ['{{ order.lines.name }}', 'order.lines.name', ''],
    ['{{ unsubscribe.link }}', 'unsubscribe.link', 'Did you mean "unsubscribe.url"?'],
    ['{{ ("a" | append: oops)[0] }}', 'oops', ''],
    ['{{ [customer.city] }}', '[…]', ''],
    ['{{ line.name }}{% for line in order.lines %}{% endfor %}', 'line.name', ''],
    ['{% for line in order.lines %}{% endfor %}{{ line.name }}', 'line.name', ''],
    ['{{ later }}{% assign later = "x" %}', 'later', ''],
    ['{{ constructor }}', 'constructor', ''],
    ['{{ customer.constructor }}', 'customer.constructor', ''],
    ['{{ customer.__proto__.x }}', 'customer.__proto__.x', ''],
    ['{{ toString }}', 'toString', ''],
    ['{% for line in order.lines %}{{ line.toString }}{% endfor %}', 'line.toString', ''],
  ])('%s is refused', (source, name, advice) => {
    const error = refusal(source);
    expect(error.code).toBe('unknown_tag');
    expect(error.message).toContain(JSON.stringify(name));
    expect(error.message).toContain(advice);
  });

  it('are values: a group or a list is not shown as such', () => {
    expect(refusal('{{ customer }}').message).toContain('Name one of them: customer.firstName');
    expect(refusal('{{ unsubscribe }}').message).toContain('Name one of them: unsubscribe.url');
    expect(refusal('{{ customer | json }}').message).toContain('group of tags');
    expect(refusal('{{ order.lines }}').message).toContain('{% for row in order.lines %}');
    expect(refusal('{% for line in order.lines %}{{ line }}{% endfor %}').message).toContain('line.name');
  });

  it('are all reported at once', () => {
    const error = refusal('{{ one }}{{ two }}');
    expect(error.issues.map(({ message }) => message)).toEqual([
      'email.html, line 1, column 4: there is no tag "one".',
      'email.html, line 1, column 13: there is no tag "two".',
    ]);
  });

  it('are free where the host has no catalogue', () => {
    const used = check(
      '{% for line in basket.lines %}{{ line.name }}{% endfor %}{{ anything[0].goes }}{{ constructor }}',
      {},
    );
    expect(used.tags).toEqual(['anything', 'basket.lines', 'constructor']);
  });
});

describe('a snippet', () => {
  const snippets: Record<string, string> = {
    button: '<a href="{{ url }}">{{ label }}</a>',
    row: '{{ line.name }}',
    typo: '{{ line.nmae }}',
    endless: '{% render "endless" %}{{ customer.firstName }}',
  };
  const engine = new Liquid({ templates: snippets });
  const openSnippet = (name: string) => engine.parse(snippets[name] ?? '');

  function checkWith(source: string) {
    return checkTags([{ path: 'email.html', nodes: engine.parse(source), openSnippet }], catalogue);
  }

  it('sees the names around it', () => {
    const given = '{% assign url = "https://x.dk" %}{% assign label = customer.city %}{% render "button" %}';
    expect(checkWith(given).tags).toEqual(['customer.city']);
    expect(checkWith('{% for line in order.lines %}{% render "row" %}{% endfor %}').tags).toEqual([
      'order.lines',
    ]);
  });

  it('reports what nobody gives it, where it is included', () => {
    expect(() => checkWith('{% assign url = "https://x.dk" %}{% render "button" %}')).toThrow(
      'there is no tag "label"',
    );
    expect(() => checkWith('{% for line in order.lines %}{% render "typo" %}{% endfor %}')).toThrow(
      'line.nmae',
    );
  });

  it('may be saved with names that are still to be given, but not with tags that are misspelt', () => {
    const alone = (source: string) => () =>
      checkTags([{ path: 'snippet.html', nodes: engine.parse(source), isSnippet: true }], catalogue);
    expect(alone(snippets.button ?? '')).not.toThrow();
    expect(alone('{{ customer.frstName }}')).toThrow('customer.firstName');
  });

  it('is followed once where it includes itself', () => {
    expect(checkWith('{% render "endless" %}').tags).toEqual(['customer.firstName']);
  });
});

describe('a value that is sensitive', () => {
  const marksOf = (source: string) =>
    findTags(liquid.parse(source), catalogue).map(({ tags }) =>
      [...tags].some((name) => isSensitive(name, catalogue)),
    );

  it.each([
    ['{{ account.password }}'],
    ['{{ account["password"] }}'],
    ['{{ "x" | append: account.password }}'],
    ['{{ ("x" | append: account.password) }}'],
    ['{{ ("x" | append: account.password)[0] }}'],
    ['{% if account.password == "1234" %}weak{% endif %}'],
    ['{% assign p = account.password %}', '{{ p }}'],
    ['{% assign a = account %}', '{{ a.password }}'],
    ['{% assign p = account.password | upcase %}', '{% assign q = p %}', '{{ q }}'],
    ['{% capture p %}{{ account.password }}{% endcapture %}', '{{ p | upcase }}'],
    ['{% if account.password contains "a" %}{% assign leak = 1 %}{% endif %}', '{{ leak }}'],
    ['{% assign p = account.password %}', '{% if paid %}{% assign p = "x" %}{% endif %}', '{{ p }}'],
    ['{% for i in (1..2) %}{{ account.password }}{% endfor %}'],
    ['{{ account[customer.city] }}'],
    ['{% if paid %}{% assign account = "x" %}{% endif %}', '{{ account.password }}'],
    ['{% for account in (1..0) %}{% else %}{{ account.password }}{% endfor %}'],
    [
      '{% assign b = "" %}{% for i in (1..2) %}{% assign a = b %}{% assign b = account.password %}{% endfor %}',
      '{{ a }}',
    ],
    [
      '{% for i in (1..9) %}{% if account.password == i %}{% break %}{% endif %}{% assign n = i %}{% endfor %}',
      '{{ n }}',
    ],
    ['{% for pair in account %}{{ pair[1] }}{% endfor %}'],
  ])('marks what shows it: %s %s %s', (...sources) => {
    expect(marksOf(sources.join('')).at(-1)).toBe(true);
  });

  it('marks nothing else', () => {
    const source =
      '{{ customer.firstName }}{% assign p = account.password %}{% assign p = "x" %}{{ p }}{{ paid }}';
    expect(marksOf(source)).toEqual([false, true, false, false, false]);
  });
});
