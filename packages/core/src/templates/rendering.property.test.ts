import fc from 'fast-check';
import { Liquid } from 'liquidjs';
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { parse as parseCss } from 'postcss';
import { describe, expect, it } from 'vitest';
import type { CompiledSkeleton, SkeletonPiece } from '../ports/index.ts';
import { compileContent } from './compile-content.ts';
import {
  fill,
  hostileTexts,
  htmlTemplate,
  plainTemplate,
  shape,
  sheet,
  tameTexts,
} from './generated.test-kit.ts';
import { joinPart } from './join-part.ts';
import { liquid } from './liquid.ts';
import { plainData } from './plain-data.ts';
import { contextFor, globalsFor } from './render-context.ts';
import { renderSlots } from './render-slots.ts';
import type { EmailPart } from './template.ts';

const reader = { locale: 'da-DK', timeZone: 'Europe/Copenhagen', now: Date.UTC(2026, 10, 27) };
const footer = { html: '<p title="{{ name }}">Bye {{ name }}</p>', text: 'Bye {{ name }}\n' };

async function compileEmail(email: EmailPart): Promise<CompiledSkeleton> {
  const snippets = { footer: { version: 1, locale: 'en', locales: { en: footer } } };
  const [compiled] = await compileContent(
    { locale: 'en', locales: { en: { email } }, snippets, attachments: [] },
    {},
  );
  if (compiled === undefined) throw new Error('Nothing was compiled.');
  return compiled;
}

/** What Liquid makes of the whole compiled source in one go. */
async function plainRender(source: string, data: object): Promise<string> {
  const text: unknown = await liquid.render(
    liquid.parse(source),
    contextFor(liquid, plainData(data), globalsFor(reader)),
  );
  return String(text);
}

function partOf({ skeleton }: CompiledSkeleton, part: string): readonly SkeletonPiece[] {
  return Object.entries(skeleton).find(([name]) => name === part)?.[1] ?? [];
}

const email = fc
  .record({
    subject: plainTemplate,
    head: sheet,
    html: htmlTemplate,
    text: fc.option(plainTemplate, { nil: undefined }),
  })
  .map(({ subject, head, html, text }): EmailPart => ({ subject, html: `${head}<body>${html}`, text }));

describe('a skeleton joined with its slots', () => {
  it('is what Liquid renders of the compiled source, for every part, template and data', async () => {
    await fc.assert(
      fc.asyncProperty(email, shape, hostileTexts, async (given, shaped, texts) => {
        const data = fill(shaped, texts);
        const compiled = await compileEmail(given);
        const slots = await renderSlots(compiled, { data, ...reader });
        expect(slots).toHaveLength(compiled.skeleton.slotCount);
        for (const [part, source] of Object.entries(compiled.compiled)) {
          expect(joinPart(partOf(compiled, part), slots)).toBe(await plainRender(source, data));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('says what the template itself says, where no value needs escaping', async () => {
    const plain = new Liquid({ templates: { footer: footer.html }, ownPropertyOnly: true });
    await fc.assert(
      fc.asyncProperty(htmlTemplate, shape, tameTexts, async (html, shaped, texts) => {
        const data = fill(shaped, texts);
        const compiled = await compileEmail({ subject: '-', html });
        const slots = await renderSlots(compiled, { data, ...reader });
        const expected: unknown = plain.parseAndRenderSync(html, { ...data });
        expect(sameText(joinPart(partOf(compiled, 'html'), slots))).toBe(sameText(String(expected)));
      }),
      { numRuns: 300 },
    );
  });
});

/** What the compiler writes otherwise on purpose: quotes around bare values, and captured markup as the text that it is. */
function sameText(html: string): string {
  return html.replace(/ width="?(\w*)"? /g, ' width=$1 ').replaceAll('a &lt;b&gt; ', 'a <b> ');
}

describe('hostile values', () => {
  it('never become elements, attributes, declarations of style or another kind of link', async () => {
    await fc.assert(
      fc.asyncProperty(email, shape, hostileTexts, tameTexts, async (given, shaped, hostile, tame) => {
        const compiled = await compileEmail(given);
        const render = async (texts: readonly string[]) =>
          joinPart(
            partOf(compiled, 'html'),
            await renderSlots(compiled, { data: fill(shaped, texts), ...reader }),
          );
        const attacked = await render(hostile);
        expect(outline(attacked)).toEqual(outline(await render(tame)));
        for (const url of urlsIn(attacked)) expect(url).toMatch(/^(?:https?:|mailto:|tel:|cid:|base:)/);
      }),
      { numRuns: 300 },
    );
  });

  it('never bring a line break into a subject', async () => {
    await fc.assert(
      fc.asyncProperty(plainTemplate, shape, hostileTexts, async (subject, shaped, texts) => {
        const compiled = await compileEmail({ subject, text: 'x' });
        const slots = await renderSlots(compiled, { data: fill(shaped, texts), ...reader });
        expect(joinPart(partOf(compiled, 'subject'), slots)).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      }),
    );
  });
});

type Element = DefaultTreeAdapterTypes.Element;

function* elementsIn(node: DefaultTreeAdapterTypes.Node): Generator<Element> {
  if ('tagName' in node) yield node;
  if ('childNodes' in node) for (const child of node.childNodes) yield* elementsIn(child);
}

/** The elements of a page, their attributes and the properties in their styles: everything but text. */
function outline(html: string): string[] {
  return [...elementsIn(parse(html))].map(({ tagName, attrs }) => {
    const styles = attrs.filter(({ name }) => name === 'style').flatMap(({ value }) => propertiesIn(value));
    return `${tagName} ${attrs.map(({ name }) => name).join(' ')} {${styles.join(' ')}}`;
  });
}

function propertiesIn(style: string): string[] {
  return parseCss(`x{${style}}`).nodes.flatMap((rule) =>
    rule.type === 'rule'
      ? rule.nodes.map((node) => (node.type === 'decl' ? node.prop : node.type))
      : [rule.type],
  );
}

function* urlsIn(html: string): Generator<string> {
  for (const { attrs } of elementsIn(parse(html))) {
    for (const { name, value } of attrs) {
      if (name !== 'href' && name !== 'src') continue;
      // A relative one goes nowhere in an email.
      yield URL.canParse(value) ? new URL(value).protocol : 'base:';
    }
  }
}
