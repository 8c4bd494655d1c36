import type { Context, Opened, Scope } from '../context.ts';
import { quoted } from '../did-you-mean.ts';
import { SourceError } from '../errors.ts';
import { findPage, type RecipientPage } from '../queries/index.ts';
import type { AudienceGroup } from '../segments/index.ts';

/** How long a source may take for a page. */
const PATIENCE_MS = 60_000;

/**
 * One page of a group, with tag values. A source that does not answer counts as one that fails: what hangs is not waited
 * for, and the next try may find it well again.
 *
 * @throws SourceError `source_failed` where it takes longer than a minute; as `findPage`.
 */
export async function askGroup(
  context: Context,
  opened: Opened,
  scope: Scope,
  group: AudienceGroup,
  {
    signal,
    ...page
  }: { readonly after: string | null; readonly limit: number; readonly signal: AbortSignal },
): Promise<RecipientPage> {
  const late = new AbortController();
  const nap = new AbortController();
  context.clock.sleep(PATIENCE_MS, nap.signal).then(
    () => late.abort(silent(group.source)),
    () => undefined,
  );
  try {
    const either = AbortSignal.any([signal, late.signal]);
    return await findPage(context, opened, scope, group, { ...page, withData: true, signal: either });
  } finally {
    nap.abort();
  }
}

function silent(source: string): SourceError {
  return new SourceError(
    'source_failed',
    `The recipient source ${quoted(source)} has not answered within ${PATIENCE_MS / 1_000} seconds.`,
  );
}
