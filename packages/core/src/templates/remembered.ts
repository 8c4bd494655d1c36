/** How many writers are kept, and how many texts of each. */
const WRITERS = 500;
const TEXTS = 16;

interface Level<Value> {
  readonly next: Map<unknown, Level<Value>>;
  write: ((value: Value) => string) | undefined;
}

/**
 * Writes values, and knows again what it has written lately: HTML and text of a mail show the same dates and amounts, and so
 * do many mails of a broadcast. A writer has several names, such as a locale and a style; joining them to one would cost
 * more than finding one after the other.
 */
export class Remembered<Value, Names extends readonly unknown[]> {
  readonly #makeWriter: (...names: Names) => (value: Value) => string;
  #root: Level<Value> = { next: new Map(), write: undefined };
  #writers = 0;

  constructor(makeWriter: (...names: Names) => (value: Value) => string) {
    this.#makeWriter = makeWriter;
  }

  /** What throws is not kept. */
  write(value: Value, ...names: Names): string {
    let level: Level<Value> | undefined = this.#root;
    for (const name of names) level = level?.next.get(name);
    return (level?.write ?? this.#add(names))(value);
  }

  #add(names: Names): (value: Value) => string {
    const write = remembering(this.#makeWriter(...names));
    if (this.#writers === WRITERS) {
      this.#root = { next: new Map(), write: undefined };
      this.#writers = 0;
    }
    let level = this.#root;
    for (const name of names) {
      const next: Level<Value> = level.next.get(name) ?? { next: new Map(), write: undefined };
      level.next.set(name, next);
      level = next;
    }
    level.write = write;
    this.#writers += 1;
    return write;
  }
}

function remembering<Value>(write: (value: Value) => string): (value: Value) => string {
  const values: Value[] = [];
  const texts: string[] = [];
  let oldest = 0;
  return (value) => {
    const at = values.indexOf(value);
    const known = texts[at];
    // 0 and -0 are equal, but not written alike.
    if (known !== undefined && value !== 0) return known;
    const text = write(value);
    values[oldest] = value;
    texts[oldest] = text;
    oldest = (oldest + 1) % TEXTS;
    return text;
  };
}
