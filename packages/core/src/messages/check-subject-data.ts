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
  const broken = brokenTexts(data);
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

/** Names of the tags whose values are broken; the fields of a list go by the list's name. Each object is read once. */
function brokenTexts(data: unknown): string[] {
  const broken: string[] = [];
  const seen = new Set<unknown>();
  const read = (value: unknown, name: string, inList: boolean): void => {
    if (typeof value === 'string' && LINE_BREAK.test(value.trim())) broken.push(name);
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    const within = inList || Array.isArray(value);
    for (const [key, field] of Object.entries(value)) {
      read(field, within ? name : name === '' ? key : `${name}.${key}`, within);
    }
  };
  read(data, '', false);
  return broken;
}
