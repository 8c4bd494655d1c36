/** RFC 2045 section 6.7: 76 characters a line, of which the last is left to the soft break. */
const ROOM = 75;
const SOFT_BREAK = '=\r\n';

const LF = 0x0a;
const CR = 0x0d;
const TAB = 0x09;
const BLANK = 0x20;
const EQUALS = 0x3d;
const CAPITAL_F = 0x46;
const HEX = Buffer.from('0123456789ABCDEF');

/** What goes as it is: one short line that neither begins as a mailbox file's divider nor ends in a blank. */
const PLAIN = /^(?!From )(?:[ -<>-~]{0,74}[!-<>-~])?$/;

/** By the first byte of a letter: the width of the whole letter. What continues one takes no room of its own. */
const WIDTHS = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (isLiteral(byte)) return 1;
  if (byte < 0x80) return 3;
  if (byte < 0xc0) return 0;
  return byte < 0xe0 ? 6 : byte < 0xf0 ? 9 : 12;
});

/**
 * Encodes text as UTF-8 in quoted-printable lines of at most 76 characters. Line breaks of every kind (CRLF, LF, CR)
 * become CRLF. What comes out begins and ends with whole lines, by a soft break where the text goes on, so encoded texts
 * can be joined; `isLast` says that nothing follows.
 */
export function encodeQuotedPrintable(text: string, isLast: boolean): string {
  if (PLAIN.test(text)) return isLast || text === '' ? text : text + SOFT_BREAK;
  const bytes = Buffer.from(wholeLines(text));
  const end = bytes.length;
  // At the worst every byte takes three characters, and a line ends early for a letter of twelve.
  const out = Buffer.allocUnsafe(Math.ceil(end * 3.2) + 8);
  let at = 0;
  let column = 0;
  for (let index = 0; index < end; index += 1) {
    const byte = bytes[index] as number;
    if (byte === LF) {
      at = endLine(out, at);
      column = 0;
      continue;
    }
    let width = WIDTHS[byte] as number;
    if (isBlank(byte) && endsLine(bytes, index + 1, isLast)) width = 3;
    if (column + width > ROOM) {
      out[at++] = EQUALS;
      at = endLine(out, at);
      column = 0;
    }
    if (width === 1 && !(column === 0 && byte === CAPITAL_F && beginsDivider(bytes, index))) {
      out[at++] = byte;
      column += 1;
    } else {
      out[at++] = EQUALS;
      out[at++] = HEX[byte >> 4] as number;
      out[at++] = HEX[byte & 15] as number;
      column += 3;
    }
  }
  const encoded = out.toString('latin1', 0, at);
  return isLast || column === 0 ? encoded : encoded + SOFT_BREAK;
}

/** Line breaks of every kind as LF. */
function wholeLines(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

function isLiteral(byte: number): boolean {
  return (byte >= BLANK && byte <= 0x7e && byte !== EQUALS) || byte === TAB;
}

function isBlank(byte: number): boolean {
  return byte === BLANK || byte === TAB;
}

function endsLine(bytes: Buffer, next: number, isLast: boolean): boolean {
  return next === bytes.length ? isLast : bytes[next] === LF;
}

function endLine(out: Buffer, at: number): number {
  out[at] = CR;
  out[at + 1] = LF;
  return at + 2;
}

/** Mail stores of the mbox kind change `From ` at the beginning of a line, which would break a signature. */
function beginsDivider(bytes: Buffer, at: number): boolean {
  return bytes.toString('latin1', at, at + 5) === 'From ';
}
