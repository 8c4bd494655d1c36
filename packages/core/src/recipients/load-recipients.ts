import type { Scope } from '../context.ts';
import { quoted } from '../did-you-mean.ts';
import { ConfigurationError } from '../errors.ts';
import type { RecipientSource, SourceRecipient, SourceScope } from '../ports/index.ts';
import { toDisplayName } from './display-name.ts';
import { parseEmail } from './email-address.ts';
import { parseLocale, parseTimeZone } from './locale.ts';
import type { ParsedAddress } from './parsed-address.ts';
import { parsePhone } from './phone-number.ts';
import type { RecipientRef, ResolvedRecipient } from './recipient.ts';
import { rowText } from './row-text.ts';

/** A recipient that its source is still to be asked for. */
export interface PendingRecipient {
  readonly ref: RecipientRef;
  readonly source: RecipientSource;
  /** Where it stood in the input. */
  readonly path: string;
}

/** The most ids a source is asked for at once. */
const PAGE = 500;

/** Asks each source for its own, a page at a time; who was not found is not in the answer. */
export async function loadRecipients(
  scope: Scope,
  pending: readonly PendingRecipient[],
): Promise<ReadonlyMap<PendingRecipient, ResolvedRecipient>> {
  const found = new Map<PendingRecipient, ResolvedRecipient>();
  for (const source of new Set(pending.map((entry) => entry.source))) {
    const wanted = pending.filter((entry) => entry.source === source);
    const rows = await loadRows(scope, source, [...new Set(wanted.map(({ ref }) => ref.id))]);
    const resolve = createResolver(scope);
    for (const entry of wanted) {
      const loaded = rows.get(entry.ref.id);
      if (loaded !== undefined) found.set(entry, resolve(entry, loaded));
    }
  }
  return found;
}

interface LoadedRow {
  readonly row: SourceRecipient;
  readonly data: Readonly<Record<string, unknown>>;
}

async function loadRows(
  scope: Scope,
  source: RecipientSource,
  ids: readonly string[],
): Promise<ReadonlyMap<string, LoadedRow>> {
  const asked = { tenant: scope.tenant, scoped: scope.scoped };
  const loaded = new Map<string, LoadedRow>();
  for (let start = 0; start < ids.length; start += PAGE) {
    const page = new Set(ids.slice(start, start + PAGE));
    const rows = new Map<string, SourceRecipient>();
    for (const row of await askRows(source, [...page], asked)) {
      const id = rowText(row.id);
      if (id === undefined || !page.has(id)) continue;
      if (rows.has(id)) throw ambiguous(source, id);
      rows.set(id, row);
    }
    const data = rows.size === 0 ? NO_DATA : await askData(source, [...rows.keys()], asked);
    for (const [id, row] of rows) loaded.set(id, { row, data: data.get(id) ?? {} });
  }
  return loaded;
}

const NO_DATA: ReadonlyMap<string, Readonly<Record<string, unknown>>> = new Map();

async function askRows(source: RecipientSource, ids: readonly string[], scope: SourceScope) {
  const rows: unknown = await source.byIds(ids, scope);
  if (Array.isArray(rows)) return rows as readonly SourceRecipient[];
  throw broken(source, '`byIds` answered no list.');
}

async function askData(source: RecipientSource, ids: readonly string[], scope: SourceScope) {
  const data = (await source.data?.(ids, scope)) ?? NO_DATA;
  if (data instanceof Map) return data;
  throw broken(source, '`data` answered no Map.');
}

/** Rows name few locales and zones, and checking one takes a while: each is checked once. */
function createResolver(scope: Scope): (entry: PendingRecipient, loaded: LoadedRow) => ResolvedRecipient {
  const localeOf = remember((text) => parseLocale(text.trim().replaceAll('_', '-')) ?? scope.locale);
  const timeZoneOf = remember((text) => parseTimeZone(text.trim()) ?? scope.timeZone);
  return ({ ref, path }, { row, data }) => ({
    recipient: { source: ref.source, id: ref.id },
    path,
    name: toDisplayName(rowText(row.name)),
    email: addressOf(rowText(row.email), parseEmail),
    phone: addressOf(rowText(row.phone), parsePhone),
    locale: localeOf(rowText(row.locale) ?? scope.locale),
    timeZone: timeZoneOf(rowText(row.timeZone) ?? scope.timeZone),
    data,
  });
}

/** Spaces around an address are how people type; a blank one is none. */
function addressOf(text: string | undefined, parse: (text: string) => ParsedAddress): ParsedAddress | null {
  const given = text?.replace(/^[ \t]+|[ \t]+$/g, '');
  return given === undefined || given === '' ? null : parse(given);
}

function remember(compute: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const answer = known.get(text) ?? compute(text);
    known.set(text, answer);
    return answer;
  };
}

function ambiguous(source: RecipientSource, id: string): ConfigurationError {
  return broken(
    source,
    `Several recipients have the id ${quoted(id)}.`,
    'Give it an id that is unique, or name the tenant whose recipients are meant.',
  );
}

function broken(source: RecipientSource, problem: string, advice?: string): ConfigurationError {
  const message = `The recipient source ${quoted(String(source.label))} does not keep its contract. ${problem}`;
  return new ConfigurationError('invalid_input', message, { advice });
}
