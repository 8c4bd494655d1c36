import { createHash } from 'node:crypto';
import { lookup } from 'mrmime';
import { z } from 'zod';
import { checkInput } from '../check-input.ts';
import { quoted } from '../did-you-mean.ts';
import { InputError, type PosthornErrorCode } from '../errors.ts';
import type { AttachmentContent, AttachmentRef } from '../ports/index.ts';
import type { AttachmentInput } from './template.ts';

/** The most bytes that the files of one message may have together. */
const MAX_ATTACHED_BYTES = 25 * 1024 * 1024;

const MAX_FILES = 100;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
const LINE_BREAKING = /[\u0000-\u001f\u007f\u0085\u2028\u2029]/;
/** Characters that turn the direction of text, so that `gpj.exe` reads as `exe.jpg`. */
const TURNING = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
/** RFC 6838, section 4.2; of the parameters only the character set. */
const MEDIA_TYPE =
  /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}(; ?charset=[a-z0-9-]{1,40})?$/i;
const CONTENT_ID = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,127}$/;

const attachmentSchema = z.strictObject({
  filename: z.string(),
  content: z.union([z.instanceof(Uint8Array), z.string()], 'must be bytes (a Uint8Array) or text'),
  mediaType: z.string().optional(),
  inline: z.string().optional(),
});
const attachmentsSchema = z.array(attachmentSchema).max(MAX_FILES, `are more than ${MAX_FILES}`);

/** Files as messages refer to them, and their bytes, each once. */
export interface CheckedAttachments {
  readonly refs: readonly AttachmentRef[];
  readonly files: readonly AttachmentContent[];
}

/**
 * Checks files and takes a copy of their bytes.
 *
 * @throws InputError `invalid_input`, or `header_injection` for a line break in what becomes a header.
 */
export function checkAttachments(input: unknown, path = 'attachments'): CheckedAttachments {
  if (input === undefined) return { refs: [], files: [] };
  const given = checkInput(attachmentsSchema, input, 'attachments', path);
  const bytes = given.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  checkSize(bytes, path);
  const files = given.map((file, index) => contentOfFile(file, `${path}[${index}]`));
  checkContentIds(files, path);
  const byHash = new Map(files.map((file) => [file.hash, file]));
  return { refs: files.map(({ content: _, ...ref }) => ref), files: [...byHash.values()] };
}

function contentOfFile(file: AttachmentInput, path: string): AttachmentContent {
  const content =
    typeof file.content === 'string' ? Buffer.from(file.content) : Uint8Array.from(file.content);
  return {
    content,
    hash: createHash('sha256').update(content).digest('hex'),
    filename: checkFilename(file.filename, `${path}.filename`),
    mediaType: mediaTypeOf(file, `${path}.mediaType`),
    sizeBytes: content.byteLength,
    ...(file.inline === undefined
      ? { disposition: 'attachment' }
      : { disposition: 'inline', contentId: checkContentId(file.inline, `${path}.inline`) }),
  };
}

/**
 * Checks that the files of a send go together with those of its content: the size of all, and no content id twice.
 *
 * @throws InputError `invalid_input`
 */
export function checkTogether(
  ofContent: readonly AttachmentRef[],
  ofSend: readonly AttachmentRef[],
  path = 'attachments',
): void {
  if (ofSend.length === 0) return;
  const bytes = [...ofContent, ...ofSend].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  checkSize(bytes, path);
  checkContentIds(ofSend, path, ofContent);
}

function checkSize(bytes: number, path: string): void {
  if (bytes <= MAX_ATTACHED_BYTES) return;
  throw refuse(
    path,
    `have ${bytes} bytes together, and ${MAX_ATTACHED_BYTES} are the most`,
    'Send a link to large files.',
  );
}

function checkFilename(filename: string, path: string): string {
  refuseLineBreak(filename, path);
  if (/[/\\]/.test(filename)) {
    throw refuse(path, 'is a path', 'Files are given as bytes in `content`, and named without folders.');
  }
  const bad =
    filename.trim() === '' || /^\.+$/.test(filename) || filename.length > 255 || TURNING.test(filename);
  if (bad) throw refuse(path, 'is no name of a file', 'Name it as the recipient saves it: terms.pdf.');
  return filename;
}

function mediaTypeOf(file: AttachmentInput, path: string): string {
  const type = file.mediaType ?? lookup(file.filename) ?? 'application/octet-stream';
  refuseLineBreak(type, path);
  if (!MEDIA_TYPE.test(type))
    throw refuse(path, `is no media type: ${quoted(type)}`, 'Write it like application/pdf.');
  if (/^(multipart|message)\//i.test(type)) {
    throw refuse(
      path,
      `cannot be ${quoted(type)}, which is no file`,
      'Give application/octet-stream instead.',
    );
  }
  // Text without its character set is read as whatever the reader's program likes.
  const isBareText = typeof file.content === 'string' && /^text\/[^;]+$/i.test(type);
  return isBareText ? `${type}; charset=utf-8` : type;
}

function checkContentId(id: string, path: string): string {
  refuseLineBreak(id, path);
  if (CONTENT_ID.test(id)) return id;
  throw refuse(
    path,
    'is no content id',
    'Use letters, digits, ".", "_", "@" and "-": logo for <img src="cid:logo">.',
  );
}

function checkContentIds(
  files: readonly AttachmentRef[],
  path: string,
  others: readonly AttachmentRef[] = [],
): void {
  const seen = new Set(others.map(({ contentId }) => contentId));
  for (const [index, { contentId }] of files.entries()) {
    if (contentId === undefined) continue;
    if (seen.has(contentId)) {
      throw refuse(
        `${path}[${index}].inline`,
        `says ${quoted(contentId)} twice`,
        'Give every image its own content id.',
      );
    }
    seen.add(contentId);
  }
}

function refuseLineBreak(text: string, path: string): void {
  if (!LINE_BREAKING.test(text)) return;
  throw refuse(
    path,
    'holds a line break or control character',
    'It becomes a header: keep it on one line.',
    'header_injection',
  );
}

function refuse(
  path: string,
  problem: string,
  advice: string,
  code: PosthornErrorCode = 'invalid_input',
): InputError {
  return new InputError(code, `${path} ${problem}.`, { path, advice });
}
