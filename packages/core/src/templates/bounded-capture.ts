import { CaptureTag, type Context, type Emitter } from 'liquidjs';

/** `capture`, whose text counts against the part's memory: loops could make it as long as they like. */
export class BoundedCapture extends CaptureTag {
  override *render(context: Context): Generator<unknown, void, string> {
    const text = yield this.liquid.renderer.renderTemplates(this.templates, context, new Captured(context));
    context.bottom()[this.variable] = text;
  }
}

/** Where the text of a `capture` is written. */
export class Captured implements Emitter {
  buffer = '';
  readonly #memory: Context['memoryLimit'];

  constructor({ memoryLimit }: Context) {
    this.#memory = memoryLimit;
  }

  write(text: unknown): void {
    const added = String(text ?? '');
    this.#memory.use(added.length);
    this.buffer += added;
  }
}
