import { ForTag, type Template } from 'liquidjs';
import { LIMITS } from './limits.ts';
import { overLimit } from './liquid.ts';
import { isOpen, type TagCatalogue } from './tag.ts';
import {
  type Argument,
  appliedFilters,
  type Reference,
  referencesIn,
  soleReference,
} from './tag-references.ts';
import { type Binding, FREE, resolve, type Shape } from './tag-shape.ts';
import { childrenOf, isOutput, nameOf } from './template-nodes.ts';

/** What one top-level node of a template reads. */
interface FoundTags {
  readonly node: Template;
  /** Tags whose values shape what the node shows, those behind assigned and captured names too. */
  readonly tags: ReadonlySet<string>;
  readonly problems: readonly TagProblem[];
}

/** A name that cannot stand where it stands. */
export interface TagProblem {
  readonly kind: 'unknown' | 'group' | 'list';
  readonly name: string;
  /** Names that could have been meant. */
  readonly known: readonly string[];
  readonly reference: Reference;
}

/** The nodes of a snippet that a template includes by `name`; undefined where it is looked at elsewhere. */
export type OpenSnippet = (name: string) => readonly Template[] | undefined;

/** Filters that leave a list what it is, and those that pick one row. */
const KEEPS_LIST: ReadonlySet<string> = new Set([
  'sort',
  'sort_natural',
  'reverse',
  'slice',
  'where',
  'reject',
  'uniq',
  'compact',
  'concat',
]);
const PICKS_ROW: ReadonlySet<string> = new Set(['first', 'last', 'find']);

/** The most tags that are taken from one set to another: some tenths of a second. */
const MAX_JOINED = 2_000_000;

/** Finds the tags of every top-level node, in their order: a name that one assigns is known to those after it. */
export function findTags(
  nodes: readonly Template[],
  catalogue: TagCatalogue,
  openSnippet: OpenSnippet = () => undefined,
  path = 'template',
): readonly FoundTags[] {
  const walk = new Walk(catalogue, openSnippet, path);
  const scope = new Map<string, Binding>();
  return nodes.map((node) => ({ node, ...walk.topLevel(node, scope) }));
}

type Scope = Map<string, Binding>;

/** Where a node stands: what is bound there, and the tags that decide whether it is reached at all. */
interface Place {
  readonly scope: Scope;
  /** Names of the enclosing loops, innermost first; they hide those of `scope`. */
  readonly block: ReadonlyMap<string, Binding>;
  readonly control: ReadonlySet<string>;
  readonly nested: boolean;
}

class Walk {
  readonly #catalogue: TagCatalogue;
  readonly #openSnippet: OpenSnippet;
  readonly #path: string;
  readonly #open: string[] = [];
  #problems: TagProblem[] = [];
  #visited = 0;
  #joined = 0;

  constructor(catalogue: TagCatalogue, openSnippet: OpenSnippet, path: string) {
    this.#catalogue = catalogue;
    this.#openSnippet = openSnippet;
    this.#path = path;
  }

  topLevel(node: Template, scope: Scope): Omit<FoundTags, 'node'> {
    this.#problems = [];
    const tags = this.#visit(node, { scope, block: new Map(), control: new Set(), nested: false });
    return { tags, problems: this.#problems };
  }

  #visit(node: Template, place: Place): Set<string> {
    // Snippets that include each other twice double with every level.
    this.#visited += 1;
    if (this.#visited > LIMITS.nodes * 5) throw overLimit(this.#path, 'is too large with its snippets');
    const tags = new Set<string>();
    const args = [...(node.arguments?.() ?? [])];
    for (const arg of args) for (const reference of referencesIn(arg)) this.#read(reference, place, tags);
    if (isOutput(node)) this.#checkShown(args, place);
    const inner = { ...place, ...this.#inside(node, args, place), nested: true };
    inner.control = this.#union(place.control, tags);
    const before = node instanceof ForTag ? new Map(place.scope) : undefined;
    for (const child of childrenOf(node)) {
      // Where there is nothing to loop over, the loop's names are not bound.
      const isElse = node instanceof ForTag && node.elseTemplates.includes(child);
      this.#add(tags, this.#visit(child, isElse ? { ...inner, block: place.block } : inner));
    }
    if (before !== undefined) this.#carry(place.scope, before, tags);
    this.#add(tags, this.#visitSnippet(node, place));
    for (const name of node.localScope?.() ?? []) this.#bind(name.content, node, args, place, tags);
    return tags;
  }

  /** What a loop binds may stem from whatever an earlier round has read, and depends on where `break` stands. */
  #carry(scope: Scope, before: ReadonlyMap<string, Binding>, tags: ReadonlySet<string>): void {
    for (const [name, binding] of scope) {
      if (before.get(name) !== binding)
        scope.set(name, { ...binding, tags: this.#union(binding.tags, tags) });
    }
  }

  #read(reference: Reference, place: Place, tags: Set<string>): void {
    const { tags: read, unknown } = this.#resolve(reference, place);
    this.#add(tags, read);
    if (unknown !== undefined) this.#problems.push({ kind: 'unknown', ...unknown, reference });
  }

  #resolve(reference: Reference, { block, scope }: Place) {
    return resolve(reference, (name) => block.get(name) ?? scope.get(name), this.#catalogue);
  }

  /** A group shows nothing that a person could read, and neither does a list that no filter turns into text. */
  #checkShown([shown]: readonly Argument[], place: Place): void {
    const reference = shown === undefined ? undefined : soleReference(shown);
    if (shown === undefined || reference === undefined) return;
    const { shape, tags } = this.#resolve(reference, place);
    const name = reference.segments.map(String).join('.');
    if (shape.kind === 'group') this.#report('group', name, [...tags], reference);
    const isList = shape.kind === 'list' || shape.kind === 'row';
    if (isList && appliedFilters(shown).length === 0) {
      const known = Object.keys(shape.fields).map((field) => `${name}.${field}`);
      this.#report(shape.kind === 'list' ? 'list' : 'group', name, known, reference);
    }
  }

  #report(kind: TagProblem['kind'], name: string, known: readonly string[], reference: Reference): void {
    this.#problems.push({ kind, name, known, reference });
  }

  /** The names that a block gives to what stands in it. */
  #inside(node: Template, [collection]: readonly Argument[], place: Place): Pick<Place, 'block'> | undefined {
    const names = [...(node.blockScope?.() ?? [])];
    if (names.length === 0) return undefined;
    const row = collection === undefined ? undefined : this.#bindingOf(collection, place, 'row');
    const block = new Map(place.block);
    for (const name of names)
      block.set(name, name === 'forloop' || row === undefined ? { shape: FREE, tags: new Set() } : row);
    return { block };
  }

  #bind(
    name: string,
    node: Template,
    args: readonly Argument[],
    place: Place,
    tags: ReadonlySet<string>,
  ): void {
    const [value] = args;
    const given =
      nameOf(node) === 'assign' && value !== undefined ? this.#bindingOf(value, place, 'itself') : undefined;
    const made: Binding = { shape: given?.shape ?? FREE, tags: this.#union(tags, place.control) };
    // In a branch or a loop the name may still have its earlier value afterwards.
    const before = place.nested ? (place.scope.get(name) ?? this.#tagNamed(name)) : undefined;
    place.scope.set(name, before === undefined ? made : this.#merge(before, made));
  }

  /** The tag or group that a name stands for as long as nothing is assigned to it. */
  #tagNamed(name: string): Binding | undefined {
    if (isOpen(this.#catalogue)) return undefined;
    const { shape, tags, unknown } = resolve({ segments: [name] }, () => undefined, this.#catalogue);
    return unknown === undefined ? { shape, tags } : undefined;
  }

  #merge(before: Binding, made: Binding): Binding {
    const same = JSON.stringify(before.shape) === JSON.stringify(made.shape);
    return { shape: same ? made.shape : FREE, tags: this.#union(before.tags, made.tags) };
  }

  #union(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
    const both = new Set(a);
    this.#add(both, b);
    this.#joined += a.size;
    return both;
  }

  /** Names that are made of each other would join ever larger sets of tags. */
  #add(to: Set<string>, from: ReadonlySet<string>): void {
    this.#joined += from.size;
    if (this.#joined > MAX_JOINED) throw overLimit(this.#path, 'makes too many names of too many tags');
    for (const each of from) to.add(each);
  }

  #bindingOf(argument: Argument, place: Place, want: 'itself' | 'row'): Binding {
    const tags = new Set<string>();
    for (const reference of referencesIn(argument)) this.#add(tags, this.#resolve(reference, place).tags);
    const sole = soleReference(argument);
    if (sole === undefined) return { shape: FREE, tags };
    const shape = through(appliedFilters(argument), this.#resolve(sole, place).shape);
    if (want === 'itself') return { shape, tags };
    return { shape: shape.kind === 'list' ? { kind: 'row', fields: shape.fields } : FREE, tags };
  }

  /** A snippet stands where it is included: it sees the names around it, and what it assigns is known after it. */
  #visitSnippet(node: Template, place: Place): Set<string> {
    const found = new Set<string>();
    const name = node.partialScope?.()?.name;
    if (name === undefined || this.#open.includes(name)) return found;
    this.#open.push(name);
    for (const child of this.#openSnippet(name) ?? []) this.#add(found, this.#visit(child, place));
    this.#open.pop();
    return found;
  }
}

function through(filters: ReturnType<typeof appliedFilters>, shape: Shape): Shape {
  let passed = shape;
  for (const { name: filter } of filters) {
    if (passed.kind === 'list' && KEEPS_LIST.has(filter)) continue;
    const picked = passed.kind === 'list' && PICKS_ROW.has(filter);
    passed = picked && passed.kind === 'list' ? { kind: 'row', fields: passed.fields } : FREE;
  }
  return passed;
}
