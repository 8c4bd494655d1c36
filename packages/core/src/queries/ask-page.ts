import type { Scope } from '../context.ts';
import { quoted } from '../did-you-mean.ts';
import type { FoundRecipient, RecipientSource, SourceQuestion } from '../ports/index.ts';
import { ambiguousId, brokenSource, rowText } from '../recipients/index.ts';
import { untilAborted } from '../until-aborted.ts';
import type { AskableSource } from './askable-source.ts';

/** Which page of the source, and for how long it is waited for. */
export interface AskedPage {
  /** `next` of the page before; null for the first. */
  readonly after: string | null;
  /** At most 500: as many as a source is asked for tag values at once. */
  readonly limit: number;
  readonly signal?: AbortSignal | undefined;
}

export interface FoundRow {
  readonly id: string;
  readonly row: FoundRecipient;
  /** As many as were asked. */
  readonly probes: readonly boolean[];
}

/** In characters. */
const MAX_CURSOR = 1000;
const MAX_ID = 255;

/**
 * One page of a source, held against what sources promise: no more rows than asked for, each once, and a cursor that
 * moves on.
 *
 * @throws ConfigurationError `invalid_input` where it does not keep it; what the source itself throws; the signal's reason.
 */
export async function askPage(
  source: AskableSource,
  { tenant, scoped }: Scope,
  { where, probes }: Pick<SourceQuestion, 'where' | 'probes'>,
  { after, limit, signal }: AskedPage,
): Promise<{ readonly rows: readonly FoundRow[]; readonly next: string | null }> {
  signal?.throwIfAborted();
  const asking = Promise.resolve(source.find({ where, probes, after, limit }, { tenant, scoped }));
  const page: unknown = await (signal === undefined ? asking : untilAborted(asking, signal));
  const { recipients, next } = (page ?? {}) as { recipients?: unknown; next?: unknown };
  if (!Array.isArray(recipients)) throw brokenSource(source, '`find` answered no list of `recipients`.');
  if (recipients.length > limit) {
    throw brokenSource(
      source,
      `\`find\` answered ${recipients.length} recipients where ${limit} were asked for.`,
    );
  }
  const seen = new Set<string>();
  const rows = recipients.map((row) => {
    const found = checkRow(source, row, probes.length);
    if (seen.has(found.id)) throw ambiguousId(source, found.id);
    seen.add(found.id);
    return found;
  });
  return { rows, next: checkNext(source, next, after) };
}

function checkRow(source: RecipientSource, given: unknown, asked: number): FoundRow {
  if (typeof given !== 'object' || given === null)
    throw brokenSource(source, '`find` answered a row that is none.');
  const row = given as FoundRecipient;
  const id = rowText(row.id) ?? '';
  if (id === '' || id.length > MAX_ID) {
    throw brokenSource(
      source,
      `\`find\` answered the id ${quoted(id)}, which has not 1 to ${MAX_ID} characters.`,
    );
  }
  const { probes = [] } = row;
  if (asked > 0 && !(Array.isArray(probes) && probes.length === asked && probes.every(isBoolean))) {
    throw brokenSource(source, `\`find\` answered the recipient ${quoted(id)} without its ${asked} probes.`);
  }
  return { id, row, probes };
}

function checkNext(source: RecipientSource, next: unknown, after: string | null): string | null {
  if (next === null) return null;
  if (typeof next !== 'string' || next === '' || next.length > MAX_CURSOR) {
    throw brokenSource(
      source,
      `\`find\` answered a \`next\` that is neither null nor a text of 1 to ${MAX_CURSOR} characters.`,
    );
  }
  if (next === after)
    throw brokenSource(source, '`find` answered the same `next` again, so it would never end.');
  return next;
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}
