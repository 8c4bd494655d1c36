import type { CompiledSkeleton, TagCatalogue } from '../ports/index.ts';
import type { Reader } from './reader.ts';

/** What the slots of one message are rendered from, and for whom. `now` is the message's time. */
export interface RenderInput extends Reader {
  readonly data: object;
  readonly tags?: TagCatalogue | undefined;
}

/**
 * Renders the slots of a skeleton for one message.
 *
 * @throws InputError `invalid_tag_value` where a value cannot be shown, `template_limit` where rendering takes too much.
 */
export async function renderSlots(compiled: CompiledSkeleton, input: RenderInput): Promise<string[]> {
  const { renderCompiled } = await import('./render-compiled.ts');
  return renderCompiled(compiled, input);
}
