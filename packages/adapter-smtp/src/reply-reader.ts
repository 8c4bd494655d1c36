import { isUtf8 } from 'node:buffer';

/** One reply of a server, as it came. */
export interface ServerReply {
  /** 0 where it is none: a line without a code, or lines whose codes differ. */
  readonly code: number;
  /** Its lines, joined by LF; of a very long one the beginning. */
  readonly text: string;
}

const MAX_REPLY = 1024 * 1024;
/** Nobody looks at more of it. */
const MAX_KEPT = 20_000;
const NOTHING = Buffer.alloc(0);
const LF = 10;
const CR = 13;
const HYPHEN = 45;
const SPACE = 32;

/**
 * Takes replies out of whatever pieces the network delivers (RFC 5321 section 4.2):
 *
 *    250-first line CRLF      a hyphen after the code: more of this reply follows
 *    250 last line CRLF       a space or nothing: its end
 *
 * A line may end with LF alone, and empty lines before a reply are passed over, as some servers write them. What is not
 * of this form is a reply without a code, and ends with its line.
 */
export class ReplyReader {
  #chunk: Buffer = NOTHING;
  #at = 0;
  /** The line that has begun in earlier chunks, as far as it is kept. */
  #begun: Buffer[] = [];
  #kept = 0;
  /** The lines of the reply that has begun. */
  #code = 0;
  #text = '';
  /** Bytes of it so far. */
  #length = 0;

  /** Takes what came; only once `next` has answered `undefined` to the chunk before. */
  push(chunk: Buffer): void {
    this.#chunk = chunk;
    this.#at = 0;
  }

  /** The next whole reply, or `undefined` until more has come. */
  next(): ServerReply | undefined {
    while (this.#at < this.#chunk.length) {
      const start = this.#at;
      const end = this.#chunk.indexOf(LF, start);
      if (end === -1) {
        this.#begin(this.#chunk.subarray(start));
        break;
      }
      this.#at = end + 1;
      const reply = this.#endLine(start, end);
      if (reply !== undefined) return reply;
    }
    this.#chunk = NOTHING;
    this.#at = 0;
    return undefined;
  }

  /** Whether more has come than the replies that were taken. */
  get hasRest(): boolean {
    return this.#length > 0 || this.#at < this.#chunk.length;
  }

  /** Whether the reply that has begun is too long to be one. */
  get isFlooded(): boolean {
    return this.#length > MAX_REPLY;
  }

  #begin(piece: Buffer): void {
    this.#length += piece.length;
    if (this.#kept < MAX_KEPT) this.#begun.push(piece);
    this.#kept += piece.length;
  }

  #endLine(start: number, end: number): ServerReply | undefined {
    this.#length += end + 1 - start;
    if (this.#begun.length === 0) return this.#take(this.#chunk, start, end);
    const line = Buffer.concat([...this.#begun, this.#chunk.subarray(start, end)]);
    this.#begun = [];
    this.#kept = 0;
    return this.#take(line, 0, line.length);
  }

  /** One whole line, without its LF: the reply that ends with it, if one does. */
  #take(bytes: Buffer, start: number, lineEnd: number): ServerReply | undefined {
    const end = lineEnd > start && bytes[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd;
    const isFirst = this.#text === '';
    if (isFirst && end === start) {
      this.#length = 0;
      return undefined;
    }
    const code = codeOf(bytes, start, end);
    const text = textOf(bytes, start, end);
    if (!isFirst && this.#code !== code) return this.#end(0, text);
    if (code === 0 || bytes[start + 3] !== HYPHEN || end === start + 3) return this.#end(code, text);
    this.#code = code;
    this.#add(text);
    return undefined;
  }

  #end(code: number, lastLine: string): ServerReply {
    this.#add(lastLine);
    const reply = { code, text: this.#text };
    this.#code = 0;
    this.#text = '';
    this.#length = 0;
    return reply;
  }

  #add(line: string): void {
    if (this.#text === '') this.#text = line;
    else if (this.#text.length < MAX_KEPT) this.#text += `\n${line}`;
  }
}

/** Three digits, then a space, a hyphen or the end of the line. */
function codeOf(bytes: Buffer, start: number, end: number): number {
  if (end < start + 3) return 0;
  const after = bytes[start + 3];
  if (end > start + 3 && after !== SPACE && after !== HYPHEN) return 0;
  let code = 0;
  for (let at = start; at < start + 3; at += 1) {
    const digit = (bytes[at] as number) - 48;
    if (digit < 0 || digit > 9) return 0;
    code = code * 10 + digit;
  }
  return code;
}

/** No standard says how a server's words are encoded; what is not UTF-8 is shown byte for byte. */
function textOf(bytes: Buffer, start: number, end: number): string {
  const line = bytes.subarray(start, Math.min(end, start + MAX_KEPT));
  return line.toString(isUtf8(line) ? 'utf8' : 'latin1');
}
