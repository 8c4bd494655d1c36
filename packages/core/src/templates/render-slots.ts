import type { CompiledSkeleton } from '../ports/index.ts';
import type { RenderInput } from './render-compiled.ts';

/**
 * Renders the slots of a skeleton for one message.
 *
 * @throws InputError `invalid_tag_value` where a value cannot be shown, `template_limit` where rendering takes too much.
 */
export async function renderSlots(compiled: CompiledSkeleton, input: RenderInput): Promise<string[]> {
  const { renderCompiled } = await import('./render-compiled.ts');
  return renderCompiled(compiled, input);
}
