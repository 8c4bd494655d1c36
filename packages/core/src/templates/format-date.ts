import { type Moment, needTimeOfDay } from './moment.ts';
import { dateFormat, type Reader } from './reader.ts';
import { Remembered } from './remembered.ts';

const STYLES = ['short', 'medium', 'long', 'full'] as const;

/** How much is written out: `27.11.2026`, `27. nov. 2026`, `27. november 2026`, `fredag den 27. november 2026`. */
export type DateStyle = (typeof STYLES)[number];

export function isDateStyle(style: unknown): style is DateStyle {
  return STYLES.some((known) => known === style);
}

const texts = new Remembered(
  (locale: string, timeZone: string, day: DateStyle | '', time: DateStyle | '') => {
    const dateStyle = day === '' ? {} : { dateStyle: day };
    const timeStyle = time === '' ? {} : { timeStyle: time };
    const format = dateFormat(locale, { ...dateStyle, ...timeStyle, timeZone });
    return (ms: number) => format.format(ms);
  },
);

/** The day, as the reader writes it. */
export function formatDay(moment: Moment, style: DateStyle, reader: Reader): string {
  return write(moment, style, '', reader);
}

/** The time of day, as the reader writes it. */
export function formatTime(moment: Moment, style: DateStyle, reader: Reader): string {
  return write(moment, '', timeStyle(moment, style), reader);
}

/** Day and time of day, as the reader writes them together. */
export function formatDayAndTime(
  moment: Moment,
  styles: { readonly day: DateStyle; readonly time: DateStyle },
  reader: Reader,
): string {
  return write(moment, styles.day, timeStyle(moment, styles.time), reader);
}

function write(moment: Moment, day: DateStyle | '', time: DateStyle | '', reader: Reader): string {
  const timeZone = moment.kind === 'instant' ? reader.timeZone : 'UTC';
  return texts.write(moment.ms, reader.locale, timeZone, day, time);
}

function timeStyle(moment: Moment, style: DateStyle): DateStyle {
  needTimeOfDay(moment);
  // Long times name the zone, and a time on the wall has none.
  const namesZone = style === 'long' || style === 'full';
  return moment.kind === 'wall' && namesZone ? 'medium' : style;
}
