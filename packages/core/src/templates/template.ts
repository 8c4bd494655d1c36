import type { AttachmentRef } from '../ports/index.ts';

/** What an email says: Liquid, each part escaped for where it stands. */
export interface EmailPart {
  readonly subject: string;
  readonly html?: string | undefined;
  /** Derived from `html` where there is none. */
  readonly text?: string | undefined;
}

/** What a text message says. */
export interface SmsPart {
  readonly text: string;
}

/** What a message in a recipient's inbox says. */
export interface InternalPart {
  readonly title: string;
  readonly body: string;
}

/** Content for other templates to include: `html` goes into HTML, `text` into everything else. */
export interface SnippetPart {
  readonly html?: string | undefined;
  readonly text?: string | undefined;
}

/** A part per channel, in one language. */
export interface ContentParts {
  readonly email?: EmailPart | undefined;
  readonly sms?: SmsPart | undefined;
  readonly internal?: InternalPart | undefined;
}

/** A part per channel and the snippet, in one language. */
export interface TemplateParts extends ContentParts {
  readonly snippet?: SnippetPart | undefined;
}

/** A file that travels with an email: bytes, never a path or an address. */
export interface AttachmentInput {
  /** Without a path: `terms.pdf`. */
  readonly filename: string;
  /** Bytes, or text that becomes UTF-8. */
  readonly content: Uint8Array | string;
  /** By the file's ending where nothing is said. */
  readonly mediaType?: string | undefined;
  /** Content id of an image that the HTML shows: `logo` for `<img src="cid:logo">`. */
  readonly inline?: string | undefined;
}

/** A template as it is saved. */
export interface TemplateInput extends TemplateParts {
  /** Letters, digits, `.`, `_`, `-`; at most 64: `booking-confirmation`. */
  readonly key: string;
  /** What people call it. */
  readonly label?: string | undefined;
  /** Key of the identity it is sent from, where the send names none. */
  readonly identity?: string | undefined;
  /** Language of the parts given directly; the tenant's where nothing is said. */
  readonly locale?: string | undefined;
  /** The same parts in other languages, by locale. */
  readonly locales?: Readonly<Record<string, TemplateParts>> | undefined;
  readonly attachments?: readonly AttachmentInput[] | undefined;
  /** How long what its messages said is kept; for ever where nothing is said. */
  readonly retention?: TemplateRetention | undefined;
}

/** How long the content of a template's messages is kept. */
export interface TemplateRetention {
  /**
   * Days of 24 hours, 1 to 36,500, from the time at which a message was to leave (or was made). Then what it said goes, and
   * the words in which others told of it; that there was a message, to whom, and what became of it stays. One that is not
   * finished, or in doubt, is left alone until it is.
   */
  readonly contentDays: number;
}

/** A snippet that a version is pinned to. */
export interface PinnedSnippet {
  readonly version: number;
  /** The language it was written in: what a language it does not have falls back to. */
  readonly locale: string;
  readonly locales: Readonly<Record<string, SnippetPart>>;
}

/** Everything a version is made of, checked: what is hashed, stored as `source` and compiled. */
export interface ContentSource {
  /** The language it was written in: what a language it does not have falls back to. */
  readonly locale: string;
  readonly locales: Readonly<Record<string, TemplateParts>>;
  /** By key, those that snippets include as well. */
  readonly snippets: Readonly<Record<string, PinnedSnippet>>;
  readonly attachments: readonly AttachmentRef[];
}
