const LINE_DOT = Buffer.from('\n.');
const DOT = 46;
const LF = 10;
const CR = 13;
const END = Buffer.from('.\r\n');
const END_AFTER_CR = Buffer.from('\n.\r\n');
const END_AFTER_TEXT = Buffer.from('\r\n.\r\n');

/**
 * A second dot for every line that begins with one (RFC 5321 section 4.5.2). A part with nothing to do comes back as it
 * is, uncopied.
 */
export function stuffDots(part: Buffer, beginsLine: boolean): Buffer {
  let next = beginsLine && part[0] === DOT ? 0 : dotAfter(part, 0);
  if (next === -1) return part;
  const pieces: Buffer[] = [];
  let start = 0;
  for (; next !== -1; next = dotAfter(part, next)) {
    // Up to and with the dot, which then begins the next piece once more.
    pieces.push(part.subarray(start, next + 1));
    start = next;
  }
  pieces.push(part.subarray(start));
  return Buffer.concat(pieces);
}

/** What ends the message: a dot alone on a line, of which there has to be the beginning. */
export function endOfMessage(message: Buffer): Buffer {
  const last = message.at(-1);
  if (last === undefined || (last === LF && message.at(-2) === CR)) return END;
  return last === CR ? END_AFTER_CR : END_AFTER_TEXT;
}

/** Where the next line begins with a dot. */
function dotAfter(part: Buffer, from: number): number {
  const at = part.indexOf(LINE_DOT, from);
  return at === -1 ? -1 : at + 1;
}
