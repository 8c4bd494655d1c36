import { printText } from './compile-tree.ts';

/** Writes the lines of a text with Liquid in it. White space is as HTML takes it: runs of it are one space. */
export class LineWriter {
  #source = '';
  /** Fixed text that is not yet in the source: it depends on what follows how it is written. */
  #text = '';
  /** Line breaks that the text ends with; there is nothing above the first line. */
  #written = 2;
  /** Line breaks that are wanted before whatever comes next. */
  #wanted = 0;
  #space = false;
  #endsInSpace = false;

  /** Fixed text of an element that keeps its lines or, as others do, does not. */
  text(text: string, keepsLines: boolean): void {
    for (const piece of keepsLines ? [text] : text.split(/([\s\u200b\u200c\ufeff]+)/)) {
      if (!keepsLines && /^[\s\u200b\u200c\ufeff]/.test(piece)) this.space();
      else if (piece !== '') this.word(piece);
    }
  }

  /** Text that stands as it is. */
  word(text: string): void {
    this.#flush();
    this.#text += text;
    this.#shown();
  }

  /** Liquid that shows something. */
  output(source: string): void {
    this.#flush();
    this.silent(source);
    this.#shown();
  }

  /** Liquid that begins or ends a block: the lines before it stay outside. */
  control(source: string): void {
    this.#flush();
    this.silent(source);
  }

  /** Liquid that shows nothing. */
  silent(source: string): void {
    this.#source += printText(this.#text, true) + source;
    this.#text = '';
  }

  space(): void {
    this.#space = true;
  }

  /** What follows begins on a new line, after `breaks - 1` empty ones. */
  lines(breaks: number): void {
    this.#wanted = Math.max(this.#wanted, breaks);
  }

  /** `<br>` */
  lineBreak(): void {
    this.#wanted = Math.min(3, Math.max(this.#wanted, this.#written) + 1);
  }

  end(): string {
    return (this.#source + printText(this.#text, false)).trim();
  }

  #shown(): void {
    this.#written = 0;
    this.#endsInSpace = false;
  }

  #flush(): void {
    if (this.#wanted > this.#written) {
      this.#text += '\n'.repeat(this.#wanted - this.#written);
      this.#written = this.#wanted;
    } else if (this.#space && this.#written === 0 && !this.#endsInSpace) {
      this.#text += ' ';
      this.#endsInSpace = true;
    }
    this.#wanted = 0;
    this.#space = false;
  }
}
