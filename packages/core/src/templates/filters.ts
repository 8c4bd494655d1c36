import { InputError } from '../errors.ts';
import { type DateStyle, formatDay, formatDayAndTime, formatTime, isDateStyle } from './format-date.ts';
import { formatMoney, formatNumber, formatPercent, isCurrency } from './format-number.ts';
import { formatPattern } from './format-pattern.ts';
import { readMoment } from './moment.ts';
import type { Reader } from './reader.ts';

/** A filter that writes a value as its reader writes it. An empty value stays empty. */
type ReaderFilter = (value: unknown, args: readonly unknown[], reader: Reader) => string;

/**
 * The filters that depend on the recipient's locale and zone:
 * `date`, `time` and `datetime` (a style, or a `%` pattern), `number` and `percent` (decimals), `money` (a currency).
 */
export const readerFilters: Readonly<Record<string, ReaderFilter>> = {
  date: unlessEmpty((value, [style = 'medium'], reader) => {
    const moment = readMoment(value, reader);
    if (isPattern(style)) return formatPattern(moment, style, reader);
    return formatDay(moment, styleOf('date', style), reader);
  }),
  time: unlessEmpty((value, [style = 'short'], reader) => {
    const moment = readMoment(value, reader);
    if (isPattern(style)) return formatPattern(moment, style, reader);
    return formatTime(moment, styleOf('time', style), reader);
  }),
  datetime: unlessEmpty((value, [day = 'medium', time = 'short'], reader) => {
    const moment = readMoment(value, reader);
    if (isPattern(day)) return formatPattern(moment, day, reader);
    return formatDayAndTime(
      moment,
      { day: styleOf('datetime', day), time: styleOf('datetime', time) },
      reader,
    );
  }),
  number: unlessEmpty((value, [decimals], reader) =>
    formatNumber(value, decimalsOf('number', decimals), reader),
  ),
  percent: unlessEmpty((value, [decimals], reader) =>
    formatPercent(value, decimalsOf('percent', decimals), reader),
  ),
  money: unlessEmpty((value, [currency], reader) => formatMoney(value, currencyOf(currency), reader)),
};

function unlessEmpty(filter: ReaderFilter): ReaderFilter {
  return (value, args, reader) =>
    value === undefined || value === null || value === '' ? '' : filter(value, args, reader);
}

function isPattern(style: unknown): style is string {
  return typeof style === 'string' && style.includes('%');
}

function styleOf(filter: string, style: unknown): DateStyle {
  if (isDateStyle(style)) return style;
  throw new InputError('template_syntax', `The filter “${filter}” was given a style it does not have.`, {
    advice: 'Use short, medium, long or full, or a pattern such as %d.%m.%Y %H:%M.',
  });
}

function decimalsOf(filter: string, decimals: unknown): number | undefined {
  if (decimals === undefined) return undefined;
  if (typeof decimals === 'number' && Number.isInteger(decimals) && decimals >= 0 && decimals <= 20)
    return decimals;
  throw new InputError('template_syntax', `The filter “${filter}” was given decimals that are no number.`, {
    advice: 'Give a whole number from 0 to 20.',
  });
}

function currencyOf(currency: unknown): string | undefined {
  if (currency === undefined || isCurrency(currency)) return currency;
  throw new InputError('template_syntax', 'The filter “money” was given something that is no currency.', {
    advice: 'Name it by its three letters: DKK.',
  });
}
