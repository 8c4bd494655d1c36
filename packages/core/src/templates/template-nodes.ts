import { Liquid, type Template, TypeGuards } from 'liquidjs';

/** `{{ … }}`, or its tag `echo`. */
export function isOutput(node: Template): boolean {
  return TypeGuards.isOutputToken(node.token) || nameOf(node) === 'echo';
}

/** The name of a Liquid tag. */
export function nameOf(node: Template): string | undefined {
  return 'name' in node && typeof node.name === 'string' ? node.name : undefined;
}

/** Liquid's own children; a snippet's are not loaded here. */
export function childrenOf(node: Template): readonly Template[] {
  if (node.children === undefined || node.partialScope?.() !== undefined) return [];
  const running = node.children(false, true);
  let step = running.next();
  while (step.done !== true) step = running.next(step.value);
  return step.value;
}

/** The names of the snippets that these nodes include, wherever they stand. */
export function* snippetsIn(nodes: readonly Template[]): Generator<string> {
  for (const node of nodes) {
    const name = node.partialScope?.()?.name;
    if (name !== undefined) yield name;
    yield* snippetsIn(childrenOf(node));
  }
}

/** A node that may give names to values. */
interface Binding {
  localScope?(): Iterable<string | { readonly content: string }>;
}

/** The names that a node gives to values, or counts under. */
export function namesBoundBy(node: Binding): string[] {
  return [...(node.localScope?.() ?? [])].map((name) => (typeof name === 'string' ? name : name.content));
}

/** Whether a range such as `(1..tag)` stands anywhere in what Liquid has parsed. */
export function holdsRange(parsed: unknown, seen = new Set<unknown>()): boolean {
  if (typeof parsed !== 'object' || parsed === null || parsed instanceof Liquid || seen.has(parsed))
    return false;
  seen.add(parsed);
  return TypeGuards.isRangeToken(parsed) || Object.values(parsed).some((part) => holdsRange(part, seen));
}
