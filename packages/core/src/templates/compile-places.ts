import { Tokenizer, TypeGuards } from 'liquidjs';
import { InputError } from '../errors.ts';
import { type BlockNode, type Node, type OutputNode, type TagNode, withSections } from './compile-tree.ts';
import { type EscapeFilter, RESERVED } from './escape-filters.ts';
import { Unsafe } from './escape-place.ts';
import { HtmlState } from './escape-state.ts';
import { LIMITS } from './limits.ts';
import { explained, liquid, overLimit, type Place, placeOf, syntaxAt } from './liquid.ts';

/** Puts the filter of its place behind every output of an HTML part. */
export function escapeHtmlTree(nodes: readonly Node[], path: string): Node[] {
  return new HtmlWalk(path).part(nodes);
}

/** Puts one filter behind every output of a part that is no HTML. */
export function escapePlainTree(nodes: readonly Node[], filter: EscapeFilter): Node[] {
  return nodes.flatMap((node): Node[] => {
    switch (node.kind) {
      case 'text':
        return [node];
      case 'output':
        return [escaped(node, filter)];
      case 'tag':
        return PRINTING.has(node.name) ? captured(node, filter) : [node];
      default:
        // What the compiler has captured is escaped where it is shown.
        if (node.sections[0]?.head.args.startsWith(RESERVED)) return [node];
        return [withSections(node, (inner) => escapePlainTree(inner, filter))];
    }
  });
}

/** Tags that print something: they are captured and shown, so that it is escaped like everything else. */
const PRINTING: ReadonlySet<string> = new Set(['cycle', 'increment', 'decrement']);

function captured(tag: TagNode, filter: EscapeFilter): Node[] {
  const name = `${RESERVED}${tag.name}`;
  const head: TagNode = { kind: 'tag', name: 'capture', args: name, at: tag.at };
  return [
    { kind: 'block', name: 'capture', sections: [{ head, nodes: [tag] }] },
    { kind: 'output', expression: `${name} | ${filter}`, at: tag.at },
  ];
}

/** Filters that escape by themselves: the place does it, and twice is wrong. */
const ESCAPES: ReadonlySet<string> = new Set(['escape', 'escape_once', 'xml_escape']);
const ENCODES: ReadonlySet<string> = new Set(['url_encode', 'cgi_escape', 'uri_escape']);

function escaped(node: OutputNode, filter: EscapeFilter): OutputNode {
  const { expression, last } = withoutLast(node, (name) => {
    if (ESCAPES.has(name)) return true;
    if (ENCODES.has(name)) return filter.startsWith('posthorn_url_');
    return name === 'newline_to_br';
  });
  const lines = last === 'newline_to_br' && filter === 'posthorn_html';
  return { ...node, expression: `${expression} | ${lines ? 'posthorn_lines' : filter}` };
}

/** The expression without its last filter, where that is one that the place makes superfluous. */
function withoutLast(node: OutputNode, superfluous: (filter: string) => boolean) {
  const { expression: source, at } = node;
  const token = explained(at.path, () => new Tokenizer(source, liquid.options.operators).readFilteredValue());
  const operands = token.initial.postfix.reduce(
    (count, each) =>
      TypeGuards.isOperatorToken(each) ? count - (each.operator === 'not' ? 0 : 1) : count + 1,
    0,
  );
  if (operands !== 1) {
    throw syntaxAt(
      at,
      'Between {{ and }} stand two values.',
      'Show each in its own {{ }}, or join them with a filter.',
    );
  }
  const filter = token.filters.at(-1);
  const cut = filter !== undefined && superfluous(filter.name) ? filter : undefined;
  let expression = source.slice(0, cut?.begin).trimEnd();
  while (expression.endsWith('|')) expression = expression.slice(0, -1).trimEnd();
  return { expression, last: cut?.name };
}

/** Follows the HTML of a part along every branch. */
class HtmlWalk {
  readonly #path: string;
  /** Undefined behind `break` and `continue`, where nothing is reached. */
  #state: HtmlState | undefined = new HtmlState();
  /** Of every loop that is open: the states in which it is left or begun again early. */
  readonly #loops: (HtmlState | undefined)[] = [];
  #at: Place;
  #visited = 0;

  constructor(path: string) {
    this.#path = path;
    this.#at = { path, line: 1, column: 1 };
  }

  part(nodes: readonly Node[]): Node[] {
    return this.#nodes(nodes);
  }

  #nodes(nodes: readonly Node[]): Node[] {
    return nodes.flatMap((node) => this.#node(node));
  }

  #node(node: Node): Node[] {
    this.#visited += 1;
    // Loops within loops are followed several times.
    if (this.#visited > LIMITS.nodes * 50) throw overLimit(this.#path, 'is too complex to follow');
    if (node.kind !== 'text')
      this.#at = node.kind === 'block' ? (node.sections[0]?.head.at ?? this.#at) : node.at;
    switch (node.kind) {
      case 'text':
        return [{ kind: 'text', text: this.#safely(() => this.#state?.read(node.text)) ?? node.text }];
      case 'output':
        return this.#show((filter) => [escaped(node, filter)]);
      case 'tag':
        return this.#tag(node);
      case 'block':
        return [this.#block(node)];
    }
  }

  #show(write: (filter: EscapeFilter) => Node[]): Node[] {
    const shown = this.#safely(() => this.#state?.show()) ?? { before: '', filter: 'posthorn_html' };
    const before: Node[] = shown.before === '' ? [] : [{ kind: 'text', text: shown.before }];
    return [...before, ...write(shown.filter)];
  }

  #tag(node: TagNode): Node[] {
    if (PRINTING.has(node.name)) return this.#show((filter) => captured(node, filter));
    if (node.name === 'break' || node.name === 'continue') {
      const last = this.#loops.length - 1;
      this.#loops[last] = this.#either(this.#loops[last], this.#state);
      this.#state = undefined;
    }
    return [node];
  }

  #block(node: BlockNode): BlockNode {
    // What is captured stands nowhere yet: it is text, and escaped where it is shown.
    if (node.name === 'capture')
      return withSections(node, (inner) => escapePlainTree(inner, 'posthorn_text'));
    return node.name === 'for' ? this.#loop(node) : this.#branches(node);
  }

  #branches(node: BlockNode): BlockNode {
    const before = this.#state;
    const hasElse = node.sections.some(({ head }) => head.name === 'else');
    let after = hasElse ? undefined : before?.copy();
    const at = this.#at;
    const sections = node.sections.map(({ head, nodes }) => {
      this.#state = before?.copy();
      const inner = head.name === 'case' ? [] : this.#nodes(nodes);
      this.#at = at;
      if (head.name !== 'case') after = this.#either(after, this.#state);
      return { head, nodes: inner };
    });
    this.#state = after;
    return { ...node, sections };
  }

  /** The body may begin where it has ended: it is followed until both are the same. */
  #loop(node: BlockNode): BlockNode {
    const [body, otherwise] = node.sections;
    const before = this.#state;
    const at = this.#at;
    let begin = before;
    let inner: Node[] = [];
    for (;;) {
      this.#loops.push(undefined);
      this.#state = begin?.copy();
      inner = this.#nodes(body?.nodes ?? []);
      this.#at = at;
      const end = this.#either(this.#loops.pop(), this.#state);
      const both = this.#either(begin, end);
      if (begin === undefined || both === undefined || both.same(begin)) break;
      begin = both;
    }
    this.#state = before?.copy();
    const instead = otherwise === undefined ? [] : this.#nodes(otherwise.nodes);
    this.#state = this.#either(begin, this.#state);
    const sections = node.sections.map(({ head }, index) => ({ head, nodes: index === 0 ? inner : instead }));
    return { ...node, sections };
  }

  #either(one: HtmlState | undefined, other: HtmlState | undefined): HtmlState | undefined {
    if (one === undefined || other === undefined) return (one ?? other)?.copy();
    return this.#safely(() => one.or(other));
  }

  #safely<Result>(step: () => Result): Result {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof Unsafe)) throw error;
      const { path } = this.#at;
      throw new InputError('template_unsafe', `${placeOf(this.#at)}: ${error.message}`, {
        path,
        advice: error.advice,
      });
    }
  }
}
