import { InputError } from '../errors.ts';
import type { CompiledSkeleton, TagCatalogue } from '../ports/index.ts';
import { tagsOfSkeleton } from '../templates/index.ts';

/** What some reader takes for the end of a line. At the end of a value it is only a form field that was not trimmed. */
const LINE_BREAK = /[^\P{Cc}\t]|[\u2028\u2029]/u;

/**
 * Refuses a line break in a value that the call gives for the subject, which becomes a header. In data of the host's
 * sources it becomes a space instead: one odd customer must not stop everybody's message.
 *
 * @throws InputError `header_injection`
 */
export async function checkSubjectData(
  compiled: CompiledSkeleton,
  data: unknown,
  catalogue: TagCatalogue,
): Promise<void> {
  const broken = [...brokenTexts(data, '')];
  if (broken.length === 0) return;
  const shown = new Set(await tagsOfSkeleton(compiled, catalogue, 'subject'));
  const tag = broken.find((name) => shown.has(name));
  if (tag === undefined) return;
  const path = `data.${tag}`;
  throw new InputError('header_injection', `${path} holds a line break, and stands in the subject.`, {
    path,
    advice: 'A subject is one line: give the value without the line break.',
  });
}

/** Names of the tags whose values are broken; the fields of a list go by the list's name. */
function* brokenTexts(value: unknown, name: string): Generator<string> {
  if (typeof value === 'string') {
    if (LINE_BREAK.test(value.trim())) yield name;
  } else if (Array.isArray(value)) {
    for (const row of value) for (const field of fieldsOf(row)) yield* brokenTexts(field[1], name);
  } else {
    for (const [key, field] of fieldsOf(value))
      yield* brokenTexts(field, name === '' ? key : `${name}.${key}`);
  }
}

function fieldsOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}
