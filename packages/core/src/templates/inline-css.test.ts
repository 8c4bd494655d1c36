import { selectAll } from 'css-select';
import { parse as parseSelectors } from 'css-what';
import type { AnyNode, Element } from 'domhandler';
import fc from 'fast-check';
import { parseDocument } from 'htmlparser2';
import { type Declaration as CssDeclaration, parse as parseCss } from 'postcss';
import { describe, expect, it } from 'vitest';
import { escapeHtmlTree } from './compile-places.ts';
import { printTree, readTree } from './compile-tree.ts';
import { fill, htmlTemplate, shape, sheet, tameTexts } from './generated.test-kit.ts';
import { inlineCss } from './inline-css.ts';
import { liquid } from './liquid.ts';

describe('a style sheet', () => {
  it('is written into the elements it is for', () => {
    const source = '<style>p { color: red } .big { font-size: 20px }</style><p class="big">Hi</p>';
    expect(inlineCss(source)).toContain('<p style="color: red; font-size: 20px" class="big">');
  });

  it('stays where it is, for mail programs that read it', () => {
    expect(inlineCss('<style>p { color: red }</style><p>Hi</p>')).toContain(
      '<style>p { color: red }</style>',
    );
  });

  it('comes before what an element’s own style says', () => {
    const source = '<style>p { color: red }</style><p style="margin: 0; color: blue">Hi</p>';
    expect(inlineCss(source)).toContain('style="color: red; margin: 0; color: blue"');
  });

  it('is not written where a rule for small screens would no longer hold', () => {
    const source =
      '<style>td { width: 300px; color: red } @media (max-width: 600px) { td { width: 100% } }</style><td>';
    expect(inlineCss(source)).toContain('<td style="color: red">');
  });

  it('is written where the rule for small screens is !important, as authors of emails do', () => {
    const rule = '@media (max-width: 600px) { td { width: 100% !important } }';
    expect(inlineCss(`<style>td { width: 300px } ${rule}</style><td>`)).toContain(
      '<td style="width: 300px">',
    );
  });

  it.each([
    ['div p', '<div><b><p id=x></b></div>'],
    ['div > p', '<div><p id=x></div>'],
    ['div + p', '<div></div> <p id=x>'],
    ['div ~ p', '<div></div><b></b><p id=x>'],
    ['div b ~ p > i', '<div><b></b><u></u><p><i id=x></p></div>'],
    ['p:nth-child(2)', '<div><b></b><p id=x></div>'],
  ])('is written for %s', (selector, html) => {
    const source = `<style>${selector} { color: red }</style><section>${html}</section>`;
    expect(inlineCss(source)).toMatch(/ style="color: red" id=x/);
    expect(inlineCss(source).match(/ style=/g)).toHaveLength(1);
  });

  it.each([
    ['section div p', '<div><p></div>'],
    ['div > p', '<div><b><p></b></div>'],
    ['div + p', '<div></div><b></b><p>'],
    ['div ~ p', '<p></p><div></div>'],
  ])('is not written where %s does not fit', (selector, html) => {
    const source = `<style>${selector} { color: red }</style>${html}`;
    expect(inlineCss(source)).toBe(source);
  });

  it('keeps quotes apart', () => {
    const source = '<style>p { font-family: "Open Sans" }</style><p>Hi</p>';
    expect(inlineCss(source)).toContain(`<p style="font-family: 'Open Sans'">`);
  });

  it.each([
    '<style>p { color: red </style><p',
    '<style>@import "x.css"; p { color: red }</style><p>',
    '<style>svg|p { color: red } p:nth-child(x) { color: red }</style><p>',
    '<p>no sheet</p>',
  ])('leaves alone what cannot be followed: %s', (source) => {
    expect(inlineCss(source)).toBe(source);
  });
});

describe('Liquid in a page whose CSS is inlined', () => {
  it('stays as it is, in the table and the attributes it stands in', () => {
    const row =
      '<tr{% if row.paid %} class="paid"{% endif %}><td width="{{ row.width }}">{{ row.name }}</td></tr>';
    const source = `<style>td { padding: 1px }</style><table>{% for row in rows %}${row}{% endfor %}</table>`;
    expect(inlineCss(source).replaceAll(' style="padding: 1px"', '')).toBe(source);
    expect(inlineCss(source)).toContain('<td style="padding: 1px" width="{{ row.width }}">');
  });

  it('keeps a style of its own with tags in it', () => {
    const source = '<style>p { margin: 0 }</style><p style="{% if a %}color: {{ b }}{% endif %}">';
    expect(inlineCss(source)).toContain('<p style="margin: 0; {% if a %}color: {{ b }}{% endif %}">');
  });

  it('decides: a class that depends on data leaves the property to the sheet', () => {
    const source =
      '<style>p { color: black; margin: 0 } .paid { color: green }</style><p class="{{ kind }}">';
    expect(inlineCss(source)).toContain('<p style="margin: 0" class="{{ kind }}">');
  });

  it('decides: nothing is inlined around elements that are opened in one branch and closed in another', () => {
    const source =
      '<style>.box p { color: red }</style>{% if a %}<div class="box">{% endif %}<p>Hi</p>{% if a %}</div>{% endif %}';
    expect(inlineCss(source)).toBe(source);
  });

  it('never changes what a mail program shows that reads style sheets', () => {
    fc.assert(
      fc.property(sheet, htmlTemplate, shape, tameTexts, fc.boolean(), (head, html, shaped, texts, small) => {
        const source = printTree(escapeHtmlTree(readTree(withoutSnippets(head + html), 'html'), 'html'));
        const render = (template: string): string =>
          liquid.parseAndRenderSync(template, { ...fill(shaped, texts) });
        expect(shownStyles(render(inlineCss(source)), small)).toEqual(shownStyles(render(source), small));
      }),
      { numRuns: 200 },
    );
  });
});

function withoutSnippets(html: string): string {
  return html.replace(/\{% (?:render|include) 'footer' %\}/g, '');
}

/** What every element looks like, by an independent and simple cascade over the finished page. */
function shownStyles(html: string, smallScreen: boolean): unknown {
  const document = parseDocument(html);
  const elements = selectAll<AnyNode, Element>('*', document);
  const applied = new Map(
    elements.map((element) => [element, [] as { rank: string; declaration: CssDeclaration }[]]),
  );
  let order = 0;
  const apply = (to: readonly Element[], level: string, declarations: readonly unknown[]) => {
    for (const declaration of declarations as CssDeclaration[]) {
      order += 1;
      const rank = `${declaration.important ? 1 : 0} ${level} ${String(order).padStart(6, '0')}`;
      for (const element of to) applied.get(element)?.push({ rank, declaration });
    }
  };
  for (const style of elements.filter(({ name }) => name === 'style')) {
    parseCss(textIn(style)).walkRules((rule) => {
      if (rule.parent?.type === 'atrule' && !smallScreen) return;
      for (const selector of rule.selectors.filter((each) => !each.includes(':hover'))) {
        const weight = parseSelectors(selector)[0]?.filter(
          ({ type }) => type === 'attribute' || type === 'pseudo',
        );
        const names = parseSelectors(selector)[0]?.filter(({ type }) => type === 'tag');
        apply(
          selectAll<AnyNode, Element>(selector, document),
          `0 ${weight?.length}${names?.length}`,
          rule.nodes,
        );
      }
    });
  }
  for (const element of elements) {
    const { style } = element.attribs;
    const [rule] = style === undefined ? [] : parseCss(`x{${style}}`).nodes;
    if (rule?.type === 'rule') apply([element], '1', rule.nodes);
  }
  return elements.map((element) => {
    const shown: Record<string, string> = {};
    for (const { declaration } of (applied.get(element) ?? []).sort((a, b) => (a.rank < b.rank ? -1 : 1))) {
      for (const name of Object.keys(shown)) if (name.startsWith(`${declaration.prop}-`)) delete shown[name];
      shown[declaration.prop] = declaration.value.replaceAll('"', "'");
    }
    return [element.name, Object.entries(shown).sort()];
  });
}

function textIn({ children }: Element): string {
  return children.map((child) => ('data' in child ? child.data : '')).join('');
}
