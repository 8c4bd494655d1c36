import { z } from 'zod';
import { checkInput, inputErrorOf, keySchema } from '../check-input.ts';
import { quoted } from '../did-you-mean.ts';
import { InputError } from '../errors.ts';
import type { AttachmentContent, AttachmentRef } from '../ports/index.ts';
import { parseLocale } from '../recipients/index.ts';
import { retentionDaysSchema } from '../retention/index.ts';
import { checkAttachments } from './attachment.ts';
import { LIMITS } from './limits.ts';
import { isPrototypeName } from './tag.ts';
import type { ContentSource, EmailPart, TemplateParts } from './template.ts';

// A missing subject has a code of its own, so here it may be missing.
const emailSchema = z.strictObject({
  subject: z.string().optional(),
  html: z.string().optional(),
  text: z.string().optional(),
});
const contentShape = {
  email: emailSchema.optional(),
  sms: z.strictObject({ text: z.string() }).optional(),
  internal: z.strictObject({ title: z.string(), body: z.string() }).optional(),
};
const snippetShape = {
  snippet: z.strictObject({ html: z.string().optional(), text: z.string().optional() }).optional(),
};
const contentSchema = z.strictObject(contentShape);

const templateSchema = z.strictObject({
  key: keySchema.refine((key) => !isPrototypeName(key), 'is a name that every JavaScript object answers to'),
  label: z.string().max(200).optional(),
  identity: z.string().optional(),
  ...contentShape,
  ...snippetShape,
  locale: z.string().optional(),
  attachments: z.unknown().optional(),
  retention: z.strictObject({ contentDays: retentionDaysSchema }).optional(),
  locales: z.record(z.string(), z.strictObject({ ...contentShape, ...snippetShape })).optional(),
});

type GivenParts = Omit<TemplateParts, 'email'> & {
  readonly email?: z.output<typeof emailSchema> | undefined;
};
interface GivenContent extends GivenParts {
  readonly locale?: string | undefined;
  readonly locales?: Readonly<Record<string, GivenParts>> | undefined;
  readonly attachments?: unknown;
}

/** Content that was checked; its snippets are not looked up yet. */
export interface CheckedContent {
  readonly source: Omit<ContentSource, 'snippets'>;
  readonly files: readonly AttachmentContent[];
  /** Where each locale's parts stand in the input: ``, or `locales.en.`. */
  readonly places: ReadonlyMap<string, string>;
}

interface CheckedTemplate extends CheckedContent {
  readonly key: string;
  readonly label: string | null;
  readonly identity: string | null;
  readonly contentDays: number | null;
}

/**
 * Checks a template as it is to be saved.
 *
 * @throws InputError `invalid_input`, `template_subject_missing`, `template_empty`, `template_limit`, `header_injection`.
 */
export function checkTemplate(input: unknown, homeLocale: string): CheckedTemplate {
  const { key, label, identity, retention, ...content } = checkInput(templateSchema, input, 'template');
  return {
    key,
    label: label ?? null,
    identity: identity ?? null,
    contentDays: retention?.contentDays ?? null,
    ...checkParts(content, homeLocale),
  };
}

/** Checks content that has no name; throws as `checkTemplate`. */
export function checkAdHoc(input: unknown, homeLocale: string): CheckedContent {
  return checkParts(checkInput(contentSchema, input, 'content'), homeLocale);
}

function checkParts(given: GivenContent, homeLocale: string): CheckedContent {
  const locale = given.locale === undefined ? homeLocale : checkLocale(given.locale, 'locale');
  const locales: Record<string, TemplateParts> = {};
  const places = new Map<string, string>();
  const add = (of: string, parts: GivenParts, place: string) => {
    const checked = checkLanguage(parts, place);
    if (Object.keys(checked).length === 0) return;
    locales[of] = checked;
    places.set(of, place);
  };
  add(locale, given, '');
  for (const [name, parts] of Object.entries(given.locales ?? {})) {
    const of = checkLocale(name, `locales.${name}`);
    if (Object.hasOwn(locales, of)) {
      throw inputErrorOf('template', [{ path: `locales.${name}`, message: `${quoted(of)} is given twice` }]);
    }
    add(of, parts, `locales.${name}.`);
  }
  checkTotal(locales);
  if (places.size === 0) {
    throw new InputError('template_empty', 'It says nothing: there is no part for any channel.', {
      advice: 'Give at least one of email, sms, internal and snippet.',
    });
  }
  const { refs, files } = checkAttachments(given.attachments);
  return { source: { locale, locales, attachments: refs }, files, places };
}

function checkTotal(locales: Readonly<Record<string, TemplateParts>>): void {
  const parts = Object.values(locales).flatMap((language) => Object.values(language));
  const texts = parts.flatMap((part: object) => Object.values(part).map(String));
  const total = texts.reduce((sum, text) => sum + text.length, 0);
  if (total <= LIMITS.allChars) return;
  throw new InputError(
    'template_limit',
    `All languages together have ${total} characters, and ${LIMITS.allChars} are the most.`,
    { path: 'locales' },
  );
}

function checkLanguage(given: GivenParts, place: string): TemplateParts {
  const { email, sms, internal, snippet } = given;
  if (sms !== undefined) checkFilled({ text: sms.text }, `${place}sms`);
  if (internal !== undefined) {
    checkFilled({ body: internal.body }, `${place}internal`);
    checkLine(internal.title, `${place}internal.title`);
  }
  if (snippet !== undefined) checkFilled({ html: snippet.html, text: snippet.text }, `${place}snippet`);
  return {
    ...(email && { email: checkEmail(email, `${place}email`) }),
    ...(sms && { sms }),
    ...(internal && { internal }),
    ...(snippet && { snippet }),
  };
}

function checkEmail({ subject, html, text }: z.output<typeof emailSchema>, path: string): EmailPart {
  if (!isFilled(subject)) {
    throw new InputError('template_subject_missing', 'An email needs a subject.', {
      path: `${path}.subject`,
      advice: 'Many servers take an email without one for spam.',
    });
  }
  checkLine(subject, `${path}.subject`);
  checkFilled({ html, text }, path);
  return { subject, ...(isFilled(html) && { html }), ...(isFilled(text) && { text }) };
}

/** At least one of them says something, and none is too long. */
function checkFilled(fields: Readonly<Record<string, string | undefined>>, path: string): void {
  const texts = Object.entries(fields).flatMap(([name, text]) =>
    text === undefined ? [] : [{ name, text }],
  );
  if (!texts.some(({ text }) => isFilled(text))) {
    throw new InputError('template_empty', `${path} says nothing.`, {
      path,
      advice: `Give it ${Object.keys(fields).join(' or ')}.`,
    });
  }
  for (const { name, text } of texts) checkLength(text, LIMITS.partChars, `${path}.${name}`);
}

function checkLine(text: string, path: string): void {
  checkLength(text, LIMITS.lineChars, path);
  if (!isFilled(text)) {
    throw new InputError('template_empty', `${path} says nothing.`, { path, advice: 'Give it a text.' });
  }
  if (!/[\r\n]/.test(text)) return;
  throw new InputError('header_injection', `${path} holds a line break.`, {
    path,
    advice: 'Keep it on one line.',
  });
}

function isFilled(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== '';
}

function checkLength(text: string, limit: number, path: string): void {
  if (text.length <= limit) return;
  throw new InputError(
    'template_limit',
    `${path} has ${text.length} characters, and ${limit} are the most.`,
    { path, advice: 'Make it shorter.' },
  );
}

function checkLocale(text: string, path: string): string {
  const locale = parseLocale(text);
  if (locale !== undefined) return locale;
  throw inputErrorOf('template', [{ path, message: `${quoted(text)} is no locale such as "da-DK"` }]);
}

/**
 * Checks that every image that the HTML shows is there, among the content's files or those that travel beside it: else it
 * is a broken picture at every recipient.
 */
export function checkInlineImages(
  { source: { locales, attachments }, places }: CheckedContent,
  beside: readonly AttachmentRef[] = [],
): void {
  const known = new Set([...attachments, ...beside].map(({ contentId }) => contentId));
  for (const [locale, { email }] of Object.entries(locales)) {
    for (const [, id = ''] of (email?.html ?? '').matchAll(/["'(=]\s*cid:([^"')\s>]+)/gi)) {
      // Which image a tag names is known only when it is filled in.
      if (known.has(id) || id.includes('{')) continue;
      const path = `${places.get(locale) ?? ''}email.html`;
      throw new InputError('invalid_input', `${path} shows the image cid:${id}, which is not there.`, {
        path,
        advice: `Attach it: { filename, content, inline: ${quoted(id)} }.`,
      });
    }
  }
}
