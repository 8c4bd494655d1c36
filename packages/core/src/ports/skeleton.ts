/**
 * A version of a template, compiled for one channel and locale: fixed text with numbered holes. A message stores only
 * the skeleton's id and the values of its slots, so what was sent can be shown exactly, years later.
 */
export type Skeleton = EmailSkeleton | SmsSkeleton | InternalSkeleton;

/** Fixed text, or the number of the slot that stands there. Two strings never follow each other. */
export type SkeletonPiece = string | number;

interface SkeletonBase {
  /** Unique within a tenant; the same content gives the same id. */
  readonly id: string;
  readonly locale: string;
  /** How many slots there are, over all parts: they are numbered from 0 in the order of the parts below. */
  readonly slotCount: number;
  /** The slots that show a tag declared `sensitive`: sealed at rest, masked in every view. */
  readonly sensitiveSlots: readonly number[];
}

export interface EmailSkeleton extends SkeletonBase {
  readonly channel: 'email';
  readonly subject: readonly SkeletonPiece[];
  /** Absent where the email has no HTML part. */
  readonly html?: readonly SkeletonPiece[];
  readonly text: readonly SkeletonPiece[];
  readonly attachments: readonly AttachmentRef[];
}

export interface SmsSkeleton extends SkeletonBase {
  readonly channel: 'sms';
  readonly text: readonly SkeletonPiece[];
}

export interface InternalSkeleton extends SkeletonBase {
  readonly channel: 'internal';
  readonly title: readonly SkeletonPiece[];
  readonly body: readonly SkeletonPiece[];
}

/** A file that travels with an email; its bytes are stored once per tenant under `hash`. */
export interface AttachmentRef {
  /** SHA-256 of the bytes, hexadecimal. */
  readonly hash: string;
  readonly filename: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  /** `inline` files are shown where the HTML says `cid:<contentId>`. */
  readonly disposition: 'attachment' | 'inline';
  readonly contentId?: string;
}

/** A skeleton with the Liquid that its slots are rendered from; the worker needs only the skeleton. */
export interface CompiledSkeleton {
  readonly skeleton: Skeleton;
  /** Compiled source of each part (`subject`, `html`, `text`, `title`, `body`): snippets expanded, CSS inlined, escaping explicit. */
  readonly compiled: Readonly<Record<string, string>>;
}
