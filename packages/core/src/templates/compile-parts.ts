import type { CompiledSkeleton, TagCatalogue } from '../ports/index.ts';
import { escapeHtmlTree, escapePlainTree } from './compile-places.ts';
import { type Node, printTree, readTree, withSections } from './compile-tree.ts';
import { deriveText } from './derive-text.ts';
import { expandSnippets, type Form, type Snippets } from './expand-snippets.ts';
import { inlineCss } from './inline-css.ts';
import { explained } from './liquid.ts';
import { pickSnippet } from './pick-skeleton.ts';
import { buildSkeleton, type CompiledParts } from './skeleton.ts';
import type { ContentSource, EmailPart } from './template.ts';

/** Compiles the parts of one language. */
export function compileLocale(
  content: ContentSource,
  locale: string,
  tags: TagCatalogue,
): CompiledSkeleton[] {
  const parts = content.locales[locale] ?? {};
  const prefix = locale === content.locale ? '' : `locales.${locale}.`;
  const snippets = Object.entries(content.snippets).map(
    ([name, snippet]) => [name, pickSnippet(snippet, locale)] as const,
  );
  const compiler = new PartCompiler(Object.fromEntries(snippets));
  const { email, sms, internal } = parts;
  const compiled: CompiledParts[] = [];
  if (email !== undefined) compiled.push(compiler.email(email, `${prefix}email`));
  if (sms !== undefined)
    compiled.push({ channel: 'sms', text: withOptOut(compiler.text(sms.text, `${prefix}sms.text`)) });
  if (internal !== undefined) {
    const title = compiler.line(internal.title, `${prefix}internal.title`);
    compiled.push({
      channel: 'internal',
      title,
      body: compiler.text(internal.body, `${prefix}internal.body`),
    });
  }
  return compiled.map((each) => buildSkeleton(each, locale, content.attachments, tags));
}

/** A place at the end for the line that says how to opt out; where the text says so itself, it has none. */
function withOptOut(text: string): string {
  return /\bunsubscribe\s*(?:\.\s*url\b|\[)/.test(text)
    ? text
    : `${text}{{ unsubscribe.line | posthorn_text }}`;
}

class PartCompiler {
  readonly #snippets: Snippets;

  constructor(snippets: Snippets) {
    this.#snippets = snippets;
  }

  email({ subject, html, text }: EmailPart, path: string): CompiledParts {
    const line = this.line(subject, `${path}.subject`);
    if (html === undefined)
      return { channel: 'email', subject: line, text: this.text(text ?? '', `${path}.text`) };
    const tree = escapeHtmlTree(this.#tree(html, `${path}.html`, 'html'), `${path}.html`);
    return {
      channel: 'email',
      subject: line,
      html: explained(`${path}.html`, () => inlineCss(printTree(tree))),
      text: text === undefined ? this.#derived(tree, `${path}.html`) : this.text(text, `${path}.text`),
    };
  }

  text(source: string, path: string): string {
    return this.#plain(this.#tree(source, path, 'text'));
  }

  /** A subject or a title: one line. */
  line(source: string, path: string): string {
    const tree = mapText(this.#tree(source, path, 'text'), (text) =>
      text.replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' '),
    );
    return printTree(escapePlainTree(trimEnds(tree), 'posthorn_line'));
  }

  #tree(source: string, path: string, form: Form): Node[] {
    return expandSnippets(readTree(source, path), path, form, this.#snippets);
  }

  #plain(tree: readonly Node[]): string {
    return printTree(
      escapePlainTree(
        mapText(tree, (text) => text.replace(/\r\n?/g, '\n')),
        'posthorn_text',
      ),
    );
  }

  #derived(html: readonly Node[], path: string): string {
    return this.#plain(explained(path, () => deriveText(html)));
  }
}

function mapText(nodes: readonly Node[], change: (text: string) => string): Node[] {
  return nodes.map((node): Node => {
    if (node.kind === 'text') return { kind: 'text', text: change(node.text) };
    if (node.kind !== 'block') return node;
    return withSections(node, (inner) => mapText(inner, change));
  });
}

function trimEnds(nodes: readonly Node[]): Node[] {
  return nodes.map((node, index): Node => {
    if (node.kind !== 'text') return node;
    const text = index === 0 ? node.text.trimStart() : node.text;
    return { kind: 'text', text: index === nodes.length - 1 ? text.trimEnd() : text };
  });
}
