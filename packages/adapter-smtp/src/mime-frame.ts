import { createHash, randomBytes } from 'node:crypto';
import type { AttachmentContent, EmailSkeleton } from '@posthorn/core';
import { Memo } from './memo.ts';
import type { MimeLibrary } from './mime-library.ts';

/** Where something of a message belongs: one of its texts, or the file with this number. */
export type FramePlace = 'text' | 'html' | number;

/** What nodemailer writes around the texts, files and fields of a message, the same for many. */
export interface MimeFrame {
  /** Fields that stand before those of the message, and after them. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Fixed text, each time with the place that follows it. */
  readonly body: readonly { readonly fixed: string; readonly place: FramePlace }[];
  /** Fixed text after the last place. */
  readonly closing: string;
  /** Whether the one place is the whole body, so that nothing has to be ended after it but its last line. */
  readonly isSingle: boolean;
}

/** The texts of a message, encoded. One that its slots leave empty is not there at all. */
export interface Texts {
  readonly text: string;
  readonly html: string;
}

/** A skeleton's messages may bring files of their own, each list of them in a frame of its own. */
const FRAMES = 20;
const frames = new WeakMap<EmailSkeleton, Memo<MimeFrame>>();

/** nodemailer builds it once for all messages of a skeleton that show the same parts and carry files of the same names. */
export async function frameOf(
  mime: MimeLibrary,
  skeleton: EmailSkeleton,
  shown: Texts,
  files: readonly AttachmentContent[],
): Promise<MimeFrame> {
  let known = frames.get(skeleton);
  if (known === undefined) {
    known = new Memo(FRAMES);
    frames.set(skeleton, known);
  }
  const key = keyOf(shown, files);
  return known.get(key) ?? known.set(key, await buildFrame(mime, skeleton, shown, files));
}

function keyOf({ text, html }: Texts, files: readonly AttachmentContent[]): string {
  const parts = `${text && 'text'}+${html && 'html'}`;
  if (files.length === 0) return parts;
  const names = files.map(({ filename, mediaType, disposition, contentId }) => [
    filename,
    mediaType,
    disposition,
    contentId,
  ]);
  return `${parts}+${JSON.stringify(names)}`;
}

/** Stands in a message for what is put in its place: nobody can have written it, and no encoding changes it. */
const MARK = randomBytes(15).toString('hex');
const MARK_OF = { text: `${MARK}text`, html: `${MARK}html` };

async function buildFrame(
  { MailComposer }: MimeLibrary,
  skeleton: EmailSkeleton,
  shown: Texts,
  files: readonly AttachmentContent[],
): Promise<MimeFrame> {
  // All of one length, so that none is found within another.
  const marks = files.map((_, index) => Buffer.from(`${MARK}${String(index).padStart(6, '0')}`));
  const composer = new MailComposer({
    messageId: '<mark>',
    date: new Date(0),
    ...(shown.text !== '' ? { text: MARK_OF.text } : {}),
    ...(shown.html !== '' ? { html: MARK_OF.html } : {}),
    attachments: files.map((file, index) => ({
      filename: file.filename,
      content: marks[index],
      contentType: file.mediaType,
      contentDisposition: file.disposition,
      contentTransferEncoding: 'base64',
      ...(file.contentId === undefined ? {} : { cid: file.contentId }),
    })),
    // 7-bit text would be sent as format=flowed, which is not what was written.
    encoding: 'quoted-printable',
    // Neither quoted-printable nor base64 can contain `=_`; the same content has the same boundary at every attempt.
    boundaryPrefix: '--=_',
    baseBoundary: createHash('sha256').update(skeleton.id).digest('hex').slice(0, 24),
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const source = (await composer.compile().build()).toString();
  // Many blanks in the name of a file become lines of nothing else: to some readers the end of the header.
  return cut(source.replace(/\r\n[ \t]+(?=\r\n)/g, ''), [
    ...(shown.text !== '' ? [{ place: 'text' as const, mark: MARK_OF.text }] : []),
    ...(shown.html !== '' ? [{ place: 'html' as const, mark: MARK_OF.html }] : []),
    ...marks.map((mark, place) => ({ place, mark: mark.toString('base64') })),
  ]);
}

function cut(source: string, marks: readonly { place: FramePlace; mark: string }[]): MimeFrame {
  const headEnd = source.indexOf('\r\n\r\n');
  const fields = source.slice(0, headEnd).split(/\r\n(?![ \t])/);
  const id = fields.findIndex((field) => field.startsWith('Message-ID: '));
  const date = fields.findIndex((field) => field.startsWith('Date: '));
  const found = marks.map(({ place, mark }) => ({
    place,
    at: source.indexOf(mark, headEnd),
    length: mark.length,
  }));
  if (id < 0 || date < 0 || found.some(({ at }) => at < 0)) throw new Error('The frame lacks a mark.');
  let end = headEnd + 4;
  const body = found
    .sort((a, b) => a.at - b.at)
    .map(({ place, at, length }) => {
      const fixed = source.slice(end, at);
      end = at + length;
      return { place, fixed };
    });
  return {
    before: fields.slice(0, id),
    after: fields.slice(date + 1),
    body,
    closing: source.slice(end),
    isSingle: body.length === 1 && body[0]?.fixed === '',
  };
}
