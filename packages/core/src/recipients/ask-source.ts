import { quoted } from '../did-you-mean.ts';
import { ConfigurationError } from '../errors.ts';
import type { RecipientSource, SourceScope } from '../ports/index.ts';

/** Tag values by recipient id, as a source answers them. */
type DataById = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

const NO_DATA: DataById = new Map();

/**
 * The source's tag values for these recipients.
 *
 * @throws ConfigurationError `invalid_input` where it answers no Map.
 */
export async function askForData(
  source: RecipientSource,
  ids: readonly string[],
  scope: SourceScope,
): Promise<DataById> {
  if (ids.length === 0) return NO_DATA;
  const data: unknown = (await source.data?.(ids, scope)) ?? NO_DATA;
  if (data instanceof Map) return data;
  throw brokenSource(source, '`data` answered no Map.');
}

/** What a source did that no source may. */
export function brokenSource(source: RecipientSource, problem: string, advice?: string): ConfigurationError {
  const message = `The recipient source ${quoted(String(source.label))} does not keep its contract. ${problem}`;
  return new ConfigurationError('invalid_input', message, { advice });
}

/** Two recipients where there is to be one. */
export function ambiguousId(source: RecipientSource, id: string): ConfigurationError {
  return brokenSource(
    source,
    `Several recipients have the id ${quoted(id)}.`,
    'Give it an id that is unique, or name the tenant whose recipients are meant.',
  );
}
