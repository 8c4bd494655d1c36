import { findTag, isOpen, type TagCatalogue, type ValueType } from './tag.ts';
import { COMPUTED, type Reference, type Segment } from './tag-references.ts';

/** What a name in a template stands for, as far as the catalogue tells. */
export type Shape =
  | { readonly kind: 'group'; readonly prefix: string }
  | { readonly kind: 'value'; readonly type: ValueType }
  | { readonly kind: 'list'; readonly fields: Fields }
  | { readonly kind: 'row'; readonly fields: Fields }
  /** Computed in the template, or under an open catalogue: nothing is known of it. */
  | { readonly kind: 'free' };

type Fields = Readonly<Record<string, ValueType>>;

/** A name that a template gives meaning to: `assign`, `capture`, the variable of a loop. */
export interface Binding {
  readonly shape: Shape;
  /** The tags that its value was made from. */
  readonly tags: ReadonlySet<string>;
}

/** What a reference leads to. */
interface Resolved extends Binding {
  /** The part of the name that nothing is known by. */
  readonly unknown?: { readonly name: string; readonly known: readonly string[] };
}

export const FREE: Shape = { kind: 'free' };
const NONE: ReadonlySet<string> = new Set();

/** What bulk mail says of unsubscribing: `unsubscribe.url`. */
const UNSUBSCRIBE: Shape = { kind: 'row', fields: { url: 'url' } };

/** Names that Liquid and Posthorn give a meaning of their own. */
const BUILT_IN: ReadonlySet<unknown> = new Set(['now', 'forloop']);

/** Follows a name from the names that are bound where it stands, else from the catalogue. */
export function resolve(
  { segments }: Pick<Reference, 'segments'>,
  bound: (name: string) => Binding | undefined,
  catalogue: TagCatalogue,
): Resolved {
  const [root, ...rest] = segments;
  const binding = typeof root === 'string' ? bound(root) : undefined;
  if (binding !== undefined) return follow(binding.shape, binding.tags, String(root), rest, catalogue);
  if (BUILT_IN.has(root)) return { shape: FREE, tags: NONE };
  if (root === 'unsubscribe') return follow(UNSUBSCRIBE, NONE, root, rest, catalogue);
  if (isOpen(catalogue)) return { shape: FREE, tags: new Set([openName(segments)]) };
  return follow({ kind: 'group', prefix: '' }, NONE, '', segments, catalogue);
}

function follow(
  from: Shape,
  fromTags: ReadonlySet<string>,
  fromName: string,
  segments: readonly Segment[],
  catalogue: TagCatalogue,
): Resolved {
  let [shape, tags, name] = [from, fromTags, fromName];
  for (const segment of segments) {
    const found = step(shape, segment, catalogue);
    if (found === undefined) {
      const whole = segments.reduce(nameOf, fromName);
      return { shape: FREE, tags, unknown: { name: whole, known: neighbours(shape, name, catalogue) } };
    }
    [shape, tags, name] = [found.shape, found.tags ?? tags, nameOf(name, segment)];
  }
  return shape.kind === 'group' ? { shape, tags: under(shape.prefix, catalogue) } : { shape, tags };
}

/** Undefined where there is no such thing. */
function step(
  shape: Shape,
  segment: Segment,
  catalogue: TagCatalogue,
): { readonly shape: Shape; readonly tags?: ReadonlySet<string> } | undefined {
  switch (shape.kind) {
    case 'free':
      return { shape };
    case 'group':
      return stepIntoGroup(shape.prefix, segment, catalogue);
    case 'list':
      if (segment === 'size') return { shape: FREE };
      if (segment === 'first' || segment === 'last' || segment === COMPUTED || typeof segment === 'number') {
        return { shape: { kind: 'row', fields: shape.fields } };
      }
      return undefined;
    case 'row':
      return stepIntoRow(shape.fields, segment);
    case 'value':
      if (shape.type === 'money' && (segment === 'amount' || segment === 'currency')) return { shape: FREE };
      return segment === 'size' ? { shape: FREE } : undefined;
  }
}

function stepIntoGroup(prefix: string, segment: Segment, catalogue: TagCatalogue) {
  // A computed name may be any of them, but never opens the whole catalogue.
  if (segment === COMPUTED)
    return prefix === '' ? undefined : { shape: FREE, tags: under(prefix, catalogue) };
  const name = nameOf(prefix, segment);
  const tag = findTag(catalogue, name);
  if (tag?.type === 'list')
    return { shape: { kind: 'list', fields: tag.of }, tags: new Set([name]) } as const;
  if (tag !== undefined)
    return { shape: { kind: 'value', type: tag.type ?? 'text' }, tags: new Set([name]) } as const;
  return under(name, catalogue).size > 0 ? ({ shape: { kind: 'group', prefix: name } } as const) : undefined;
}

function stepIntoRow(fields: Fields, segment: Segment): { readonly shape: Shape } | undefined {
  if (segment === COMPUTED) return { shape: FREE };
  const type = typeof segment === 'string' && Object.hasOwn(fields, segment) ? fields[segment] : undefined;
  return type === undefined ? undefined : { shape: { kind: 'value', type } };
}

/** Every tag below a name. */
function under(prefix: string, catalogue: TagCatalogue): ReadonlySet<string> {
  return groupsOf(catalogue).get(prefix) ?? NONE;
}

type Groups = ReadonlyMap<string, ReadonlySet<string>>;
const groups = new WeakMap<TagCatalogue, Groups>();

/** Asked for at every name of every template, and a catalogue never changes. */
function groupsOf(catalogue: TagCatalogue): Groups {
  const known = groups.get(catalogue);
  if (known !== undefined) return known;
  const made = new Map<string, Set<string>>();
  for (const name of Object.keys(catalogue)) {
    for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1)) {
      const prefix = name.slice(0, dot);
      made.set(prefix, (made.get(prefix) ?? new Set()).add(name));
    }
  }
  groups.set(catalogue, made);
  return made;
}

/** What could have been meant instead. */
function neighbours(shape: Shape, name: string, catalogue: TagCatalogue): readonly string[] {
  if (shape.kind === 'row') return Object.keys(shape.fields).map((field) => nameOf(name, field));
  return shape.kind === 'group' ? Object.keys(catalogue) : [];
}

/** Extends a name by one segment, as templates write it. */
function nameOf(prefix: string, segment: Segment): string {
  if (typeof segment === 'number') return `${prefix}[${segment}]`;
  const text = segment === COMPUTED ? '[…]' : segment;
  return prefix === '' ? text : segment === COMPUTED ? `${prefix}${text}` : `${prefix}.${text}`;
}

function openName(segments: readonly Segment[]): string {
  const end = segments.findIndex((segment) => typeof segment !== 'string');
  return (end === -1 ? segments : segments.slice(0, end)).join('.') || '[…]';
}
