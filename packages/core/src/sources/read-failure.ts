import { quoted } from '../did-you-mean.ts';
import { SourceError } from '../errors.ts';

/** What a source's own functions did not answer as they should: a `source_failed`. */
export function failed(
  label: string,
  problem: string,
  details: { readonly advice?: string; readonly cause?: unknown } = {},
): SourceError {
  return new SourceError(
    'source_failed',
    `The recipient source ${quoted(label)} cannot be read. ${problem}`,
    details,
  );
}
