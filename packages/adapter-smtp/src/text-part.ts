import { joinPart, type SkeletonPiece } from '@posthorn/core';
import { encodeQuotedPrintable } from './quoted-printable.ts';

/** A text or HTML part of a skeleton, its fixed text encoded once for every message. */
export interface TextPart {
  readonly pieces: readonly SkeletonPiece[];
  /** What the pieces are on the wire, where others follow; slots as they were. */
  readonly encoded: readonly SkeletonPiece[];
  /** The last fixed piece, encoded for a message in which nothing follows it. */
  readonly ending: string;
  /** Whether a piece ends within a line break or a letter: then each message is encoded as a whole. */
  readonly isTorn: boolean;
}

export function encodeTextPart(pieces: readonly SkeletonPiece[]): TextPart {
  const fixed = pieces.filter((piece) => typeof piece === 'string');
  return {
    pieces,
    encoded: pieces.map((piece) => (typeof piece === 'string' ? encodeQuotedPrintable(piece, false) : piece)),
    ending: encodeQuotedPrintable(fixed.findLast((piece) => piece !== '') ?? '', true),
    isTorn: fixed.some(endsWithin),
  };
}

/**
 * The part as one message shows it: quoted-printable, exactly what encoding the joined text gives when decoded. Empty
 * only where the part shows nothing.
 */
export function spliceTextPart(part: TextPart, slots: readonly string[]): string {
  const { pieces, encoded } = part;
  if (part.isTorn) return encodeJoined(part, slots);
  const last = lastShown(pieces, slots);
  let spliced = '';
  for (let index = 0; index < last; index += 1) {
    const piece = encoded[index] as SkeletonPiece;
    if (typeof piece === 'string') {
      spliced += piece;
      continue;
    }
    const value = slots[piece] ?? '';
    if (endsWithin(value)) return encodeJoined(part, slots);
    spliced += encodeQuotedPrintable(value, false);
  }
  const ending = pieces[last];
  if (ending === undefined) return '';
  return (
    spliced + (typeof ending === 'string' ? part.ending : encodeQuotedPrintable(slots[ending] ?? '', true))
  );
}

function encodeJoined({ pieces }: TextPart, slots: readonly string[]): string {
  return encodeQuotedPrintable(joinPart(pieces, slots), true);
}

/** The last piece that is not empty, or -1. */
function lastShown(pieces: readonly SkeletonPiece[], slots: readonly string[]): number {
  let index = pieces.length - 1;
  for (; index >= 0; index -= 1) {
    const piece = pieces[index] as SkeletonPiece;
    if ((typeof piece === 'string' ? piece : (slots[piece] ?? '')) !== '') break;
  }
  return index;
}

/** Whether the text ends with what may be the first half of a CRLF or of a surrogate pair. */
function endsWithin(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last === 0x0d || (last & 0xfc00) === 0xd800;
}
