import { Context, type Liquid } from 'liquidjs';
import type { PlainGroup } from './plain-data.ts';
import type { Reader } from './reader.ts';
import { Remembered } from './remembered.ts';

/** A symbol, so that no template can name it. */
const READER = Symbol('reader');

/** What every part of a message can name besides its data. */
export interface Globals {
  readonly [READER]: Reader;
  readonly now: string;
  readonly unsubscribe: { readonly url: string | undefined; readonly line: string | undefined };
}

/** Of a broadcast, every message has the same. */
const times = new Remembered(() => (now: number) => new Date(now).toISOString());

export function globalsFor(reader: Reader): Globals {
  return {
    [READER]: reader,
    now: times.write(reader.now),
    unsubscribe: { url: reader.unsubscribeUrl, line: reader.unsubscribeLine },
  };
}

/** What one part is rendered in. Liquid's counters write into `data`. */
export function contextFor(liquid: Liquid, data: PlainGroup, globals: Globals): Context {
  return new Context(data, liquid.options, { globals, sync: true }, { liquid });
}

/** For whom a filter writes. */
export function readerOf(context: Context): Reader {
  const reader = (context.globals as { readonly [READER]?: Reader })[READER];
  if (reader === undefined) throw new TypeError('A filter was called outside a message.');
  return reader;
}
