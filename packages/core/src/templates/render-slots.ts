import type { CompiledSkeleton } from '../ports/index.ts';
import type { RenderInput } from './render-compiled.ts';

/** Kept once it is there: Node's loader takes 6 µs and 3 kB for every `import()`, and there is one for each message. */
let renderer: typeof import('./render-compiled.ts') | undefined;

/**
 * Renders the slots of a skeleton for one message.
 *
 * @throws InputError `invalid_tag_value` where a value cannot be shown, `template_limit` where rendering takes too much.
 */
export async function renderSlots(compiled: CompiledSkeleton, input: RenderInput): Promise<string[]> {
  renderer ??= await import('./render-compiled.ts');
  return renderer.renderCompiled(compiled, input);
}
