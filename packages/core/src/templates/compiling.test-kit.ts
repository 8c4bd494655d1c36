import { InputError, NotFoundError } from '../errors.ts';
import type { CompiledSkeleton, TagCatalogue } from '../ports/index.ts';
import { compileContent } from './compile-content.ts';
import { renderedContent } from './join-part.ts';
import { renderSlots } from './render-slots.ts';
import type { SnippetPart, TemplateParts } from './template.ts';

export const reader = { locale: 'da-DK', timeZone: 'Europe/Copenhagen', now: Date.UTC(2026, 10, 27, 9) };

/** Compiles one part in one language. */
export async function compile(
  parts: TemplateParts,
  snippets: Readonly<Record<string, SnippetPart>> = {},
  tags: TagCatalogue = {},
): Promise<CompiledSkeleton> {
  const pinned = Object.entries(snippets).map(
    ([name, part]) => [name, { version: 1, locale: 'da', locales: { da: part } }] as const,
  );
  const source = {
    locale: 'da',
    locales: { da: parts },
    snippets: Object.fromEntries(pinned),
    attachments: [],
  };
  const [compiled] = await compileContent(source, tags);
  if (compiled === undefined) throw new Error('Nothing was compiled.');
  return compiled;
}

/** The HTML of an email with these data. */
export async function htmlOf(
  html: string,
  data: object,
  snippets?: Readonly<Record<string, SnippetPart>>,
): Promise<string> {
  const compiled = await compile({ email: { subject: 'Hi', html } }, snippets);
  const content = renderedContent(compiled.skeleton, await renderSlots(compiled, { data, ...reader }));
  return content.channel === 'email' ? (content.html ?? '') : '';
}

export async function subjectOf(subject: string, data: object): Promise<string> {
  const compiled = await compile({ email: { subject, text: '-' } });
  const content = renderedContent(compiled.skeleton, await renderSlots(compiled, { data, ...reader }));
  return content.channel === 'email' ? content.subject : '';
}

export async function smsOf(
  text: string,
  data: object,
  snippets?: Readonly<Record<string, SnippetPart>>,
): Promise<string> {
  const compiled = await compile({ sms: { text } }, snippets);
  const content = renderedContent(compiled.skeleton, await renderSlots(compiled, { data, ...reader }));
  return content.channel === 'sms' ? content.text : '';
}

/** The error that something ends with. */
export async function refusal(work: Promise<unknown>): Promise<InputError | NotFoundError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof InputError || error instanceof NotFoundError) return error;
  throw error ?? new Error('Nothing was refused.');
}
