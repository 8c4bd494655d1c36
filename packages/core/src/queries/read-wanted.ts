import type { Context, Scope } from '../context.ts';
import type { RecipientSource } from '../ports/index.ts';
import { askableSource } from './askable-source.ts';
import { checkQuery } from './check-query.ts';
import { everybody } from './checked-query.ts';
import type { WantedRecipients } from './find-page.ts';

/**
 * Whom a call of `posthorn.recipients` means.
 *
 * @throws as `askableSource` and `checkQuery`.
 */
export function readWanted(
  context: Pick<Context, 'clock' | 'sources'>,
  scope: Scope,
  given: { readonly source: string; readonly where?: unknown },
): { readonly asked: RecipientSource; readonly wanted: WantedRecipients } {
  const { source, where } = given;
  const asked = askableSource(context, scope, source, 'source');
  const options = { path: 'where', timeZone: scope.timeZone, now: context.clock.now() };
  const query = where === undefined ? everybody : checkQuery(asked, source, where, options);
  return { asked, wanted: { source, query } };
}
