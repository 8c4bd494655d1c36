import { type TagToken, Tokenizer, type TopLevelToken, TypeGuards } from 'liquidjs';
import { RESERVED } from './escape-filters.ts';
import { LIMITS } from './limits.ts';
import { explained, liquid, overLimit, type Place, parseLiquid, syntaxAt } from './liquid.ts';

/**
 * A part of a template as the compiler sees it: comments are gone, white space is trimmed where `{%-` asked for it, `raw` is
 * text, `echo` is an output, and the lines of `liquid` are tags.
 */
export type Node = TextNode | OutputNode | TagNode | BlockNode;

interface TextNode {
  readonly kind: 'text';
  readonly text: string;
}

/** `{{ expression }}` */
export interface OutputNode {
  readonly kind: 'output';
  readonly expression: string;
  readonly at: Place;
}

/** `{% name args %}` */
export interface TagNode {
  readonly kind: 'tag';
  readonly name: string;
  readonly args: string;
  readonly at: Place;
}

/** `{% if … %}…{% else %}…{% endif %}`: a section begins at each of its tags but the last. */
export interface BlockNode {
  readonly kind: 'block';
  readonly name: string;
  readonly sections: readonly Section[];
}

export interface Section {
  readonly head: TagNode;
  readonly nodes: readonly Node[];
}

/** Blocks, and the tags that divide them. */
const BLOCKS: Readonly<Record<string, readonly string[]>> = {
  if: ['elsif', 'else'],
  unless: ['elsif', 'else'],
  case: ['when', 'else'],
  for: ['else'],
  capture: [],
};

/** Parses one part. `own` is for sources that the compiler has made itself. */
export function readTree(source: string, path: string, own: 'own' | 'given' = 'given'): Node[] {
  if (source.length > LIMITS.partChars)
    throw overLimit(path, `is longer than ${LIMITS.partChars} characters`);
  const tokens = explained(path, () =>
    new Tokenizer(source, liquid.options.operators).readTopLevelTokens(liquid.options),
  );
  const tags = flat(tokens, path);
  checkSize(tags, path);
  // Liquid's own parser says what is wrong with a tag; what it accepts is well formed here.
  parseLiquid(source, path);
  const builder = new TreeBuilder(own);
  for (const tag of tags) builder.add(tag);
  return builder.end();
}

function checkSize(nodes: readonly FlatNode[], path: string): void {
  if (nodes.filter(({ kind }) => kind !== 'text').length > LIMITS.nodes)
    throw overLimit(path, `holds more than ${LIMITS.nodes} Liquid tags`);
  let depth = 0;
  for (const node of nodes) {
    if (node.kind !== 'tag') continue;
    if (Object.hasOwn(BLOCKS, node.name)) depth += 1;
    else if (node.name.startsWith('end')) depth -= 1;
    if (depth > LIMITS.nesting) throw overLimit(path, `nests more than ${LIMITS.nesting} blocks`);
  }
}

type FlatNode = TextNode | OutputNode | TagNode;

/** Tokens as nodes, without comments and `raw`. */
function flat(tokens: readonly TopLevelToken[], path: string): FlatNode[] {
  const nodes: FlatNode[] = [];
  const position = new PositionOf(path);
  let within: 'comment' | undefined;
  for (const token of tokens) {
    const name = TypeGuards.isTagToken(token) ? token.name : undefined;
    if (within === 'comment') {
      if (name === 'endcomment') within = undefined;
    } else if (name === 'comment') {
      within = 'comment';
    } else if (TypeGuards.isHTMLToken(token)) {
      nodes.push({ kind: 'text', text: token.getContent() });
    } else if (TypeGuards.isTagToken(token)) {
      nodes.push(...flatTag(token, position.of(token)));
    } else if (TypeGuards.isOutputToken(token)) {
      nodes.push({ kind: 'output', expression: token.content, at: position.of(token) });
    }
  }
  return nodes;
}

function flatTag(token: Pick<TagToken, 'name' | 'args' | 'tokenizer'>, at: Place, depth = 0): FlatNode[] {
  const { name } = token;
  if (name === '#' || name === 'raw' || name === 'endraw') return [];
  if (name === 'echo')
    return token.args.trim() === '' ? [] : [{ kind: 'output', expression: token.args.trim(), at }];
  if (name !== 'liquid') return [{ kind: 'tag', name, args: token.args.trim(), at }];
  if (depth > LIMITS.nesting) throw overLimit(at.path, `nests more than ${LIMITS.nesting} blocks`);
  const lines = explained(at.path, () => token.tokenizer.readLiquidTagTokens(liquid.options));
  return withoutComments(lines).flatMap((line) => flatTag(line, at, depth + 1));
}

function withoutComments<Line extends { readonly name: string }>(lines: readonly Line[]): Line[] {
  let comment = false;
  return lines.filter(({ name }) => {
    const hidden = comment || name === 'comment';
    comment = name === 'comment' || (comment && name !== 'endcomment');
    return !hidden;
  });
}

/** Line and column of tokens that come in order: a token would count from the beginning each time. */
class PositionOf {
  readonly #path: string;
  #read = 0;
  #line = 1;
  #lineBegin = 0;

  constructor(path: string) {
    this.#path = path;
  }

  of({ input, begin }: { readonly input: string; readonly begin: number }): Place {
    for (
      let next = input.indexOf('\n', this.#read);
      next !== -1 && next < begin;
      next = input.indexOf('\n', next + 1)
    ) {
      this.#line += 1;
      this.#lineBegin = next + 1;
    }
    this.#read = begin;
    return { path: this.#path, line: this.#line, column: begin - this.#lineBegin + 1 };
  }
}

interface OpenBlock {
  readonly name: string;
  readonly sections: { readonly head: TagNode; readonly nodes: Node[] }[];
  readonly outer: Node[];
}

class TreeBuilder {
  readonly #own: boolean;
  readonly #open: OpenBlock[] = [];
  #nodes: Node[] = [];

  constructor(own: 'own' | 'given') {
    this.#own = own === 'own';
  }

  add(node: FlatNode): void {
    if (node.kind !== 'text' && !this.#own) checkNames(node);
    if (node.kind === 'text') this.#addText(node.text);
    else if (node.kind === 'output') this.#nodes.push(node);
    else this.#addTag(node);
  }

  end(): Node[] {
    return this.#nodes;
  }

  #addText(text: string): void {
    if (text === '') return;
    const last = this.#nodes.at(-1);
    if (last?.kind === 'text') this.#nodes[this.#nodes.length - 1] = { kind: 'text', text: last.text + text };
    else this.#nodes.push({ kind: 'text', text });
  }

  #addTag(tag: TagNode): void {
    const block = this.#open.at(-1);
    if (Object.hasOwn(BLOCKS, tag.name)) {
      this.#open.push({ name: tag.name, sections: [], outer: this.#nodes });
      this.#section(tag);
    } else if (block !== undefined && tag.name === `end${block.name}`) {
      this.#open.pop();
      if (block.name === 'case') checkCase(block);
      block.outer.push({ kind: 'block', name: block.name, sections: block.sections });
      this.#nodes = block.outer;
    } else if (block !== undefined && BLOCKS[block.name]?.includes(tag.name)) {
      this.#section(tag);
    } else {
      this.#plainTag(tag);
    }
  }

  #section(head: TagNode): void {
    const sections = this.#open.at(-1)?.sections ?? [];
    if (sections.at(-1)?.head.name === 'else') {
      throw syntaxAt(head.at, `“${head.name}” stands behind “else”.`, 'Let else be the last branch.');
    }
    const section = { head, nodes: [] as Node[] };
    sections.push(section);
    this.#nodes = section.nodes;
  }

  #plainTag(tag: TagNode): void {
    // What stands behind the `else` of a `for` is no round of it.
    const around = this.#open.findLast(
      ({ name, sections }) => name === 'capture' || (name === 'for' && sections.at(-1)?.head.name !== 'else'),
    )?.name;
    if ((tag.name === 'break' || tag.name === 'continue') && around !== 'for') {
      throw syntaxAt(tag.at, `“${tag.name}” stands outside a loop.`, 'Put it into a {% for %}.');
    }
    this.#nodes.push(tag);
  }
}

/** A fixed value of `when` with what divides it from the next one. */
const WHEN = /\s*("[^"]*"|'[^']*'|-?\d+(?:\.\d+)?|true|false)\s*(?:,|or\b|$)/y;

/** Liquid runs every branch that fits, and what stands before the first one never. Here exactly one can fit. */
function checkCase({ sections }: OpenBlock): void {
  sections[0]?.nodes.splice(0);
  const seen = new Set<string>();
  for (const { head } of sections.slice(1)) {
    for (let at = 0; head.name === 'when' && at < head.args.length; at = WHEN.lastIndex) {
      WHEN.lastIndex = at;
      const value = WHEN.exec(head.args)?.[1]?.replace(/^"(.*)"$/s, "'$1'");
      if (value === undefined || seen.has(value)) {
        throw syntaxAt(head.at, 'A “when” needs fixed values, each only once.', 'Use if and elsif instead.');
      }
      seen.add(value);
    }
  }
}

function checkNames(node: OutputNode | TagNode): void {
  const source = node.kind === 'output' ? node.expression : node.args;
  if (!source.includes(RESERVED)) return;
  throw syntaxAt(node.at, `Names that begin with “${RESERVED}” are Posthorn’s own.`, 'Choose another name.');
}

/** A block with other nodes in its sections. */
export function withSections(block: BlockNode, change: (nodes: readonly Node[]) => Node[]): BlockNode {
  return { ...block, sections: block.sections.map(({ head, nodes }) => ({ head, nodes: change(nodes) })) };
}

/** Liquid source of a tree. Text is written so that it is text to Liquid, whatever stands in it. */
export function printTree(nodes: readonly Node[]): string {
  return nodes.map((node, index) => printNode(node, nodes[index + 1])).join('');
}

function printNode(node: Node, next: Node | undefined): string {
  switch (node.kind) {
    case 'text':
      return printText(node.text, next === undefined || next.kind !== 'text');
    case 'output':
      return printOutput(node.expression);
    case 'tag':
      return printTag(node);
    case 'block':
      return `${node.sections.map((section) => printTag(section.head) + printTree(section.nodes)).join('')}{% end${node.name} %}`;
  }
}

function printOutput(expression: string): string {
  return `{{ ${expression} }}`;
}

function printTag({ name, args }: Pick<TagNode, 'name' | 'args'>): string {
  return args === '' ? `{% ${name} %}` : `{% ${name} ${args} %}`;
}

/** Text that holds `{{` or `{%`, or ends before a tag with `{`, would be read as Liquid. */
export function printText(text: string, beforeTag: boolean): string {
  return text.replace(beforeTag ? /\{(?=[{%]|$)/g : /\{(?=[{%])/g, '{{ "{" }}');
}
