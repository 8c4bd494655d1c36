import type { AttachmentContent } from '@posthorn/core';
import type { MimeFrame, Texts } from './mime-frame.ts';
import type { MimeLibrary } from './mime-library.ts';

/** A body in pieces: lines of text, and between them files in base64, which begin and end within a line. */
export type BodyPieces = readonly (string | Buffer)[];

/** Puts a message's texts, encoded already, and its files into their places. */
export function spliceBody(
  mime: MimeLibrary,
  frame: MimeFrame,
  texts: Texts,
  files: readonly AttachmentContent[],
): BodyPieces {
  const pieces: (string | Buffer)[] = [];
  let run = '';
  for (const { fixed, place } of frame.body) {
    run += fixed;
    if (typeof place === 'string') {
      run += texts[place];
      continue;
    }
    pieces.push(run, encodedFile(mime, files[place] as AttachmentContent));
    run = '';
  }
  if (!(frame.isSingle && run.endsWith('\r\n'))) run += frame.closing;
  pieces.push(run);
  return pieces;
}

const encodedFiles = new WeakMap<Uint8Array, Buffer>();

/** Base64, once for all messages that carry the same content. */
function encodedFile({ base64 }: MimeLibrary, { content }: AttachmentContent): Buffer {
  const known = encodedFiles.get(content);
  if (known !== undefined) return known;
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const encoded = Buffer.from(base64.wrap(base64.encode(bytes)), 'latin1');
  encodedFiles.set(content, encoded);
  return encoded;
}
