import type { Context, Scope } from '../context.ts';
import { quoted } from '../did-you-mean.ts';
import { InputError } from '../errors.ts';
import type { RecipientSource } from '../ports/index.ts';
import { sourceOf } from '../recipients/index.ts';

/** A source that answers queries. */
export type AskableSource = RecipientSource & Required<Pick<RecipientSource, 'find'>>;

/**
 * The source of that key, open to the scope, where it can be asked; `path` is where the key stands.
 *
 * @throws NotFoundError `unknown_source`.
 * @throws ConfigurationError `tenant_wall` for one that cannot tell tenants apart, under `.tenant()`.
 * @throws InputError `invalid_input` for one that finds recipients by id only.
 */
export function askableSource(
  context: Pick<Context, 'sources'>,
  scope: Scope,
  key: string,
  path: string,
): AskableSource {
  const source = sourceOf(context, scope, key, path);
  if (isAskable(source)) return source;
  throw new InputError('invalid_input', `The recipient source ${quoted(key)} cannot be asked.`, {
    path,
    advice: 'It finds recipients by id; give it `find` so that it answers queries.',
  });
}

export function isAskable(source: RecipientSource): source is AskableSource {
  return typeof source.find === 'function';
}
