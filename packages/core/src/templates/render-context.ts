import { Context, type Liquid } from 'liquidjs';
import type { Reader } from './reader.ts';

/** A symbol, so that no template can name it. */
const READER = Symbol('reader');

/** What one part is rendered in: its own copy of the data, and for whom. */
export function contextFor(liquid: Liquid, data: object, reader: Reader): Context {
  const globals = {
    [READER]: reader,
    now: new Date(reader.now).toISOString(),
    unsubscribe: { url: reader.unsubscribeUrl },
  };
  return new Context(data, liquid.options, { globals, sync: true }, { liquid });
}

/** For whom a filter writes. */
export function readerOf(context: Context): Reader {
  const reader = (context.globals as { readonly [READER]?: Reader })[READER];
  if (reader === undefined) throw new TypeError('A filter was called outside a message.');
  return reader;
}
