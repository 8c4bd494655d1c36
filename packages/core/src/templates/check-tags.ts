import type { Template } from 'liquidjs';
import { didYouMean, quoted } from '../did-you-mean.ts';
import { type ErrorIssue, InputError } from '../errors.ts';
import type { TagCatalogue } from '../ports/index.ts';
import { findTags, type OpenSnippet, type TagProblem } from './find-tags.ts';
import { placeOf } from './liquid.ts';
import { isSensitive } from './tag.ts';

/** The most problems one error names, and the most names it offers for one. */
const MAX_ISSUES = 20;
const LISTED = 5;

/** One part of a template, parsed: `path` is where it stands in the input (`email.html`). */
export interface ParsedPart {
  readonly path: string;
  readonly nodes: readonly Template[];
  readonly openSnippet?: OpenSnippet | undefined;
  /** A snippet may be given names by those who include it; they are checked where that happens. */
  readonly isSnippet?: boolean | undefined;
}

/** Which tags a template uses. */
export interface UsedTags {
  /** In order of name. */
  readonly tags: readonly string[];
  readonly sensitive: readonly string[];
}

/**
 * Checks that the catalogue knows every tag of these parts, and answers which they are.
 *
 * @throws InputError `unknown_tag` with path, line and column of the first, and every other one in `issues`.
 */
export function checkTags(parts: readonly ParsedPart[], catalogue: TagCatalogue): UsedTags {
  const used = new Set<string>();
  const problems: { readonly path: string; readonly problem: TagProblem }[] = [];
  for (const { path, nodes, openSnippet, isSnippet = false } of parts) {
    for (const found of findTags(nodes, catalogue, openSnippet, path)) {
      for (const tag of found.tags) used.add(tag);
      for (const problem of found.problems) {
        if (!isSnippet || !mayBeGiven(problem, catalogue)) problems.push({ path, problem });
      }
    }
  }
  if (problems.length > 0) throw refuse(problems);
  const tags = [...used].sort();
  return { tags, sensitive: tags.filter((name) => isSensitive(name, catalogue)) };
}

function mayBeGiven({ kind, reference }: TagProblem, catalogue: TagCatalogue): boolean {
  const [root] = reference.segments;
  return kind === 'unknown' && !Object.keys(catalogue).some((name) => name.split('.', 1)[0] === root);
}

function refuse(problems: readonly { readonly path: string; readonly problem: TagProblem }[]): InputError {
  const issues = problems
    .slice(0, MAX_ISSUES)
    .map(({ path, problem }) => ({ path, message: sentenceOf(path, problem) }));
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return new InputError('unknown_tag', `${issues[0]?.message ?? ''}${more}`, {
    path: first?.path,
    advice: first === undefined ? undefined : adviceOf(first.problem),
    issues: issues satisfies readonly ErrorIssue[],
  });
}

function sentenceOf(path: string, { kind, name, reference }: TagProblem): string {
  const [line, column] = reference.position();
  const place = placeOf({ path, line, column });
  if (kind === 'unknown') return `${place}: there is no tag ${quoted(name)}.`;
  const what = kind === 'list' ? 'is a list, not a text' : 'is a group of tags, not a text';
  return `${place}: ${quoted(name)} ${what}.`;
}

function adviceOf({ kind, name, known }: TagProblem): string {
  if (kind === 'unknown') return didYouMean(name, known);
  if (kind === 'list') return `Loop over it: {% for row in ${name} %}…{% endfor %}.`;
  return `Name one of them: ${known.slice(0, LISTED).join(', ')}.`;
}
