import { Liquid, LiquidError, type Template, toValue } from 'liquidjs';
import { quoted } from '../did-you-mean.ts';
import { InputError, PosthornError } from '../errors.ts';
import { BoundedCapture } from './bounded-capture.ts';
import { escapeFilters } from './escape-filters.ts';
import { readerFilters } from './filters.ts';
import { LIMITS } from './limits.ts';
import { readerOf } from './render-context.ts';

const NOT_STABLE = 'its result is another one each time, and a message must be shown again exactly as it was';
const NO_MARKUP = 'a tag is always shown as text, never as markup';
const NO_CODE = 'it would read a value as code';

const REFUSED_FILTERS: Readonly<Record<string, string>> = {
  sample: NOT_STABLE,
  raw: NO_MARKUP,
  where_exp: NO_CODE,
  reject_exp: NO_CODE,
  group_by_exp: NO_CODE,
  has_exp: NO_CODE,
  find_exp: NO_CODE,
  find_index_exp: NO_CODE,
  // Dates are written by `date`, `time` and `datetime`, in the recipient's language and zone.
  date_to_xmlschema: 'use `date` with a pattern',
  date_to_rfc822: 'use `date` with a pattern',
  date_to_string: 'use `date`',
  date_to_long_string: 'use `date: "long"`',
};

const REFUSED_TAGS: Readonly<Record<string, string>> = {
  layout: 'share content with `render` and a snippet',
  block: 'share content with `render` and a snippet',
  tablerow: 'write the table with `for`',
};

/** Filters that take the name of a property, and read it as Liquid for every row. */
const NAMING_FILTERS = ['where', 'reject', 'find', 'find_index', 'has', 'group_by'];

/** One engine for everything: own properties only, no files, no network, bounded in size and time. */
export const liquid: Liquid = createLiquid();

function createLiquid(): Liquid {
  const engine = new Liquid({
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: false,
    // A file system without a file: nothing is ever read from disk.
    templates: {},
    parseLimit: LIMITS.partChars * 2,
    memoryLimit: LIMITS.memory,
    renderLimit: LIMITS.renderMs,
  });
  engine.registerTag('capture', BoundedCapture);
  for (const name of Object.keys(REFUSED_TAGS)) delete engine.tags[name];
  for (const name of Object.keys(REFUSED_FILTERS)) engine.unregisterFilter(name);
  for (const name of NAMING_FILTERS) {
    const filter = engine.filters[name];
    if (typeof filter !== 'function') throw new TypeError(`Liquid has no filter ${name}.`);
    engine.registerFilter(name, function (value: unknown, property: unknown, ...args: unknown[]) {
      return filter.call(this, value, checkedName(name, property), ...args);
    });
  }
  for (const [name, filter] of Object.entries(readerFilters)) {
    engine.registerFilter(name, function (value: unknown, ...args: unknown[]) {
      return filter(value, args, readerOf(this.context));
    });
  }
  for (const [name, filter] of Object.entries(escapeFilters)) engine.registerFilter(name, filter);
  return engine;
}

/** A range within a name would be counted without an end where its numbers are huge. Liquid joins a list of texts. */
function checkedName(filter: string, given: unknown): unknown {
  const property: unknown = toValue(given);
  const isList = typeof property === 'object' && property !== null;
  if (!isList && !String(property).includes('..')) return property;
  throw new InputError('template_syntax', `The filter ${quoted(filter)} was given no name of a property.`, {
    advice: `Name one: {{ rows | ${filter}: "name" }}.`,
  });
}

/**
 * Parses Liquid. `path` says where it stands in the input (`email.html`).
 *
 * @throws InputError `template_syntax` with line and column, or `template_limit`.
 */
export function parseLiquid(source: string, path: string): Template[] {
  return explained(path, () => liquid.parse(source));
}

/** Runs a step of parsing and says in plain words what Liquid did not like. */
export function explained<Result>(path: string, step: () => Result): Result {
  try {
    return step();
  } catch (error) {
    if (error instanceof PosthornError) throw error;
    if (!(error instanceof Error)) throw error;
    const cause = 'originalError' in error ? error.originalError : error;
    // Too deep for the stack, such as brackets within brackets, or more than our own readers take.
    if (cause instanceof RangeError) throw overLimit(path, 'is nested too deeply or too large');
    if (error.message.startsWith('parse length limit')) throw overLimit(path, 'is too long');
    throw syntaxError(path, error);
  }
}

/** `template_limit` for a part: `what` completes the sentence. */
export function overLimit(path: string, what: string): InputError {
  return new InputError('template_limit', `${path} ${what}.`, {
    path,
    advice: 'Make the template smaller or simpler.',
  });
}

/** `template_syntax` at a place. */
export function syntaxAt(place: Place, message: string, advice?: string): InputError {
  return new InputError('template_syntax', `${placeOf(place)}: ${message}`, { path: place.path, advice });
}

/** Where something stands in the input: lines and columns count from 1. */
export interface Place {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

export function placeOf({ path, line, column }: Place): string {
  return `${path}, line ${line}, column ${column}`;
}

function syntaxError(path: string, error: Error): InputError {
  const [line = 1, column = 1] = LiquidError.is(error) ? error.token.getPosition() : [];
  const raw = error.message.replace(/, line:\d+, col:\d+$/, '');
  const message = `${placeOf({ path, line, column })}: ${inPlainWords(raw)}`;
  return new InputError('template_syntax', message, { path, cause: error });
}

function inPlainWords(message: string): string {
  const filter = /^undefined filter: (.*)$/s.exec(message)?.[1];
  if (filter !== undefined) return missing('filter', filter, REFUSED_FILTERS);
  const tag = /^tag "(.*)" not found$/s.exec(message)?.[1];
  if (tag !== undefined && /^(end|else$|elsif$|when$)/.test(tag))
    return `${quoted(tag)} belongs to nothing that is open here.`;
  if (tag !== undefined) return missing('tag', tag, REFUSED_TAGS);
  const open = /^(?:tag|output|raw) (.*) not closed$/s.exec(message)?.[1];
  if (open !== undefined) return `${open.startsWith('"') ? open : quoted(open)} is never closed.`;
  return `Liquid cannot read this: ${message.slice(0, 200)}.`;
}

function missing(what: string, name: string, refused: Readonly<Record<string, string>>): string {
  const reason = Object.hasOwn(refused, name) ? refused[name] : undefined;
  if (reason === undefined) return `There is no Liquid ${what} ${quoted(name)}.`;
  return `The ${what} ${quoted(name)} cannot be used: ${reason}.`;
}
