import type { AttachmentRef, TemplateRecord, VersionRecord } from '../ports/index.ts';
import { contentSourceOf } from './content-version.ts';
import type { TemplateInput, TemplateParts, TemplateRetention } from './template.ts';

/** A template as lists show it. */
export interface TemplateSummary {
  readonly key: string;
  readonly label: string | null;
  /** Key of the identity it is sent from; null: the channel's default sender. */
  readonly identity: string | null;
  /** How long what its messages said is kept; null: for ever. */
  readonly retention: TemplateRetention | null;
  /** Number of the current version. */
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A template with the parts of one of its versions. */
export interface Template extends TemplateSummary, TemplateParts {
  /** Language of the parts that stand here directly. */
  readonly locale: string;
  /** The parts in the other languages, by locale. */
  readonly locales: Readonly<Record<string, TemplateParts>>;
  readonly attachments: readonly Attachment[];
  /** Names of the tags it uses, its snippets' included. */
  readonly tags: readonly string[];
  /** Those of them that are declared `sensitive`. */
  readonly sensitiveTags: readonly string[];
  /** The snippets it includes and the version that each is pinned to. */
  readonly snippets: Readonly<Record<string, number>>;
}

/** A file of a template; its bytes stay where they are. */
export interface Attachment {
  readonly filename: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  /** Content id of an image that the HTML shows; null for a file that is attached. */
  readonly inline: string | null;
}

/** One immutable version of a template. */
export interface TemplateVersion {
  readonly version: number;
  /** Whether it is the one that is sent where no version is named. */
  readonly current: boolean;
  readonly createdAt: Date;
}

/** The templates of one tenant. */
export interface Templates {
  /**
   * Saves a template. Other content than the current version's makes a new one, with the snippets it includes pinned to
   * their current versions; the same content changes label, identity and retention only. Versions never change, so messages that
   * were sent can be shown for ever.
   *
   * @throws InputError `unknown_tag`, `template_syntax`, `template_subject_missing`, `template_empty`, `template_unsafe`,
   *   `template_limit`, `header_injection`, `invalid_input`: with the path of the part, line and column where they help.
   * @throws NotFoundError `unknown_snippet`, `unknown_identity`.
   *
   * @example
   * ```ts
   * import type { Posthorn } from '@posthorn/core';
   *
   * export async function saveConfirmation(posthorn: Posthorn) {
   *   const template = await posthorn.templates.save({
   *     key: 'booking-confirmation',
   *     email: { subject: 'See you, {{ customer.firstName }}', html: '<p>Hi {{ customer.firstName }}</p>' },
   *     sms: { text: 'See you, {{ customer.firstName }}' },
   *     locales: { da: { sms: { text: 'Vi ses, {{ customer.firstName }}' } } },
   *   });
   *   return template.version; // 1, and 2 once something else was saved
   * }
   * ```
   */
  save(input: TemplateInput): Promise<Template>;
  /** The current version, or the one that is named; null where there is none. */
  get(key: string, options?: { readonly version?: number | undefined }): Promise<Template | null>;
  /** Ordered by key. */
  list(): Promise<readonly TemplateSummary[]>;
  /** Newest first; empty where there is no such template. */
  versions(key: string): Promise<readonly TemplateVersion[]>;
  /**
   * Removes a template; answers false where there was none. What was sent with it stays as it is.
   *
   * @throws ConflictError `template_in_use` for a snippet that other templates include.
   */
  remove(key: string): Promise<boolean>;
}

export function summaryOf(record: TemplateRecord): TemplateSummary {
  return {
    key: record.key,
    label: record.label,
    identity: record.identity,
    retention: record.contentDays === null ? null : { contentDays: record.contentDays },
    version: record.currentVersion,
    createdAt: new Date(record.createdAt),
    updatedAt: new Date(record.updatedAt),
  };
}

export function templateOf(record: TemplateRecord, version: VersionRecord): Template {
  const { locale, locales, snippets, attachments, tags, sensitive } = contentSourceOf(version);
  const { [locale]: direct, ...others } = locales;
  return {
    ...summaryOf(record),
    version: version.number ?? record.currentVersion,
    ...direct,
    locale,
    locales: others,
    attachments: attachments.map(attachmentOf),
    tags,
    sensitiveTags: sensitive,
    snippets: Object.fromEntries(Object.entries(snippets).map(([key, pinned]) => [key, pinned.version])),
  };
}

export function attachmentOf({ filename, mediaType, sizeBytes, contentId }: AttachmentRef): Attachment {
  return { filename, mediaType, sizeBytes, inline: contentId ?? null };
}
