import { didYouMean, quoted } from '../did-you-mean.ts';
import { NotFoundError } from '../errors.ts';
import { escapeHtmlTree } from './compile-places.ts';
import { type Node, readTree, type TagNode, withSections } from './compile-tree.ts';
import { deriveText } from './derive-text.ts';
import { escapeLines } from './escape-filters.ts';
import { LIMITS } from './limits.ts';
import { overLimit, placeOf, syntaxAt } from './liquid.ts';
import type { SnippetPart } from './template.ts';

/** Whether a part is HTML or plain text: a snippet gives the one or the other. */
export type Form = 'html' | 'text';

/** The snippets that a part may include, by name, in the part's language. */
export type Snippets = Readonly<Record<string, SnippetPart>>;

/** Puts the content of snippets where `{% render 'name' %}` and `{% include 'name' %}` stand. They see the names around them. */
export function expandSnippets(nodes: readonly Node[], path: string, form: Form, snippets: Snippets): Node[] {
  return new Expansion(path, snippets).expand(nodes, form, []);
}

class Expansion {
  readonly #path: string;
  readonly #snippets: Snippets;
  #nodes = 0;
  #chars = 0;

  constructor(path: string, snippets: Snippets) {
    this.#path = path;
    this.#snippets = snippets;
  }

  expand(nodes: readonly Node[], form: Form, chain: readonly string[]): Node[] {
    return nodes.flatMap((node): Node[] => {
      if (node.kind === 'tag' && (node.name === 'render' || node.name === 'include'))
        return this.#include(node, form, chain);
      this.#count(node);
      if (node.kind !== 'block') return [node];
      return [withSections(node, (inner) => this.expand(inner, form, chain))];
    });
  }

  /** Snippets that include each other twice double with every level. */
  #count(node: Node): void {
    if (node.kind === 'text') this.#chars += node.text.length;
    else this.#nodes += 1;
    if (this.#nodes <= LIMITS.nodes && this.#chars <= LIMITS.partChars) return;
    throw overLimit(this.#path, 'is too large with its snippets');
  }

  #include(tag: TagNode, form: Form, chain: readonly string[]): Node[] {
    const name = /^(["'])([^"']*)\1$/.exec(tag.args)?.[2];
    if (name === undefined) {
      throw syntaxAt(
        tag.at,
        `“${tag.name}” takes the name of a snippet in quotes and nothing else.`,
        'A snippet sees the tags and names around it: assign what it needs before.',
      );
    }
    const path = [...chain, name];
    if (chain.includes(name)) {
      const circle = `Snippets include each other in a circle: ${path.join(' → ')}.`;
      throw syntaxAt(tag.at, circle, 'Take one of them out.');
    }
    if (path.length > LIMITS.snippets) {
      throw overLimit(
        tag.at.path,
        `includes snippets more than ${LIMITS.snippets} deep: ${path.join(' → ')}`,
      );
    }
    return this.#content(tag, name, form, path);
  }

  #content(tag: TagNode, name: string, form: Form, chain: readonly string[]): Node[] {
    const snippet = Object.hasOwn(this.#snippets, name) ? this.#snippets[name] : undefined;
    if (snippet === undefined) {
      throw new NotFoundError('unknown_snippet', `${placeOf(tag.at)}: there is no snippet ${quoted(name)}.`, {
        path: tag.at.path,
        advice: didYouMean(name, Object.keys(this.#snippets)),
      });
    }
    const own = snippet[form];
    if (own !== undefined) return this.#read(own, name, form, chain);
    if (form === 'html') return asHtml(this.#read(snippet.text ?? '', name, 'text', chain));
    const html = this.#read(snippet.html ?? '', name, 'html', chain);
    return deriveText(escapeHtmlTree(html, `snippets.${name}.html`));
  }

  #read(source: string, name: string, form: Form, chain: readonly string[]): Node[] {
    return this.expand(readTree(source, `snippets.${name}.${form}`), form, chain);
  }
}

/** A text that stands in HTML. Its outputs are escaped for their place as all others are. */
function asHtml(nodes: readonly Node[]): Node[] {
  return nodes.map((node): Node => {
    if (node.kind === 'text') return { kind: 'text', text: escapeLines(node.text) };
    if (node.kind !== 'block' || node.name === 'capture') return node;
    return withSections(node, asHtml);
  });
}
