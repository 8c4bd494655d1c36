import type { SourceField } from '../ports/index.ts';
import type { Plain } from './ask-plain-field.ts';
import type { Said } from './query-node.ts';
import { SENTENCES } from './query-texts.ts';
import type { Speaker } from './speaker.ts';

/** The most values, and characters of one, that a sentence holds. */
const TOLD_VALUES = 5;
const TOLD_LENGTH = 80;

/** `Aarhus, Odense or Vejle`; of many, the first few and how many others there are. */
export function tellList(
  said: readonly Said[],
  field: Pick<SourceField, 'values'>,
  speaker: Speaker,
): string {
  const told = said.slice(0, TOLD_VALUES).map((value) => tellValue(value, field, speaker));
  const others = said.length - told.length;
  if (others > 0) told.push(speaker.speak(SENTENCES.others, { count: tellNumber(others, speaker) }));
  return new Intl.ListFormat(speaker.locale, { type: 'disjunction' }).format(told);
}

/** A value, as people write it. */
export function tellValue(
  said: Said,
  { values = [] }: Pick<SourceField, 'values'>,
  speaker: Speaker,
): string {
  if (typeof said !== 'object') {
    const label = values.find(({ value }) => value === String(said))?.label;
    return label ?? tellPlain(said, speaker);
  }
  if ('days' in said) return tellDays(said.days, speaker);
  if ('day' in said)
    return formatOf(speaker, { dateStyle: 'full', timeZone: 'UTC' }).format(Date.parse(said.day));
  const { timeZone } = speaker;
  return formatOf(speaker, { dateStyle: 'full', timeStyle: 'short', timeZone }).format(said.instant);
}

function tellPlain(said: Plain, speaker: Speaker): string {
  if (typeof said === 'number') return tellNumber(said, speaker);
  return typeof said === 'string' ? tellText(said) : speaker.speak(said ? SENTENCES.true : SENTENCES.false);
}

/** A day near today has a name; of others it is said how far they are, in words that may end a range: `to today`. */
function tellDays(days: number, speaker: Speaker): string {
  if (Math.abs(days) <= 1) {
    return new Intl.RelativeTimeFormat(speaker.locale, { numeric: 'auto' }).format(days, 'day');
  }
  const text = days < 0 ? SENTENCES.daysBefore : SENTENCES.daysAfter;
  return speaker.speak(text, { count: tellNumber(Math.abs(days), speaker) });
}

export function tellNumber(number: number, { locale }: Speaker): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 20 }).format(number);
}

/** A text that could be taken for a part of the sentence stands in quotes. */
function tellText(text: string): string {
  const shown = text.length > TOLD_LENGTH ? `${text.slice(0, TOLD_LENGTH).toWellFormed()}…` : text;
  return /^[\p{L}\p{N}][\p{L}\p{M}\p{N}+@_./-]*$/u.test(shown)
    ? shown
    : `“${shown.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')}”`;
}

function formatOf({ locale }: Speaker, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, options);
}
